import { isBusy } from './failure.ts'

export interface Waiting {
  /** How long one operation may wait for other processes. */
  readonly busy_ms: number
  /** ms since 1970. */
  readonly now: () => number
  /** From 0 up to 1. */
  readonly chance: () => number
}

/** How much waiting is left for one operation, whatever it consists of. */
export interface Patience {
  /** Waits a little; false, at once, when there is no time left. */
  readonly wait: () => Promise<boolean>
  readonly waited: () => number
}

const LONGEST_MS = 20
const HURRIED_MS = 10

/**
 * SQLite's own waiting asks ever more rarely, so that who has waited longest is served last, and it stops the thread.
 * Here those ask most often who have the least time left. What was slept counts too: the clock may be set back.
 */
export function patience({ busy_ms, now, chance }: Waiting): Patience {
  const started = now()
  let slept = 0
  let asked = 0
  const waited = () => Math.max(slept, now() - started)
  return {
    waited,
    async wait() {
      if (waited() >= busy_ms) return false
      const pause = waited() > busy_ms / 2 ? HURRIED_MS : Math.min(LONGEST_MS, 2 * 1.5 ** asked++)
      const ms = Math.ceil(pause * (0.5 + chance()))
      await new Promise((resolve) => setTimeout(resolve, ms))
      slept += ms
      return true
    },
  }
}

/** What `act` makes, as soon as no other process is in its way. */
export async function patiently<T>(act: () => T, { wait }: Patience): Promise<T> {
  for (;;) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || !(await wait())) throw error
    }
  }
}
