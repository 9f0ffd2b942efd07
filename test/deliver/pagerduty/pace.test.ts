import { expect, it } from 'vitest'
import { paused, permit, resumed } from '../../../lib/deliver/pagerduty/pace.ts'
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
  let now = NOW
  const pauses = [30, 60, 120, 240, 300, 300].map(() => {
    state = paused(state, null, now, () => 0.5)
    const pause = (state.until - now) / 1000
    now = state.until
    return pause
  })
  expect(pauses).toEqual([30, 60, 120, 240, 300, 300])
})

it('what fails while the key rests was under way with what made it rest: one failure, and the longer wish', () => {
  const rests = paused(FRESH_KEY, null, NOW, () => 0.5)
  expect(paused(rests, null, NOW + 1, () => 0.5)).toEqual(rests)
  expect(paused(rests, 60, NOW + 1, () => 0.5)).toEqual({ ...rests, until: NOW + 60_001 })
  expect(resumed(rests, NOW + 1)).toEqual(rests)
  expect(resumed(rests, rests.until)).toEqual(FRESH_KEY)
})

it('a rest of before the clock was set back does not count', () => {
  const state = paused(FRESH_KEY, null, NOW, () => 0.5)
  expect(permit(state, 'page', 100, NOW - 3_600_000).result).toBeNull()
})
