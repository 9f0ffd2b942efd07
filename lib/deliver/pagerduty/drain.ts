import type { Tier } from '../../event/settings.ts'
import { fulfil } from './fulfil.ts'
import type { Means } from './means.ts'

/** What one pass over the queue came to. */
export interface Drained {
  /** Identities for which something was sent and nothing is left. */
  readonly done: number
  /** Identities for which an attempt failed. */
  readonly failed: number
  /** When a key that has to rest may be used again, ms since 1970; null when none had to. */
  readonly resume_at: number | null
}

const AT_ONCE = 8

export interface Limits {
  /** Identities at the most. */
  readonly most?: number
  /** No identity is begun after this, ms since 1970; one that was has until the deadline, for a short try says nothing about PagerDuty. */
  readonly start_until?: number
}

/**
 * Sends what waits and is due, the most urgent first, until nothing is left that is due or `deadline` (ms since 1970) is near.
 * When the key of a tier has to rest, what is for that tier is left alone: thousands may wait for it, and each would only be told so.
 */
export async function drain(
  means: Means,
  deadline: number,
  { most = Number.POSITIVE_INFINITY, start_until = deadline }: Limits = {},
): Promise<Drained> {
  const { store, time, patience } = means
  const resting = new Set<Tier | null>()
  let [tried, done, failed, resume_at] = [0, 0, 0, Number.POSITIVE_INFINITY]
  while (tried < most && time.now() < Math.min(deadline, start_until)) {
    const now = time.now()
    const refresh_before = patience.refresh > 0 ? Math.floor(now / 1000) - patience.refresh : 0
    const due = await store.due(now, refresh_before, Math.min(AT_ONCE, most - tried), [...resting])
    if (due.length === 0) break
    tried += due.length
    const results = await Promise.all(due.map(async (identity) => [identity, await fulfil(identity, means, deadline)] as const))
    for (const [identity, outcomes] of results) {
      if (outcomes.length > 0 && outcomes.every(({ outcome }) => outcome === 'sent')) done++
      else if (outcomes.some(({ tries }) => tries > 0)) failed++
      if (!outcomes.some(({ resting }) => resting)) continue
      const alert = await store.alert(identity)
      // An end is for several keys, and a rise for two: as long as one of them takes it, the others do not hold it up.
      if (outcomes.some(({ outcome }) => outcome === 'sent')) continue
      resting.add(alert?.tier ?? null)
      resume_at = Math.min(resume_at, alert?.next_at ?? resume_at)
    }
  }
  return { done, failed, resume_at: Number.isFinite(resume_at) ? resume_at : null }
}
