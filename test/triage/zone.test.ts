import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantsOf, isZone, localTime } from '../../lib/triage/zone.ts'
import { ambiguous, INSTANTS, wallClock, ZONES } from '../support/wall-clock.ts'

const DAY_MS = 86_400_000
const dayOf = (date: string) => Date.parse(date) / DAY_MS
const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

describe('isZone', () => {
  it.each([
    ['Europe/Amsterdam', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Eastern Time (US & Canada)', false],
    ['Europe/Atlantis', false],
    ['', false],
    ['Local', false],
  ])('%s: %s', (zone, expected) => {
    expect(isZone(zone)).toBe(expected)
  })
})

describe('localTime', () => {
  it.each([
    ['Europe/Amsterdam', '2026-01-01T00:05:00+01:00', '2026-01-01', '00:05'],
    ['Europe/Amsterdam', '2026-03-29T00:59:59Z', '2026-03-29', '01:59'],
    ['Europe/Amsterdam', '2026-03-29T01:00:00Z', '2026-03-29', '03:00'],
    ['Europe/Amsterdam', '2026-10-25T00:30:00Z', '2026-10-25', '02:30'],
    ['Europe/Amsterdam', '2026-10-25T01:30:00Z', '2026-10-25', '02:30'],
    ['Asia/Kathmandu', '2026-05-01T00:00:00Z', '2026-05-01', '05:45'],
    ['Pacific/Kiritimati', '2026-05-01T10:00:00Z', '2026-05-02', '00:00'],
    ['America/St_Johns', '2026-05-01T02:00:00Z', '2026-04-30', '23:30'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05', '01:30'],
    ['UTC', '1969-12-31T23:59:00Z', '1969-12-31', '23:59'],
  ])('%s at %s', (zone, instant, date, clock) => {
    expect(localTime(zone, Date.parse(instant))).toEqual({ day: dayOf(date), minute: minuteOf(clock) })
  })

  it('throws on a zone that there is not', () => {
    expect(() => localTime('Europe/Atlantis', 0)).toThrow(RangeError)
  })

  it('agrees with Intl', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), INSTANTS, (zone, instant) => {
        const { date, minute } = wallClock(zone, instant)
        expect(localTime(zone, instant)).toEqual({ day: dayOf(date), minute })
      }),
      { numRuns: 2000 },
    )
  })
})

describe('instantsOf', () => {
  it.each([
    ['an ordinary morning', 'Europe/Amsterdam', '2026-05-05', '09:00', ['2026-05-05T07:00:00Z']],
    ['the gap of a spring night', 'Europe/Amsterdam', '2026-03-29', '02:30', ['2026-03-29T01:00:00Z']],
    ['the last minute before the gap', 'Europe/Amsterdam', '2026-03-29', '01:59', ['2026-03-29T00:59:00Z']],
    ['the end of the gap', 'Europe/Amsterdam', '2026-03-29', '03:00', ['2026-03-29T01:00:00Z']],
    ['both of two', 'Europe/Amsterdam', '2026-10-25', '02:30', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']],
    ['after the two', 'Europe/Amsterdam', '2026-10-25', '03:00', ['2026-10-25T02:00:00Z']],
    ['a gap at midnight', 'America/Havana', '2026-03-08', '00:30', ['2026-03-08T05:00:00Z']],
    ['a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04', '02:15', ['2026-10-03T15:30:00Z']],
    ['a day that was left out', 'Pacific/Apia', '2011-12-30', '12:00', ['2011-12-30T10:00:00Z']],
    ['the far east', 'Pacific/Kiritimati', '2026-05-01', '00:00', ['2026-04-30T10:00:00Z']],
    ['the far west', 'Pacific/Pago_Pago', '2026-05-01', '23:59', ['2026-05-02T10:59:00Z']],
  ])('%s', (_, zone, date, clock, expected) => {
    expect(instantsOf(zone, dayOf(date), minuteOf(clock))).toEqual(expected.map((instant) => Date.parse(instant)))
  })

  it('is where localTime came from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), INSTANTS, (zone, instant) => {
        fc.pre(!ambiguous(zone, instant))
        const { day, minute } = localTime(zone, instant)
        expect(instantsOf(zone, day, minute)).toEqual([instant - (instant % 60_000)])
      }),
      { numRuns: 2000 },
    )
  })

  it('finds every instant, twice shown or not, in order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), INSTANTS, (zone, instant) => {
        const { day, minute } = localTime(zone, instant)
        const instants = instantsOf(zone, day, minute)
        expect(instants).toContain(instant - (instant % 60_000))
        expect(instants.length).toBe(ambiguous(zone, instant) ? 2 : 1)
        expect(instants).toEqual(instants.toSorted((a, b) => a - b))
      }),
      { numRuns: 2000 },
    )
  })
})
