import { describe, expect, it } from 'vitest'
import { operationalSamples } from '../../../lib/deliver/graphite/series.ts'
import type { Event } from '../../../lib/event/event.ts'
import type { SeriesName } from '../../../lib/policy/schema.ts'
import { aCheck, anEvent, history, NOW, options } from './an-event.ts'

function measured(name: SeriesName, event: Event, now = NOW): [string, number, number][] {
  return operationalSamples(event, options({ series: [name] }), now).map((sample) => [
    sample.series.replace('sensu.events.default.web-1_eu.cpu.', ''),
    sample.value,
    sample.time - NOW,
  ])
}

const with_check = (changes: Parameters<typeof aCheck>[0]) => anEvent({ check: aCheck(changes) })

describe('each series', () => {
  it.each<[string, SeriesName, Event, [string, number, number][]]>([
    ['ok', 'status', with_check({ status: 0 }), [['status', 0, 0]]],
    ['critical', 'status', with_check({ status: 2 }), [['status', 2, 0]]],
    ['anything else is 3', 'status', with_check({ status: 4294967295 }), [['status', 3, 0]]],
    ['no number is 3', 'status', with_check({ status: null }), [['status', 3, 0]]],
    ['at the time of the check', 'status', with_check({ executed: NOW - 7 }), [['status', 0, -7]]],
    ['else at that of the event', 'status', anEvent({ check: aCheck({ executed: 0 }), timestamp: NOW - 3 }), [['status', 0, -3]]],
    ['else now', 'status', anEvent({ check: aCheck({ executed: 0 }), timestamp: 0 }), [['status', 0, 0]]],
    ['up', 'up', with_check({ status: 0 }), [['up', 1, 0]]],
    ['down', 'up', with_check({ status: 1 }), [['up', 0, 0]]],
    ['passing', 'state', with_check({ state: 'passing' }), [['state', 0, 0]]],
    ['failing', 'state', with_check({ state: 'failing' }), [['state', 1, 0]]],
    ['flapping', 'state', with_check({ state: 'flapping' }), [['state', 2, 0]]],
    ['made up by Sensu', 'state', with_check({ state: '' }), []],
    ['a change', 'transition', with_check({ history: history(0, 0, 2) }), [['transition.ok_to_critical', 1, 0]]],
    ['no change', 'transition', with_check({ history: history(0, 2, 2) }), []],
    ['two kinds of unknown', 'transition', with_check({ history: history(3, 127) }), []],
    ['the first run', 'transition', with_check({ history: history(2) }), []],
    ['no history', 'transition', with_check({ history: [] }), []],
    ['occurrences', 'occurrences', with_check({ occurrences: 12 }), [['occurrences', 12, 0]]],
    ['duration', 'duration_seconds', with_check({ duration: 0.5 }), [['duration_seconds', 0.5, 0]]],
    ['no duration', 'duration_seconds', with_check({ duration: 0 }), []],
    ['latency', 'latency_seconds', with_check({ issued: NOW - 4 }), [['latency_seconds', 4, 0]]],
    ['never issued', 'latency_seconds', with_check({ issued: 0 }), []],
    ['clocks apart', 'latency_seconds', with_check({ issued: NOW + 4 }), [['latency_seconds', 0, 0]]],
    [
      'delivery, when it arrived',
      'delivery_seconds',
      anEvent({ check: aCheck({ executed: NOW - 20 }), timestamp: NOW - 10 }),
      [['delivery_seconds', 10, -10]],
    ],
    ['handler lag, now', 'handler_lag_seconds', anEvent({ timestamp: NOW - 10 }), [['handler_lag_seconds', 10, 0]]],
    ['silenced', 'silenced', with_check({ silenced: ['entity:web-1:*'] }), [['silenced', 1, 0]]],
    ['not silenced', 'silenced', with_check({ silenced: [] }), [['silenced', 0, 0]]],
    ['flapping percent', 'flap_percent', with_check({ total_state_change: 34 }), [['flap_percent', 34, 0]]],
    ['a recovery', 'outage_seconds', with_check({ history: history(0, 1, 2, 0) }), [['outage_seconds', 120, 0]]],
    ['a recovery beyond the history', 'outage_seconds', with_check({ history: history(2, 2, 0) }), [['outage_seconds', 120, 0]]],
    ['no recovery', 'outage_seconds', with_check({ history: history(2, 0, 0) }), []],
    ['still failing', 'outage_seconds', with_check({ status: 2, history: history(0, 2, 2) }), []],
    ['deregistered: no past', 'outage_seconds', with_check({ history: [] }), []],
  ])('%s: %s', (_, name, event, expected) => {
    expect(measured(name, event)).toEqual(expected)
  })
})

it('writes nothing for an event without a check', () => {
  expect(operationalSamples(anEvent({ check: null, metrics: [] }), options(), NOW)).toEqual([])
})

it('names series by tags, apart for the check and for the way of its event', () => {
  const event = anEvent({ check: aCheck({ history: history(1, 0) }), timestamp: NOW })
  const samples = operationalSamples(
    event,
    options({ format: 'tagged', prefix: 'ops', series: ['up', 'transition', 'delivery_seconds'] }),
    NOW,
  )
  expect(samples.map((sample) => sample.series)).toEqual([
    'ops.check.up;check=cpu;entity=web-1.eu;namespace=default',
    'ops.check.transition;check=cpu;entity=web-1.eu;from=warning;namespace=default;to=ok',
    'ops.event.delivery_seconds;check=cpu;entity=web-1.eu;namespace=default',
  ])
})

it('takes the default four of the policy', () => {
  const event = with_check({ history: history(2, 0) })
  expect(operationalSamples(event, options(), NOW).map((sample) => sample.name)).toEqual([
    'status',
    'up',
    'transition',
    'duration_seconds',
  ])
})
