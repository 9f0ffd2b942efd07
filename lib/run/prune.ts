import type { Policy } from '../policy/schema.ts'
import type { Store } from '../state/store.ts'

const DAY = 86_400
/** Nothing asks for an alert that closed longer ago, but an event that comes later than any Sensu keeps. */
const CLOSED_KEPT = 7 * DAY
const PRUNED = 'last_prune'
const EVERY = 3600

/** Once an hour, by whoever comes first: what is older than the policy keeps goes. `now` in seconds since 1970. */
export async function prune(store: Store, { state }: Policy, now: number): Promise<void> {
  if (Math.abs(now - Number(await store.note(PRUNED))) < EVERY) return
  await store.setNote(PRUNED, String(now))
  const before = now - state.journal_days * DAY
  await store.prune({ before, rows: state.journal_rows, closed_before: now - CLOSED_KEPT })
}
