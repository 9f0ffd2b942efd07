import { expect, it } from 'vitest'
import { paused, permit } from '../../../lib/deliver/pagerduty/pace.ts'
import { FRESH_KEY } from '../../../lib/state/store.ts'

const NOW = 1_777_972_901_000

it.each([
  [20, 20],
  [599, 599],
  // Pages would wait for an hour because of one answer.
  [3600, 600],
])('an answer that asks for a pause of %i s gets %i s', (asked, kept) => {
  const state = paused(FRESH_KEY, asked, NOW, () => 0.5)
  expect(permit(state, 'page', 100, NOW + kept * 1000 - 1).result).toBe(NOW + kept * 1000)
  expect(permit(state, 'page', 100, NOW + kept * 1000).result).toBeNull()
})

it('pauses double up to five minutes', () => {
  let state = FRESH_KEY
  const pauses = [30, 60, 120, 240, 300, 300].map(() => {
    state = paused(state, null, NOW, () => 0.5)
    return (state.until - NOW) / 1000
  })
  expect(pauses).toEqual([30, 60, 120, 240, 300, 300])
})

it('a rest of before the clock was set back does not count', () => {
  const state = paused(FRESH_KEY, null, NOW, () => 0.5)
  expect(permit(state, 'page', 100, NOW - 3_600_000).result).toBeNull()
})
