import type { Time } from '../../lib/deliver/pagerduty/attempt.ts'

export interface TestTime {
  readonly time: Time
  /** Every pause, milliseconds. */
  readonly pauses: number[]
}

/** The real clock, but pauses are only remembered and added to it. */
export function hurried(chance = 0.5): TestTime {
  let skipped = 0
  const pauses: number[] = []
  return {
    pauses,
    time: {
      now: () => Date.now() + skipped,
      sleep: async (ms) => {
        pauses.push(ms)
        skipped += ms
      },
      random: () => chance,
    },
  }
}
