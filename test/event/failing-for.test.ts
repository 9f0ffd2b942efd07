import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckClass } from '../../lib/event/classify.ts'
import { failingFor } from '../../lib/event/failing-for.ts'
import { aCheck } from '../support/event.ts'

const NOW = 1_777_972_901

/** `2@-60` is status 2, a minute ago. */
const past = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((item) => {
      const [status, ago] = item.split('@')
      return { status: Number(status), executed: ago === '?' ? 0 : NOW + Number(ago) }
    })

describe('failingFor', () => {
  it.each<[string, CheckClass, string, Parameters<typeof aCheck>[0], number]>([
    ['the first failure', 'service', '0@-60 2@0', {}, 0],
    ['two failures', 'service', '0@-120 2@-60 2@0', {}, 60],
    ['warnings count', 'service', '0@-180 1@-120 1@-60 2@0', {}, 120],
    ['only since the last OK', 'service', '2@-240 0@-180 2@-120 0@-60 2@0', {}, 0],
    ['no OK in the history: since the last OK known', 'service', '2@-120 2@-60 2@0', { last_ok: NOW - 5000 }, 5000],
    ['never OK: since the oldest failure', 'service', '2@-120 2@-60 2@0', {}, 120],
    ['an OK now', 'service', '2@-60 0@0', { status: 0 }, 0],
    ['a status that is no number', 'service', '0@-120 2@-60 2@0', { status: null }, 60],
    ['no history', 'service', '', {}, 0],
    ['no history, but a last OK', 'service', '', { last_ok: NOW - 300 }, 300],
    ['items without a time', 'service', '0@-180 2@? 2@-60 2@0', {}, 60],
    ['no time of its own: that of the last item', 'service', '0@-120 2@-60 2@0', { executed: 0 }, 60],
    ['no time at all', 'service', '2@?', { executed: 0 }, 0],
    ['a history in the future', 'service', '0@60 2@120', {}, 0],
    ['a last OK in the future', 'service', '2@-60 2@0', { last_ok: NOW + 60 }, 60],
    ['a lost keepalive: since the last sign of life', 'keepalive', '0@-140 0@-120 1@0', { last_ok: NOW - 120 }, 120],
    ['a keepalive whose last sign of life is in the future', 'keepalive', '0@-120 1@0', { last_ok: NOW + 60 }, 0],
    ['a keepalive that never came', 'keepalive', '1@-120 1@0', {}, 120],
    ['a TTL: since the last run', 'ttl', '0@-900 1@0', { last_ok: NOW - 900 }, 900],
    [
      'flapping: since Sensu last called it OK',
      'service',
      '0@-600 2@-120 0@-60 2@0',
      { state: 'flapping', last_ok: NOW - 600 },
      600,
    ],
    ['the first keepalive failure of a check class', 'service', '0@-120 1@0', { last_ok: NOW - 120 }, 0],
  ])('%s', (_, check_class, history, change, expected) => {
    expect(failingFor(aCheck({ executed: NOW, history: past(history), ...change }), check_class, NOW)).toBe(expected)
  })

  it.each<[string, number, number]>([
    ['later, and nothing newer came', NOW + 30, 90],
    ['on a clock that is behind that of the agent', NOW - 30, 60],
    ['long before', 0, 60],
  ])('decided %s', (_, now, expected) => {
    expect(failingFor(aCheck({ executed: NOW, history: past('0@-120 2@-60 2@0') }), 'service', now)).toBe(expected)
  })

  it('decided later, a check that is OK still does not fail', () => {
    expect(failingFor(aCheck({ status: 0, executed: NOW, history: past('2@-60 0@0') }), 'service', NOW + 30)).toBe(0)
  })

  it('is never negative, never NaN and never longer than since 1970', () => {
    const time = fc.oneof(fc.nat(), fc.integer({ min: NOW - 5000, max: NOW + 5000 }), fc.constant(0))
    const item = fc.record({ status: fc.constantFrom(0, 1, 2, 127), executed: time })
    fc.assert(
      fc.property(
        fc.record({
          status: fc.constantFrom(null, 0, 1, 2),
          executed: time,
          last_ok: time,
          history: fc.array(item, { maxLength: 21 }),
        }),
        fc.constantFrom<CheckClass[]>('service', 'keepalive', 'ttl', 'load'),
        time,
        (change, check_class, now) => {
          const seconds = failingFor(aCheck(change), check_class, now)
          expect(seconds).toBeGreaterThanOrEqual(0)
          const last = change.history.at(-1)?.executed ?? 0
          expect(seconds).toBeLessThanOrEqual(Math.max(now, change.executed, last))
        },
      ),
    )
  })

  it('grows with the clock while nothing else changes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), (one, more) => {
        const history = past('0@-120 2@-60')
        const at = (executed: number, now = executed) =>
          failingFor(aCheck({ executed, history: [...history, { status: 2, executed }] }), 'service', now)
        expect(at(NOW + one + more)).toBe(at(NOW + one) + more)
        // A hold is decided again when nothing newer came: then only the moment has moved on.
        expect(at(NOW, NOW + one)).toBe(at(NOW) + one)
        // An agent whose clock is ahead does not make it younger.
        expect(at(NOW, NOW - one)).toBe(at(NOW))
      }),
    )
  })
})
