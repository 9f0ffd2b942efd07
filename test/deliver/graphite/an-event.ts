import fc from 'fast-check'
import type { GraphiteOptions } from '../../../lib/deliver/graphite/lines.ts'
import type { Check, Event, HistoryItem, MetricPoint } from '../../../lib/event/event.ts'
import { Policy } from '../../../lib/policy/schema.ts'
import { SERIES } from '../../../lib/policy/sections/graphite.ts'

export const NOW = 1_790_000_000

/** The policy's own defaults, so that a test shows only where it differs. */
export function options(changes: Partial<GraphiteOptions> = {}): GraphiteOptions {
  return { ...Policy.parse({}).graphite, ...changes }
}

export function aPoint(changes: Partial<MetricPoint> & { readonly of?: Readonly<Record<string, string>> } = {}): MetricPoint {
  const { of = {}, ...rest } = changes
  const tags = Object.entries(of).map(([name, value]) => ({ name, value }))
  return { name: 'load', value: 1.5, timestamp: NOW, tags, ...rest }
}

export function aCheck(changes: Partial<Check> = {}): Check {
  return {
    name: 'cpu',
    status: 0,
    output: '',
    state: 'passing',
    history: [],
    executed: NOW,
    issued: NOW,
    last_ok: NOW,
    ttl: 0,
    duration: 0.25,
    occurrences: 1,
    total_state_change: 0,
    silenced: [],
    processed_by: 'web-1',
    labels: {},
    annotations: {},
    ...changes,
  }
}

export function anEvent(changes: Partial<Event> & { readonly entity_name?: string } = {}): Event {
  const { entity_name = 'web-1.eu', ...rest } = changes
  return {
    namespace: 'default',
    entity: { name: entity_name, entity_class: 'agent', labels: {}, annotations: {} },
    check: aCheck(),
    metrics: null,
    labels: {},
    annotations: {},
    timestamp: NOW,
    sequence: 1,
    problems: [],
    ...rest,
  }
}

export function history(...statuses: number[]): HistoryItem[] {
  return statuses.map((status, index) => ({ status, executed: NOW - 60 * (statuses.length - 1 - index) }))
}

/** Text as an attacker would write it: any Unicode, with what carbon stumbles over made likely. */
export const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('.', ';', '=', '{', '}', '"', ',', ' ', '\n', '\r', '\u2028', '/', '~', '\\', 'a', '\ud800'),
    maxLength: 40,
  }),
  fc.string({ unit: 'binary', minLength: 150, maxLength: 1500 }),
)

const nastyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NOW, NOW * 1e3, NOW * 1e6, NOW * 1e9, 0, -1, 4294967296))

const nastyPoint = fc.record({
  name: nastyText,
  value: fc.double(),
  timestamp: nastyNumber,
  tags: fc.array(fc.record({ name: fc.oneof(nastyText, fc.constantFrom('name', 'entity', 'check')), value: nastyText }), {
    maxLength: 30,
  }),
})

export const nastyEvent: fc.Arbitrary<Event> = fc
  .record({
    namespace: nastyText,
    entity_name: nastyText,
    metrics: fc.array(nastyPoint, { maxLength: 8 }),
    timestamp: fc.constantFrom(0, NOW, NOW - 5),
    check: fc.option(
      fc.record({
        name: nastyText,
        status: fc.option(nastyNumber),
        executed: nastyNumber,
        duration: fc.double(),
        total_state_change: fc.double(),
      }),
    ),
  })
  .map(({ check, ...rest }) =>
    anEvent({ ...rest, check: check && aCheck({ ...check, issued: NOW - 1, history: history(2, 0), silenced: ['entity:x:*'] }) }),
  )

export const anyOptions: fc.Arbitrary<GraphiteOptions> = fc
  .record({
    format: fc.constantFrom('path' as const, 'tagged' as const),
    prefix: fc.constantFrom('sensu', '', 'a.b-c'),
    path_template: fc.constantFrom('{namespace}.{entity}.{check}.{point}', '{point}', '{entity}.x{point}.{point}', '..{point} é'),
    max_age: fc.constantFrom(0, 604_800),
    drop_tags: fc.constantFrom<string[]>([], ['prom_*', 'a']),
  })
  .map((changes) =>
    options({
      ...changes,
      series: [...SERIES],
    }),
  )
