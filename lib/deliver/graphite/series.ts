import type { Check, Event } from '../../event/event.ts'
import { epochSeconds } from '../../event/time.ts'
import type { SeriesName } from '../../policy/schema.ts'
import { below, safeNode, safeTagValue } from './names.ts'
import type { GraphiteOptions } from './options.ts'
import { type Sample, taggedSeries } from './sample.ts'

interface Measure {
  readonly value: number
  /** When it happened, where that is not when the check ran. */
  readonly time?: number
  /** Words of the statuses before and after. */
  readonly change?: { readonly from: string; readonly to: string }
}

type Measuring = (check: Check, event: Event, now: number) => Measure | null

const STATUS_WORDS = ['ok', 'warning', 'critical', 'unknown'] as const
const STATES = ['passing', 'failing', 'flapping']

/** What each series of the policy's `graphite.series` measures; null where the event does not tell. */
const MEASURES = {
  status: (check) => ({ value: statusCode(check.status) }),
  up: (check) => ({ value: check.status === 0 ? 1 : 0 }),
  state: (check) => (STATES.includes(check.state) ? { value: STATES.indexOf(check.state) } : null),
  transition: (check) => transitionOf(check),
  occurrences: (check) => ({ value: check.occurrences }),
  duration_seconds: (check) => (check.duration > 0 ? { value: check.duration } : null),
  // Events made through the API were never issued. The clocks are two, so a result may seem older than its request.
  latency_seconds: (check) => between(check.issued, check.executed),
  delivery_seconds: (check, event) => between(check.executed, event.timestamp, event.timestamp),
  handler_lag_seconds: (_, event, now) => between(event.timestamp, now, now),
  silenced: (check) => ({ value: check.silenced.length > 0 ? 1 : 0 }),
  flap_percent: (check) => ({ value: check.total_state_change }),
  outage_seconds: (check) => outageOf(check),
} as const satisfies Record<SeriesName, Measuring>

/** Series of the entity's way through Sensu rather than of the check; only the tagged form tells them apart. */
const OF_EVENT: readonly SeriesName[] = ['delivery_seconds', 'handler_lag_seconds']

/**
 * How the check itself does, for every event with a check. Without a tag or node for the tier: a check that
 * moves to another tier would start a new series and leave half its history behind.
 */
export function operationalSamples(event: Event, options: GraphiteOptions, now: number): Sample[] {
  const check = event.check
  if (check === null) return []
  const ran = epochSeconds(check.executed) || epochSeconds(event.timestamp) || now
  return [...new Set(options.series)].flatMap((name) => {
    const measuring: Measuring = MEASURES[name]
    const measure = measuring(check, event, now)
    if (measure === null) return []
    const series = seriesOf(name, measure, check, event, options)
    return [{ series, name, value: measure.value, time: measure.time ?? ran, undated: false }]
  })
}

function seriesOf(name: SeriesName, measure: Measure, check: Check, event: Event, options: GraphiteOptions): string {
  const { change } = measure
  if (options.format === 'path') {
    const own = [event.namespace, event.entity.name, check.name].map(safeNode).join('.')
    return below(options.prefix, `events.${own}.${name}${change ? `.${change.from}_to_${change.to}` : ''}`)
  }
  const tags = { namespace: event.namespace, entity: event.entity.name, check: check.name, ...change }
  const safe = new Map(Object.entries(tags).map(([tag, value]) => [tag, safeTagValue(value)]))
  return taggedSeries(below(options.prefix, `${OF_EVENT.includes(name) ? 'event' : 'check'}.${name}`), safe)
}

function statusCode(status: number | null): 0 | 1 | 2 | 3 {
  return status === 0 || status === 1 || status === 2 ? status : 3
}

function transitionOf(check: Check): Measure | null {
  const [from, to] = check.history.slice(-2).map((item) => STATUS_WORDS[statusCode(item.status)])
  return from !== undefined && to !== undefined && from !== to ? { value: 1, change: { from, to } } : null
}

/** On a recovery, seconds since the first failing run that the history still holds (21 runs): a lower bound. */
function outageOf(check: Check): Measure | null {
  if (check.status !== 0) return null
  let first = 0
  for (const item of check.history.slice(0, -1).reverse()) {
    if (item.status === 0) break
    first = item.executed || first
  }
  return first > 0 && check.executed > first ? { value: check.executed - first } : null
}

function between(start: number, end: number, time?: number): Measure | null {
  if (!(start > 0 && end > 0)) return null
  return { value: Math.max(end - start, 0), ...(time === undefined ? {} : { time }) }
}
