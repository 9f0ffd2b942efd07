import type { Check, Entity, HistoryItem, MetricPoint, MetricTag, Reading, StringMap } from './event.ts'
import { epochSeconds } from './time.ts'

/** One complaint of a validator: a JSON Pointer into the value, and what should have been there. */
interface Complaint {
  readonly instancePath: string
  readonly message?: string
}

/** Checks a value against `schemas/event.schema.json`; the complaints are empty when it fits. */
export type EventValidator = (value: unknown) => readonly Complaint[]

type Loose = Readonly<Record<string, unknown>>

const MAX_PROBLEMS = 5

/**
 * Reads one JSON value as a Sensu event. Never throws. Only what leaves no identity is refused: no entity
 * name, or neither a check with a name nor metrics. Anything else that has the wrong type counts as absent
 * and is named in `problems`, because a page with a blemish beats no page.
 */
export function readEvent(value: unknown, validate: EventValidator): Reading {
  const root = unwrapped(value)
  if (typeof root === 'string') return refusal(root)
  const entity = object(root.entity)
  if (entity === null) return refusal(`no entity: a Sensu event needs entity.metadata.name${found(root)}`)
  const entity_name = text(object(entity.metadata)?.name)
  if (isBlank(entity_name)) return refusal('entity.metadata.name is missing or empty: the event cannot be told from others')
  const raw_check = object(root.check)
  if (raw_check === null && root.check !== undefined && root.check !== null) {
    return refusal(`check is ${kindOf(root.check)} and not an object: nobody can tell how ${entity_name} does`)
  }
  const raw_metrics = object(root.metrics)
  if (raw_check === null && raw_metrics === null) {
    return refusal(`neither check nor metrics: there is nothing to decide about ${entity_name}${found(root)}`)
  }
  const check_name = raw_check === null ? '' : text(object(raw_check.metadata)?.name)
  if (raw_check !== null && isBlank(check_name)) {
    return refusal(`check.metadata.name is missing or empty: which check of ${entity_name} is it?`)
  }
  const metadata = object(root.metadata)
  const namespace =
    text(metadata?.namespace) || text(object(entity.metadata)?.namespace) || text(object(raw_check?.metadata)?.namespace)
  return {
    event: {
      namespace: namespace || 'default',
      entity: readEntity(entity, entity_name),
      check: raw_check === null ? null : readCheck(raw_check, check_name),
      metrics: raw_metrics === null ? null : list(raw_metrics.points).map(readPoint),
      labels: stringMap(metadata?.labels),
      annotations: stringMap(metadata?.annotations),
      timestamp: seconds(root.timestamp),
      sequence: number(root.sequence),
      problems: problemsOf(validate(root)),
    },
  }
}

/** The event inside `{"type": "Event", "spec": {...}}` as sensuctl prints it, or a bare event; a text is a refusal. */
function unwrapped(value: unknown): Loose | string {
  const root = object(value)
  if (root === null) return `not a Sensu event but ${kindOf(value)}`
  if (typeof root.type !== 'string' || object(root.spec) === null) return root
  if (root.type !== 'Event') return `a Sensu resource of type ${JSON.stringify(root.type).slice(0, 80)}, not an Event`
  const spec = object(root.spec) as Loose
  return object(spec.metadata) === null ? { ...spec, metadata: root.metadata } : spec
}

function readEntity(raw: Loose, name: string): Entity {
  const metadata = object(raw.metadata)
  return {
    name,
    entity_class: text(raw.entity_class),
    labels: stringMap(metadata?.labels),
    annotations: stringMap(metadata?.annotations),
  }
}

function readCheck(raw: Loose, name: string): Check {
  const metadata = object(raw.metadata)
  return {
    name,
    status: status(raw.status),
    output: text(raw.output),
    state: text(raw.state),
    history: list(raw.history).map(readHistoryItem),
    executed: seconds(raw.executed),
    issued: seconds(raw.issued),
    last_ok: seconds(raw.last_ok),
    interval: number(raw.interval),
    ttl: number(raw.ttl),
    duration: number(raw.duration),
    occurrences: number(raw.occurrences),
    total_state_change: number(raw.total_state_change),
    silenced: list(raw.silenced).filter((name): name is string => typeof name === 'string' && name !== ''),
    processed_by: text(raw.processed_by),
    proxy_entity_name: text(raw.proxy_entity_name),
    labels: stringMap(metadata?.labels),
    annotations: stringMap(metadata?.annotations),
  }
}

function readHistoryItem(value: unknown): HistoryItem {
  const raw = object(value)
  // An item that cannot be read counts as failing: only a known OK may end an incident.
  return { status: raw === null ? 1 : (status(raw.status) ?? 1), executed: seconds(raw?.executed) }
}

function readPoint(value: unknown): MetricPoint {
  const raw = object(value)
  return {
    name: text(raw?.name),
    value: isNumber(raw?.value) ? raw.value : Number.NaN,
    timestamp: number(raw?.timestamp),
    tags: list(raw?.tags).map(readTag),
  }
}

function readTag(value: unknown): MetricTag {
  const raw = object(value)
  return { name: text(raw?.name), value: text(raw?.value) }
}

/** Go reads an absent or null status as 0, and so do we; text or a fraction is unknown. */
function status(value: unknown): number | null {
  if (value === undefined || value === null) return 0
  return isNumber(value) && Math.floor(value) === value ? value : null
}

function object(value: unknown): Loose | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number {
  return isNumber(value) ? value : 0
}

/** JSON can write numbers that no double holds, such as 1e400. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value > -Infinity && value < Infinity
}

function seconds(value: unknown): number {
  return epochSeconds(number(value))
}

function stringMap(value: unknown): StringMap {
  const raw = object(value)
  // Without a prototype, so that a label called "constructor" or "__proto__" is a label and nothing else.
  const map: Record<string, string> = Object.create(null)
  if (raw === null) return map
  for (const key of Object.keys(raw)) {
    const entry = raw[key]
    if (typeof entry === 'string') map[key] = entry
    else if (typeof entry === 'number' || typeof entry === 'boolean') map[key] = String(entry)
  }
  return map
}

function problemsOf(complaints: readonly Complaint[]): string[] {
  const lines = complaints
    .slice(0, MAX_PROBLEMS)
    .map(({ instancePath, message }) =>
      oneLine(
        `${instancePath.slice(1).replace(/\//g, '.') || 'event'} ${(message ?? 'is wrong').replace(/,null$/, '')}, which is not what Sensu sends`,
      ),
    )
  const more = complaints.length - MAX_PROBLEMS
  return more > 0 ? lines.concat(`${more} more fields of the event have a wrong type`) : lines
}

function refusal(says: string): Reading {
  return { refused: oneLine(says) }
}

function isBlank(name: string): boolean {
  return name.trim() === ''
}

/** What the event itself brought into a message must not break the line, nor fill the screen. */
function oneLine(says: string): string {
  return says.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').slice(0, 400)
}

function found(root: Loose): string {
  const keys = Object.keys(root).slice(0, 6)
  return keys.length === 0 ? ' (it is an empty object)' : ` (found ${keys.join(', ').slice(0, 120)})`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return `a ${typeof value}`
}
