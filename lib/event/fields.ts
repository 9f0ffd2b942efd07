import type { Check, Entity, HistoryItem, StringMap } from './event.ts'
import { epochSeconds } from './time.ts'

/** A JSON object whose values may be anything. */
export type Loose = Readonly<Record<string, unknown>>

/** `metadata` is where name, labels and annotations stand: the resource itself in the form that filters see. */
export function readEntity(raw: Loose, metadata: Loose): Entity {
  return {
    name: text(metadata.name),
    entity_class: text(raw.entity_class),
    labels: stringMap(metadata.labels),
    annotations: stringMap(metadata.annotations),
  }
}

/** Of the history only the last `items`: a filter pays for every one that it reads. */
export function readCheck(raw: Loose, metadata: Loose, items: number): Check {
  return {
    name: text(metadata.name),
    status: status(raw.status),
    output: text(raw.output),
    state: text(raw.state),
    history: readHistory(list(raw.history), items),
    executed: seconds(raw.executed),
    issued: seconds(raw.issued),
    last_ok: seconds(raw.last_ok),
    ttl: number(raw.ttl),
    duration: number(raw.duration),
    occurrences: number(raw.occurrences),
    total_state_change: number(raw.total_state_change),
    silenced: list(raw.silenced).filter((name): name is string => typeof name === 'string' && name !== ''),
    processed_by: text(raw.processed_by),
    labels: stringMap(metadata.labels),
    annotations: stringMap(metadata.annotations),
  }
}

function readHistory(raw: readonly unknown[], items: number): HistoryItem[] {
  const history: HistoryItem[] = []
  for (let i = Math.max(0, raw.length - items); i < raw.length; i++) history.push(readHistoryItem(raw[i]))
  return history
}

function readHistoryItem(value: unknown): HistoryItem {
  const raw = object(value)
  // An item that cannot be read counts as failing: only a known OK may end an incident.
  return { status: raw === null ? 1 : (status(raw.status) ?? 1), executed: seconds(raw?.executed) }
}

/** Go reads an absent or null status as 0, and so do we; text or a fraction is unknown. */
function status(value: unknown): number | null {
  if (value === undefined || value === null) return 0
  return isNumber(value) && Math.floor(value) === value ? value : null
}

export function object(value: unknown): Loose | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function number(value: unknown): number {
  return isNumber(value) ? value : 0
}

/** JSON can write numbers that no double holds, such as 1e400. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value > -Infinity && value < Infinity
}

export function seconds(value: unknown): number {
  return epochSeconds(number(value))
}

export function stringMap(value: unknown): StringMap {
  const raw = object(value)
  // Without a prototype, so that a label called "constructor" or "__proto__" is a label and nothing else.
  const map: Record<string, string> = Object.create(null)
  if (raw === null) return map
  Object.keys(raw).forEach((key) => {
    const entry = raw[key]
    if (typeof entry === 'string') map[key] = entry
    else if (typeof entry === 'number' || typeof entry === 'boolean') map[key] = String(entry)
  })
  return map
}
