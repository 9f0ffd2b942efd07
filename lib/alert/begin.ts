import { TIERS, type Tier } from '../event/settings.ts'
import type { Alert } from './alert.ts'
import type { Advance, News } from './news.ts'
import { queued, told } from './told.ts'

/** It is to be open, at the tier of the news or the higher one that this episode has reached. */
export function open(known: Alert | null, news: News): Advance {
  const running = isRunning(known)
  const alert: Alert = {
    ...failing(known, news),
    want: 'open',
    since: known?.want === 'open' ? known.since : news.now,
    until: null,
    accepted: running ? known.accepted : null,
    rung: running ? known.rung : [],
  }
  return { alert: queued(alert, known, news.now), turn: known?.want === 'open' && known.tier === alert.tier ? 'kept' : 'paged' }
}

/** It waits to be decided again; should the event then be unreadable, the body that is kept with it goes out. */
export function hold(known: Alert | null, news: News): Advance {
  const alert: Alert = {
    ...failing(known, news),
    want: 'held',
    since: known?.want === 'held' ? known.since : news.now,
    until: news.decision.hold_until ?? news.now + AGAIN_SECS,
    accepted: null,
    rung: [],
  }
  return { alert: queued(alert, known, news.now), turn: 'held' }
}

/** A hold whose end nobody can tell is looked at again after a minute. */
const AGAIN_SECS = 60

/** What both have in common. */
function failing(known: Alert | null, news: News): Alert {
  const tier = latched(known, news)
  return {
    ...told(known, news),
    tier,
    severity: news.severity,
    episode: isRunning(known) ? known.episode : begun(known, news.now),
    covered_by: null,
    body: news.trigger(tier),
    event: news.event,
    dead: null,
  }
}

function isRunning(known: Alert | null): known is Alert {
  return known !== null && known.want !== 'closed'
}

export function higher(one: Tier, other: Tier | null): Tier {
  return other !== null && TIERS.indexOf(other) > TIERS.indexOf(one) ? other : one
}

/** Within an episode the tier only rises: going down would ring somebody anew for a problem that is known. */
function latched(known: Alert | null, news: News): Tier {
  return higher(news.decision.tier ?? 'first', isRunning(known) ? known.tier : null)
}

/** By so much may an episode begin ahead of the clock. */
export const LEAP_SECS = 10

/** When an episode begins, by which it is told from the one before: two may begin within one second. */
function begun(known: Alert | null, now: number): number {
  const last = known?.closed_at ?? 0
  return last >= now && last < now + LEAP_SECS ? last + 1 : now
}
