import type { Alert } from './alert.ts'
import type { News } from './news.ts'
import { pendingOf } from './steps.ts'

const NOWHERE = { first: 'closed', second: 'closed', third: 'closed' } as const

/** What every event brings, over what is known. */
export function told(known: Alert | null, news: News): Alert {
  const { identity, namespace, entity, check, order, decision } = news
  return { ...UNTOLD, ...known, identity, namespace, entity, check, order, reason: decision.reason, says: decision.says }
}

const UNTOLD: Alert = {
  identity: '',
  namespace: '',
  entity: '',
  check: '',
  order: { executed: 0, sequence: 0 },
  want: 'closed',
  since: 0,
  tier: null,
  severity: 'info',
  reason: 'ok',
  says: '',
  episode: 0,
  closed_at: 0,
  until: null,
  covered_by: null,
  body: null,
  event: null,
  at: NOWHERE,
  accepted: null,
  rung: [],
  queued_since: 0,
  tries: 0,
  next_at: 0,
  last_error: '',
  dead: null,
  lease: null,
}

/** Something else to send than before is tried at once; the same as before waits for its turn. */
export function queued(alert: Alert, known: Alert | null, now: number): Alert {
  if (pendingOf(alert) === null) return { ...alert, queued_since: 0, tries: 0, next_at: 0, last_error: '' }
  const same = known !== null && known.want === alert.want && known.tier === alert.tier && pendingOf(known) !== null
  return same ? alert : { ...alert, queued_since: now, tries: 0, next_at: 0, last_error: '' }
}
