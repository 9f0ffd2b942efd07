import { fulfil } from './fulfil.ts'
import type { Means } from './means.ts'

/** How many identities there was something to do for, and how many of them came to their end. */
export interface Drained {
  readonly tried: number
  readonly done: number
}

const AT_ONCE = 8

/** Sends what waits and is due, the most urgent first, until nothing is left that is due or `deadline` (ms since 1970) is near. */
export async function drain(means: Means, deadline: number, most = Number.POSITIVE_INFINITY): Promise<Drained> {
  const { store, time, patience } = means
  let tried = 0
  let done = 0
  while (tried < most && time.now() < deadline) {
    const now = time.now()
    const refresh_before = patience.refresh > 0 ? Math.floor(now / 1000) - patience.refresh : 0
    const due = await store.due(now, refresh_before, Math.min(AT_ONCE, most - tried))
    if (due.length === 0) break
    const results = await Promise.all(due.map((identity) => fulfil(identity, means, deadline)))
    tried += due.length
    done += results.filter((outcomes) => outcomes.every(({ outcome }) => outcome === 'sent')).length
  }
  return { tried, done }
}
