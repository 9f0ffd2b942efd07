import { fingerprint } from '../../lib/deliver/pagerduty/pace.ts'
import { FRESH_KEY, type Store } from '../../lib/state/store.ts'
import { KEYS } from './run.ts'

/**
 * What time does to the state, at once: keys have rested, their minute is over, and what waits is due. Leases stay: who was
 * killed keeps its own for as long as it would have worked.
 */
export async function later(store: Store): Promise<void> {
  for (const key of Object.values(KEYS)) {
    await store.changeKey(fingerprint(key), () => ({ state: FRESH_KEY, result: null }))
  }
  for (const { identity } of await store.alerts({ queued: true })) {
    await store.change(identity, (alert) =>
      alert === null ? { result: null } : { alert: { ...alert, next_at: 0 }, result: null },
    )
  }
}
