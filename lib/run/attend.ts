import { closeEmptyDigest, openDigests } from '../alert/digest.ts'
import { LAST_TICK } from '../alert/recall.ts'
import { release } from '../alert/release.ts'
import { drain } from '../deliver/pagerduty/drain.ts'
import type { Means } from '../deliver/pagerduty/means.ts'
import type { Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Store } from '../state/store.ts'

/** What the passing of time asks for: holds end, digests of nothing close, and what waits is sent until `deadline` (ms since 1970). */
export async function attend(store: Store, policy: Policy, outside: Outside, means: Means, deadline: number): Promise<void> {
  const now = Math.floor(means.time.now() / 1000)
  // What was to be sent soon by the clock as it was would be sent far too late by the clock as it is.
  if (Number(await store.note(LAST_TICK)) > now) await forgetTimes(store)
  await store.setNote(LAST_TICK, String(now))
  await release(store, policy, outside, now)
  for (const digest of await openDigests(store)) await closeEmptyDigest(store, digest, now)
  await drain(means, deadline)
}

async function forgetTimes(store: Store): Promise<void> {
  for (const { identity } of await store.alerts({ queued: true })) {
    await store.change(identity, (alert) => ({ ...(alert && { alert: { ...alert, next_at: 0, lease: null } }), result: null }))
  }
}
