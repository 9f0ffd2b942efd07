/**
 * What Go's zero values put where an event says nothing: a filter finds every key of Sensu's types, empty or 0, but for
 * objects that are not there. Source: sensu/core v2 `event.proto`, `check.proto`, `entity.proto`.
 */

export const METADATA = { name: '', namespace: '', labels: {}, annotations: {}, created_by: '' } as const

export const EVENT = { timestamp: 0, sequence: 0, id: [], pipelines: [] } as const

export const ENTITY = {
  ...{ entity_class: '', last_seen: 0, subscriptions: [], deregister: false, deregistration: { handler: '' } },
  ...{ user: '', redact: [], keepalive_handlers: [], sensu_agent_version: '' },
} as const

export const SYSTEM = {
  ...{ hostname: '', os: '', platform: '', platform_family: '', platform_version: '', arch: '', arm_version: 0 },
  ...{ float_type: '', libc_type: '', vm_system: '', vm_role: '', cloud_provider: '', processes: [] },
  network: { interfaces: [] },
} as const

export const CHECK = {
  ...{ status: 0, output: '', state: '', command: '', history: [], executed: 0, issued: 0, last_ok: 0, duration: 0 },
  ...{ interval: 0, cron: '', timeout: 0, ttl: 0, occurrences: 0, occurrences_watermark: 0, total_state_change: 0 },
  ...{ low_flap_threshold: 0, high_flap_threshold: 0, silenced: [], is_silenced: false, processed_by: '', scheduler: '' },
  ...{ proxy_entity_name: '', handlers: [], pipelines: [], subscriptions: [], runtime_assets: [], secrets: [] },
  ...{ hooks: [], check_hooks: [], publish: false, stdin: false, round_robin: false, env_vars: [], subdues: [] },
  ...{ max_output_size: 0, discard_output: false, output_metric_format: '', output_metric_handlers: [] },
  ...{ output_metric_tags: [], output_metric_thresholds: [] },
} as const
