import * as z from 'zod'

/**
 * The fields of a Sensu event that Tierline reads, as they travel: tolerant of every absence, since Sensu
 * leaves empty things out, sends null for empty lists and adds fields with each release.
 * `schemas/event.schema.json` is generated from this, and the validator is compiled from that file.
 * Source: sensu/core v2 `event.proto`, `check.proto`, `entity.proto`, `metrics.proto`.
 */
const text = z.string().nullish()
const number = z.number().nullish()
const string_map = z.record(z.string(), z.string()).nullish()

const Metadata = z.looseObject({ name: text, namespace: text, labels: string_map, annotations: string_map }).nullish()

const HistoryItem = z.looseObject({ status: number, executed: number })

const Check = z.looseObject({
  metadata: Metadata,
  status: number,
  output: text,
  state: text,
  history: z.array(HistoryItem).nullish(),
  executed: number,
  issued: number,
  last_ok: number,
  interval: number,
  ttl: number,
  duration: number,
  occurrences: number,
  total_state_change: number,
  silenced: z.array(z.string()).nullish(),
  processed_by: text,
  proxy_entity_name: text,
})

const Entity = z.looseObject({ metadata: Metadata, entity_class: text })

const MetricTag = z.looseObject({ name: text, value: text })

const MetricPoint = z.looseObject({
  name: text,
  value: number,
  timestamp: number,
  tags: z.array(MetricTag).nullish(),
})

const Metrics = z.looseObject({ points: z.array(MetricPoint).nullish() })

export const SensuEvent = z
  .looseObject({
    timestamp: number,
    sequence: number,
    metadata: Metadata,
    entity: Entity,
    check: Check.nullish(),
    metrics: Metrics.nullish(),
  })
  .meta({ title: 'A Sensu Go event, as Tierline reads it' })
