import type { Check, Entity, Event } from '../../lib/event/event.ts'
import { readEvent } from '../../lib/event/read.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import { assess } from '../../lib/facts/assess.ts'
import { type Facts, NOTHING_KNOWN, type Outside } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import type { Policy } from '../../lib/policy/schema.ts'
import { decide } from '../../lib/triage/decide.ts'
import type { Decision } from '../../lib/triage/decision.ts'

/** Dull values for everything, so that a row of a table shows only what matters to it. */
export function aCheck(change: Partial<Check> = {}): Check {
  return {
    name: 'http-healthz',
    status: 2,
    output: 'HTTP CRITICAL: 503',
    state: 'failing',
    history: [],
    executed: 1_777_972_901,
    issued: 1_777_972_901,
    last_ok: 0,
    ttl: 0,
    duration: 0.1,
    occurrences: 1,
    total_state_change: 0,
    silenced: [],
    processed_by: 'web-03',
    labels: {},
    annotations: {},
    ...change,
  }
}

export function anEntity(change: Partial<Entity> = {}): Entity {
  return { name: 'web-03', entity_class: 'agent', labels: {}, annotations: {}, ...change }
}

export function anEvent(change: Partial<Event> = {}): Event {
  return {
    namespace: 'prod',
    entity: anEntity(),
    check: aCheck(),
    metrics: null,
    labels: {},
    annotations: {},
    timestamp: 1_777_972_902,
    sequence: 1,
    problems: [],
    ...change,
  }
}

/** When the check of `rawEvent` ran, seconds since 1970. */
export const EXECUTED = 1_777_972_901

type Json = { readonly [key: string]: unknown }

/** A dull event as Sensu sends it: a check that passes on web-01, and did before. Objects of `change` merge into it, all else replaces. */
export function rawEvent(change: Json = {}): Json {
  const boring = {
    timestamp: EXECUTED + 1,
    sequence: 7,
    metadata: { namespace: 'prod' },
    entity: { entity_class: 'agent', metadata: { name: 'web-01', namespace: 'prod', labels: {}, annotations: {} } },
    check: {
      metadata: { name: 'http', namespace: 'prod', labels: {}, annotations: {} },
      status: 0,
      output: 'HTTP OK',
      state: 'passing',
      history: [
        { status: 0, executed: EXECUTED - 60 },
        { status: 0, executed: EXECUTED },
      ],
      executed: EXECUTED,
      issued: EXECUTED,
      last_ok: EXECUTED,
      interval: 60,
      occurrences: 40,
      processed_by: 'web-01',
    },
  }
  return merged(boring, change) as Json
}

/** The same check, critical for ten minutes. */
export function failingEvent(change: Json = {}): Json {
  const history = Array.from({ length: 11 }, (_, index) => ({
    status: index === 0 ? 0 : 2,
    executed: EXECUTED - 600 + 60 * index,
  }))
  const failing = { status: 2, output: 'HTTP CRITICAL: 503', state: 'failing', history, last_ok: EXECUTED - 600, occurrences: 10 }
  return merged(rawEvent({ check: failing }), change) as Json
}

export interface Story {
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
  readonly policy: Policy
}

/** Everything that is made of an event as Sensu sends it, decided a second after its check ran. */
export function storyOf(raw: unknown, policy: Policy = DEFAULT_POLICY, outside: Partial<Outside> = {}): Story {
  const reading = readEvent(raw, validateEvent)
  if ('refused' in reading) throw new Error(`the event is refused: ${reading.refused}`)
  const { event } = reading
  const facts = assess(event, policy, EXECUTED + 1, { ...NOTHING_KNOWN, ...outside })
  return { event, facts, decision: decide(facts), policy }
}

function merged(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change
  const both = Object.entries(change).map(([key, value]) => [key, key in base ? merged(base[key], value) : value])
  return { ...base, ...Object.fromEntries(both) }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
