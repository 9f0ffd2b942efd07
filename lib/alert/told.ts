import type { Alert } from './alert.ts'
import { BLANK, UNQUEUED } from './blank.ts'
import type { News } from './news.ts'
import { pendingOf } from './steps.ts'

/** What every event brings, over what is known. */
export function told(known: Alert | null, news: News): Alert {
  const { identity, namespace, entity, check, order, decision } = news
  return { ...BLANK, ...known, identity, namespace, entity, check, order, reason: decision.reason, says: decision.says }
}

/** Something else to send than before is tried at once; the same as before waits for its turn. */
export function queued(alert: Alert, known: Alert | null, now: number): Alert {
  if (pendingOf(alert) === null) return { ...alert, ...UNQUEUED }
  const same = known !== null && known.want === alert.want && known.tier === alert.tier && pendingOf(known) !== null
  return same ? alert : { ...alert, ...UNQUEUED, queued_since: now }
}
