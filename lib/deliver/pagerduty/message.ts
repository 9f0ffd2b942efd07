import type { Event } from '../../event/event.ts'
import { ranAt } from '../../event/ran-at.ts'
import { isWebAddress, type Tier } from '../../event/settings.ts'
import { atLeast, type Severity } from '../../event/severity.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Policy } from '../../policy/schema.ts'
import type { Decision } from '../../triage/decision.ts'
import { labelOf } from '../../triage/match.ts'
import { instant } from '../../triage/words.ts'
import { redacted } from '../redact.ts'
import { cut, lines, oneLine } from '../text.ts'
import { dedupKey } from './dedup-key.ts'
import { type Link, type Payload, type Resolve, SUMMARY_UNITS, type Trigger } from './schema.ts'

/** A request without its key, which is put in only at the moment of sending. */
export type Body = Omit<Trigger, 'routing_key'> | Omit<Resolve, 'routing_key'>

export interface MessageContext {
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
  readonly policy: Policy
}

const OUTPUT_UNITS = 16_384
const MAX_LINKS = 20

/** The body that opens (or refreshes) the alert at a tier. */
export function triggerBody(context: MessageContext, tier: Tier): Omit<Trigger, 'routing_key'> {
  const { event, facts, policy } = context
  const url = eventUrl(facts, policy)
  const links = linksOf(event, facts, policy)
  return {
    event_action: 'trigger',
    dedup_key: dedupKey(facts.identity),
    payload: {
      ...payload(context, atLeast(facts.severity, policy.tiers[tier].severity_floor)),
      custom_details: details(context, tier),
    },
    client: policy.pagerduty.client_name,
    ...(url === null ? {} : { client_url: url }),
    ...(links.length === 0 ? {} : { links }),
  }
}

/**
 * The body that closes the alert. It carries the payload too: where a ruleset routes by content, a bare resolve
 * would land on another service than the trigger did.
 */
export function resolveBody(context: MessageContext): Omit<Resolve, 'routing_key'> {
  const { facts } = context
  return { event_action: 'resolve', dedup_key: dedupKey(facts.identity), payload: payload(context, facts.severity) }
}

/** The body that closes what another has opened. */
export function resolveOf(body: Body): Omit<Resolve, 'routing_key'> {
  if (body.event_action === 'resolve') return body
  const { custom_details: _, ...rest } = body.payload
  return { event_action: 'resolve', dedup_key: body.dedup_key, payload: rest }
}

/** What PagerDuty needs and nothing else, for when it refused a field of the whole body. */
export function minimalBody<B extends Body>(body: B): B {
  const { summary, source, severity } = body.payload ?? { summary: 'resolved', source: 'sensu', severity: 'info' as const }
  return { event_action: body.event_action, dedup_key: body.dedup_key, payload: { summary, source, severity } } as B
}

function payload(context: MessageContext, severity: Severity): Payload {
  const { event, facts, policy } = context
  const group = policy.groups.labels.map((name) => labelOf(event, name)).find((value) => value)
  const time = ranAt(event)
  return {
    summary: summary(context),
    source: cut(oneLine(facts.entity), 255) || facts.identity,
    severity,
    ...(time > 0 && time < 253_402_300_800 ? { timestamp: instant(time) } : {}),
    ...(facts.check === '' ? {} : { component: cut(oneLine(facts.check), 255) }),
    ...(group ? { group: cut(oneLine(group), 255) } : {}),
    class: facts.class,
  }
}

/** What stands on the phone: the check, the machine, its state, and the first line of its output. */
function summary(context: MessageContext): string {
  const { facts } = context
  const state = facts.grade === 'broken' ? `status ${facts.status ?? 'unknown'}` : facts.grade
  const head = facts.class === 'keepalive' ? `${facts.entity} is silent` : `${facts.check} on ${facts.entity} is ${state}`
  const output = oneLine(outputOf(context, SUMMARY_UNITS).trim().split('\n')[0] ?? '')
  return cut(oneLine(output === '' ? head : `${head}: ${output}`), SUMMARY_UNITS)
}

/** The start of the output: it may be 20 MB, and cleaning all of that would take seconds. */
function outputOf({ event }: MessageContext, units: number): string {
  return (event.check?.output ?? '').slice(0, 2 * units)
}

/** An allow-list: what helps at 2 a.m., and never the command or the environment of the check. */
function details(context: MessageContext, tier: Tier): Record<string, unknown> {
  const { event, facts, decision } = context
  const check = event.check
  const labels = redacted({ ...event.entity.labels, ...check?.labels })
  const runbook = facts.settings.runbook
  const warnings = facts.problems
  return {
    tier,
    reason: decision.reason,
    why: decision.says,
    ...(runbook === null ? {} : { runbook }),
    output: cut(lines(outputOf(context, OUTPUT_UNITS)), OUTPUT_UNITS),
    namespace: facts.namespace,
    entity: facts.entity,
    check: facts.check,
    class: facts.class,
    status: facts.status,
    failing_for_seconds: facts.failing_for,
    ...(check && check.last_ok > 0 ? { last_ok: instant(check.last_ok) } : {}),
    occurrences: check?.occurrences ?? 0,
    identity: facts.identity,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map((warning) => cut(oneLine(warning), 500)) }),
  }
}

function linksOf(event: Event, facts: Facts, policy: Policy): Link[] {
  const { runbook } = facts.settings
  const links: Link[] = runbook === null || !URL.canParse(runbook) ? [] : [{ href: runbook, text: 'Runbook' }]
  if (!policy.pagerduty.link_annotations) return links
  const annotations = { ...event.entity.annotations, ...event.check?.annotations, ...event.annotations }
  const found = Object.keys(annotations)
    .sort()
    .map((name) => ({ href: annotations[name]?.trim() ?? '', text: cut(oneLine(name), 255) }))
    .filter(({ href }) => href !== runbook && href.length <= 2048 && isWebAddress(href) && URL.canParse(href))
  return links.concat(found).slice(0, MAX_LINKS)
}

/** The event in Sensu's web UI. */
function eventUrl(facts: Facts, policy: Policy): string | null {
  const base = policy.pagerduty.sensu_base_url
  if (base === undefined) return null
  const path = ['c', '~', 'n', facts.namespace, 'events', facts.entity, facts.check].map((part) =>
    encodeURIComponent(part.toWellFormed()),
  )
  return `${base.replace(/\/+$/, '')}/${path.join('/')}`
}
