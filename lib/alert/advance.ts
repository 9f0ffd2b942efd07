import type { Alert } from './alert.ts'
import { higher, hold, open } from './begin.ts'
import { closedQuietly, drop, keep, recover } from './end.ts'
import type { Advance, News } from './news.ts'
import { isLate } from './order.ts'

/** Moves the record of one identity on by one event: the newest wins, in whatever order they come. */
export function advance(known: Alert | null, news: News): Advance {
  if (known !== null && isLate(news.order, known.order, news.now)) return { alert: known, turn: 'late' }
  switch (news.decision.action) {
    case 'page':
      if (waitsForDigest(known, news)) return { alert: { ...known, order: news.order, event: news.event }, turn: 'held' }
      return covers(known, news) ? keep(known, news, 'covered') : open(known, news)
    case 'hold':
      if (known?.want === 'open') return open(known, news)
      return covers(known, news) ? keep(known, news, 'covered') : hold(known, news)
    case 'resolve':
      return recover(known, news)
    case 'drop':
      return drop(known, news)
    case 'record':
      return known?.want === 'held' ? { alert: closedQuietly(known, news), turn: 'let_go' } : { alert: known, turn: 'kept' }
  }
}

/** Seconds from the start of the hours in which the next tick has to come. */
const NEXT_TICK = 120

/** The night is over and the tick that makes one page of many is about to come: an event in between must not ring by itself. */
function waitsForDigest(known: Alert | null, { decision, can_hold, now }: News): known is Alert {
  if (known?.want !== 'held' || known.reason !== 'night_hold' || known.until === null || !can_hold) return false
  return decision.tier === 'first' && now >= known.until && now - known.until < NEXT_TICK
}

/** Does the alert that stands for it still do, at its tier or a higher one? */
function covers(known: Alert | null, { cover, decision }: News): known is Alert {
  if (known?.want !== 'covered' || cover === null || known.covered_by !== cover.identity) return false
  return higher(cover.tier, decision.tier) === cover.tier
}
