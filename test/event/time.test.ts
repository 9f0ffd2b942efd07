import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochSeconds } from '../../lib/event/time.ts'

describe('epochSeconds', () => {
  it.each([
    ['seconds', 1_777_972_901, 1_777_972_901],
    ['seconds with a fraction', 1_777_972_901.75, 1_777_972_901],
    ['milliseconds', 1_777_972_901_250, 1_777_972_901],
    ['microseconds', 1_777_972_901_250_500, 1_777_972_901],
    ['nanoseconds', 1_777_972_901_250_500_000, 1_777_972_901],
    ['the last second that is no millisecond', 99_999_999_999, 99_999_999_999],
    ['the first millisecond', 100_000_000_000, 100_000_000],
    ['nothing', 0, 0],
    ['a negative number', -5, 0],
    ['no number', Number.NaN, 0],
    ['no end', Number.POSITIVE_INFINITY, 0],
    ['a number beyond all nanoseconds', 1e300, 0],
  ])('reads %s', (_, value, expected) => {
    expect(epochSeconds(value)).toBe(expected)
  })

  it('is the same second in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e8, max: 9e9 }), (second) => {
        // Half a second on, so that the low bits lost above 2^53 do not reach the second before.
        for (const unit of [1e3, 1e6, 1e9]) expect(epochSeconds((second + 0.5) * unit)).toBe(second)
      }),
    )
  })
})
