import { expect, it } from 'vitest'
import type { Order } from '../../lib/alert/alert.ts'
import { isLate } from '../../lib/alert/order.ts'

const NOW = 10_000
const at = (executed: number, sequence: number): Order => ({ executed, sequence })

it.each([
  ['it ran before', at(9000, 5), at(9060, 6), true],
  ['it ran after', at(9060, 6), at(9000, 5), false],
  ['it ran after, though its agent counts anew', at(9060, 1), at(9000, 50), false],
  ['the same second, counted before', at(9000, 5), at(9000, 6), true],
  ['the same event again', at(9000, 5), at(9000, 5), false],
  ['the same second, resolved by hand', at(9000, 0), at(9000, 6), false],
  ['what is known is of the future, and this is of now', at(9999, 7), at(13_600, 6), false],
  ['what is known is of the future, and this is of now and counted anew', at(9999, 1), at(13_600, 6), false],
  ['both of the future, in order', at(13_660, 7), at(13_600, 6), false],
  ['both of the future, out of order', at(13_600, 6), at(13_660, 7), true],
  ['both of the future, and the clock went back in between', at(11_000, 7), at(13_660, 6), false],
  ['this is of the future', at(13_600, 7), at(9000, 6), false],
])('%s', (_, event, known, late) => {
  expect(isLate(event, known, NOW)).toBe(late)
})
