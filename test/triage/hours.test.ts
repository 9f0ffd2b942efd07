import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hours, inHours, minutesOf, nextOpening, WEEKDAYS, type Window } from '../../lib/triage/hours.ts'
import { ambiguous, dayBefore, INSTANTS, wallClock, weekdayOf, ZONES } from '../support/wall-clock.ts'

const ALL = [...WEEKDAYS]
const WORK = ['mon', 'tue', 'wed', 'thu', 'fri'] as const

const amsterdam = (from: string, to: string, days: Window['days'] = ALL, holidays: string[] = []): Hours => ({
  zone: 'Europe/Amsterdam',
  windows: [{ days, from, to }],
  holidays,
})

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z'))

describe('inHours', () => {
  it.each<[string, Hours | null, string, string]>([
    ['no hours', null, '2026-05-05T03:00:00Z', 'in'],
    ['the first minute', amsterdam('09:00', '18:00', WORK), '2026-05-05T09:00:00+02:00', 'in'],
    ['the second before', amsterdam('09:00', '18:00', WORK), '2026-05-05T08:59:59+02:00', 'out'],
    ['the last second', amsterdam('09:00', '18:00', WORK), '2026-05-05T17:59:59+02:00', 'in'],
    ['the end', amsterdam('09:00', '18:00', WORK), '2026-05-05T18:00:00+02:00', 'out'],
    ['a Saturday', amsterdam('09:00', '18:00', WORK), '2026-05-09T12:00:00+02:00', 'out'],
    ['a holiday', amsterdam('09:00', '18:00', WORK, ['2026-05-05']), '2026-05-05T12:00:00+02:00', 'out'],
    ['the weekday of the team', amsterdam('00:00', '24:00', ['mon']), '2026-05-03T22:30:00Z', 'in'],
    ['the weekday of the team, at the end', amsterdam('00:00', '24:00', ['mon']), '2026-05-04T22:00:00Z', 'out'],
    ['overnight, the evening', amsterdam('22:00', '07:00', ['fri']), '2026-05-08T23:00:00+02:00', 'in'],
    ['overnight, the morning after', amsterdam('22:00', '07:00', ['fri']), '2026-05-09T06:59:00+02:00', 'in'],
    ['overnight, the end', amsterdam('22:00', '07:00', ['fri']), '2026-05-09T07:00:00+02:00', 'out'],
    ['overnight, the morning before', amsterdam('22:00', '07:00', ['fri']), '2026-05-08T06:00:00+02:00', 'out'],
    ['overnight to midnight', amsterdam('22:00', '00:00', ['fri']), '2026-05-08T23:59:00+02:00', 'in'],
    ['overnight to midnight, and no further', amsterdam('22:00', '00:00', ['fri']), '2026-05-09T00:00:00+02:00', 'out'],
    [
      'the morning of a holiday after a shift',
      amsterdam('22:00', '07:00', ALL, ['2026-05-09']),
      '2026-05-09T06:00:00+02:00',
      'in',
    ],
    ['the morning after a holiday', amsterdam('22:00', '07:00', ALL, ['2026-05-09']), '2026-05-10T06:00:00+02:00', 'out'],
    [
      'either of two windows',
      {
        ...amsterdam('09:00', '12:00'),
        windows: [
          { days: ALL, from: '09:00', to: '12:00' },
          { days: ALL, from: '13:00', to: '17:00' },
        ],
      },
      '2026-05-05T13:30:00+02:00',
      'in',
    ],
    [
      'between the two',
      {
        ...amsterdam('09:00', '12:00'),
        windows: [
          { days: ALL, from: '09:00', to: '12:00' },
          { days: ALL, from: '13:00', to: '17:00' },
        ],
      },
      '2026-05-05T12:30:00+02:00',
      'out',
    ],
    ['a zone that there is not', { ...amsterdam('09:00', '18:00'), zone: 'Europe/Atlantis' }, '2026-05-05T12:00:00Z', 'unknown'],
  ])('%s', (_, hours, instant, expected) => {
    expect(inHours(hours, Date.parse(instant))).toBe(expected)
  })

  it('does not know at a time that no calendar has', () => {
    expect(inHours(amsterdam('09:00', '18:00'), 9e15)).toBe('unknown')
  })

  it('agrees with an oracle built on Intl', () => {
    fc.assert(
      fc.property(someHours, INSTANTS, (hours, instant) => {
        fc.pre(!ambiguous(hours.zone, instant))
        expect(inHours(hours, instant)).toBe(oracle(hours, instant) ? 'in' : 'out')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('nextOpening', () => {
  it.each<[string, Hours, string, string | null]>([
    ['the same morning', amsterdam('09:00', '18:00', WORK), '2026-05-05T03:00:00+02:00', '2026-05-05T07:00:00Z'],
    ['the next morning', amsterdam('09:00', '18:00', WORK), '2026-05-05T18:00:00+02:00', '2026-05-06T07:00:00Z'],
    ['over the weekend', amsterdam('09:00', '18:00', WORK), '2026-05-08T18:00:00+02:00', '2026-05-11T07:00:00Z'],
    ['over a holiday', amsterdam('09:00', '18:00', WORK, ['2026-05-11']), '2026-05-08T18:00:00+02:00', '2026-05-12T07:00:00Z'],
    ['at the opening: the next one', amsterdam('09:00', '18:00', WORK), '2026-05-05T09:00:00+02:00', '2026-05-06T07:00:00Z'],
    [
      'over the new year',
      amsterdam('09:00', '18:00', ALL, ['2026-12-31', '2027-01-01']),
      '2026-12-30T20:00:00+01:00',
      '2027-01-02T08:00:00Z',
    ],
    ['over the spring night', amsterdam('07:00', '22:00'), '2026-03-28T23:00:00+01:00', '2026-03-29T05:00:00Z'],
    ['over the autumn night', amsterdam('07:00', '22:00'), '2026-10-24T23:00:00+02:00', '2026-10-25T06:00:00Z'],
    ['in the gap', amsterdam('02:30', '11:00'), '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
    ['whole in the gap', amsterdam('02:15', '02:45'), '2026-03-29T00:30:00Z', '2026-03-30T00:15:00Z'],
    ['the first of two', amsterdam('02:30', '11:00'), '2026-10-25T00:00:00Z', '2026-10-25T00:30:00Z'],
    ['never', amsterdam('09:00', '18:00', ['mon'], mondays()), '2026-05-05T12:00:00Z', null],
  ])('%s', (_, hours, instant, expected) => {
    expect(iso(nextOpening(hours, Date.parse(instant)))).toBe(expected)
  })

  it('is later, inside, and nothing before it is inside', () => {
    fc.assert(
      fc.property(
        someHours,
        INSTANTS,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (hours, instant, samples) => {
          fc.pre(!ambiguous(hours.zone, instant))
          const opening = nextOpening(hours, instant)
          if (opening === null) throw new Error('hours that open every week always open')
          expect(opening).toBeGreaterThan(instant)
          expect(inHours(hours, opening)).toBe('in')
          if (inHours(hours, instant) === 'in') return
          for (const sample of [...samples.map((part) => instant + part * (opening - instant)), opening - 1]) {
            const between = Math.min(Math.floor(sample), opening - 1)
            if (!ambiguous(hours.zone, between)) expect(inHours(hours, between)).toBe('out')
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('does not leave out a day because its start came twice', () => {
    // At the second quarter past two the first half past two is over, and the shift that it began goes on.
    const hours = amsterdam('02:30', '11:00')
    const second = Date.parse('2026-10-25T02:15:00+01:00')
    expect(inHours(hours, second)).toBe('out')
    expect(iso(nextOpening(hours, second))).toBe('2026-10-25T01:30:00Z')
  })

  it('does not sleep through the end of a shift because that end comes twice', () => {
    // Half past two has been once, but at three by the old clock it is two again: the shift is on until the second.
    const hours = amsterdam('22:00', '02:30')
    const between = Date.parse('2026-10-25T02:45:00+02:00')
    expect(inHours(hours, between)).toBe('out')
    expect(iso(nextOpening(hours, between))).toBe('2026-10-25T01:00:00Z')
    expect(inHours(hours, Date.parse('2026-10-25T02:15:00+01:00'))).toBe('in')
  })

  it.each([
    ['2026-03-29', '2026-03-29T05:00:00Z'],
    ['2026-10-25', '2026-10-25T06:00:00Z'],
    ['2026-06-14', '2026-06-14T05:00:00Z'],
  ])('the night of %s ends once, when the local clock shows seven', (date, expected) => {
    const hours = amsterdam('07:00', '22:00')
    const ends = new Set<string | null>()
    let releases = 0
    let was = inHours(hours, Date.parse(`${date}T00:00:00Z`) - 3 * 3_600_000)
    // From the evening before, 21:00 UTC at the latest 23:00 local, to noon.
    for (let minute = -180; minute <= 720; minute++) {
      const instant = Date.parse(`${date}T00:00:00Z`) + minute * 60_000
      const now = inHours(hours, instant)
      if (was === 'out' && now === 'in') releases++
      if (now === 'out') ends.add(iso(nextOpening(hours, instant)))
      was = now
    }
    expect([...ends]).toEqual([expected])
    expect(releases).toBe(1)
  })

  it.each(ZONES)('%s: no day of 2026 has more or less than one opening', (zone) => {
    const hours: Hours = { zone, windows: [{ days: ALL, from: '07:00', to: '22:00' }], holidays: [] }
    let opening = nextOpening(hours, Date.parse('2025-12-31T00:00:00Z'))
    const seen: string[] = []
    while (opening !== null && seen.length < 366) {
      const shown = wallClock(zone, opening)
      expect(shown.minute).toBe(7 * 60)
      seen.push(shown.date)
      opening = nextOpening(hours, opening)
    }
    for (const [i, date] of seen.entries()) if (i > 0) expect(dayBefore(date)).toBe(seen[i - 1])
  })
})

it.each([
  ['00:00', 0],
  ['09:30', 570],
  ['24:00', 1440],
])('minutesOf %s is %i', (clock, expected) => {
  expect(minutesOf(clock)).toBe(expected)
})

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '59'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)
const someWindow = fc
  .record({ days: fc.subarray(ALL, { minLength: 1 }), from: clock, to: fc.oneof(clock, fc.constant('24:00')) })
  .filter((window) => window.from !== window.to)
const someHours: fc.Arbitrary<Hours> = fc.record({
  zone: fc.constantFrom(...ZONES),
  windows: fc.array(someWindow, { minLength: 1, maxLength: 3 }),
  holidays: fc.subarray(['2026-03-29', '2026-10-25', '2026-04-05', '2026-12-25']),
})

/** Straight from the words of the policy: on the wall clock, today's windows and those that began yesterday. */
function oracle(hours: Hours, instant: number): boolean {
  const { date, weekday, minute } = wallClock(hours.zone, instant)
  const works = (window: Window, date: string) =>
    (window.days as readonly string[]).includes(weekdayOf(date)) && !hours.holidays.includes(date)
  return hours.windows.some((window) => {
    const [from = 0, to = 0] = [window.from, window.to].map((text) => {
      const [hour, minute] = text.split(':').map(Number)
      return Number(hour) * 60 + Number(minute)
    })
    expect(weekday).toBe(weekdayOf(date))
    if (from < to) return works(window, date) && from <= minute && minute < to
    return (works(window, date) && minute >= from) || (works(window, dayBefore(date)) && minute < to)
  })
}

function mondays(): string[] {
  return Array.from({ length: 60 }, (_, week) =>
    new Date(Date.parse('2026-05-04') + week * 7 * 86_400_000).toISOString().slice(0, 10),
  )
}
