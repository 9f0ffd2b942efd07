import { TIERS } from '../event/settings.ts'
import type { Reason } from '../triage/decision.ts'
import type { Alert } from './alert.ts'
import { LEAP_SECS } from './begin.ts'
import { ENDED, everywhere } from './blank.ts'
import type { Advance, News, Turn } from './news.ts'
import { isSame } from './order.ts'
import { queued, told } from './told.ts'

/** A recovery: over at once, or once it has lasted. */
export function recover(known: Alert | null, news: News): Advance {
  if (known?.want === 'closed' && isSame(known.order, news.order)) return { alert: known, turn: 'kept' }
  if (known?.want === 'open' && news.settled_at !== null) {
    const alert = { ...told(known, news), event: news.event, until: known.until ?? news.settled_at }
    return { alert: { ...alert, severity: known.severity }, turn: 'settling' }
  }
  return { alert: closed(known, news), turn: 'closed' }
}

/** Machines that autoscaling takes away need no page; what was paged about them is over. */
const ENDS: readonly Reason[] = ['leaving', 'gone', 'pooled', 'standby']

/** Nobody is to hear of it any more. */
export function drop(known: Alert | null, news: News): Advance {
  if (known === null || known.want === 'closed') return { alert: closedQuietly(known, news), turn: 'kept' }
  if (known.want === 'open' && ENDS.includes(news.decision.reason)) return { alert: closed(known, news), turn: 'closed' }
  if (known.want === 'held') return { alert: closedQuietly(known, news), turn: 'let_go' }
  if (known.want === 'open' && known.rung.length === 0) {
    // What was tried may have arrived, with whatever key, so that it is closed everywhere.
    const tried = TIERS.some((tier) => known.at[tier] !== 'closed')
    return { alert: tried ? closed(known, news) : closedQuietly(known, news), turn: 'let_go' }
  }
  return keep(known, news, 'kept')
}

/** The order moves on and all else stays, but for a recovery that had to last and did not. */
export function keep(known: Alert, news: News, turn: Turn): Advance {
  return { alert: { ...known, order: news.order, event: news.event, says: news.decision.says, until: null }, turn }
}

function closed(known: Alert | null, news: News): Alert {
  const alert = ended(known, news)
  return queued({ ...alert, at: everywhere(alert.at) }, known, news.now)
}

/** Nobody was told, so there is nothing to close but what an earlier episode has left. */
export function closedQuietly(known: Alert | null, news: News): Alert {
  return queued(ended(known, news), known, news.now)
}

function ended(known: Alert | null, news: News): Alert {
  return {
    ...told(known, news),
    ...ENDED,
    since: known?.want === 'closed' ? known.since : news.now,
    severity: news.severity,
    closed_at: known !== null && known.want !== 'closed' ? endedAt(known, news.now) : (known?.closed_at ?? 0),
    body: news.resolve(),
  }
}

function endedAt({ episode }: Alert, now: number): number {
  return episode > now && episode < now + LEAP_SECS ? episode : now
}
