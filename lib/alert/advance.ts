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

/** Does the alert that stands for it still do, at its tier or a higher one? */
function covers(known: Alert | null, { cover, decision }: News): known is Alert {
  if (known?.want !== 'covered' || cover === null || known.covered_by !== cover.identity) return false
  return higher(cover.tier, decision.tier) === cover.tier
}
