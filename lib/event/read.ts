import type { MetricPoint, MetricTag, Reading } from './event.ts'
import { isNumber, type Loose, list, number, object, readCheck, readEntity, seconds, stringMap, text } from './fields.ts'

/** One complaint of a validator: a JSON Pointer into the value, and what should have been there. */
interface Complaint {
  readonly instancePath: string
  readonly message?: string
}

/** Checks a value against `schemas/event.schema.json`; the complaints are empty when it fits. */
export type EventValidator = (value: unknown) => readonly Complaint[]

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
      entity: readEntity(entity, object(entity.metadata) ?? {}),
      check: raw_check === null ? null : readCheck(raw_check, object(raw_check.metadata) ?? {}, Infinity),
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
export function unwrapped(value: unknown): Loose | string {
  const root = object(value)
  if (root === null) return `not a Sensu event but ${kindOf(value)}`
  if (typeof root.type !== 'string' || object(root.spec) === null) return root
  if (root.type !== 'Event') return `a Sensu resource of type ${JSON.stringify(root.type).slice(0, 80)}, not an Event`
  const spec = object(root.spec) as Loose
  return object(spec.metadata) === null ? { ...spec, metadata: root.metadata } : spec
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
