import type { Event } from '../event/event.ts'
import { TIERS, type Tier } from '../event/settings.ts'
import type { Severity } from '../event/severity.ts'
import type { Decision, Reason } from '../triage/decision.ts'
import type { Alert, Order, StoredBody } from './alert.ts'
import { isLate, isSame } from './order.ts'
import { pendingOf } from './steps.ts'

/** One judged event, on its way into the record of its identity. */
export interface News {
  readonly identity: string
  readonly namespace: string
  readonly entity: string
  readonly check: string
  readonly order: Order
  readonly decision: Decision
  readonly severity: Severity
  readonly event: Event
  readonly trigger: (tier: Tier) => StoredBody
  readonly resolve: () => StoredBody
  /** When a recovery counts, in seconds; null for at once. */
  readonly settled_at: number | null
  /** The alert that covered this one, with its tier, as long as it is open. */
  readonly cover: { readonly identity: string; readonly tier: Tier } | null
  /** Seconds since 1970. */
  readonly now: number
}

/**
 * What an event does to its record.
 * - `late`: nothing, a newer event has been here. `paged`, `held`, `closed`: it is so from now on. `kept`: it was so before.
 * - `settling`: a recovery that has to last. `covered`: another alert stands for it. `let_go`: a hold or a page that nobody got yet is off.
 */
export type Turn = 'late' | 'paged' | 'held' | 'closed' | 'kept' | 'settling' | 'covered' | 'let_go'

export interface Advance {
  /** null when there is nothing to remember. */
  readonly alert: Alert | null
  readonly turn: Turn
}

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

function higher(one: Tier, other: Tier | null): Tier {
  return other !== null && TIERS.indexOf(other) > TIERS.indexOf(one) ? other : one
}

/** Within an episode the tier only rises: going down would ring somebody anew for a problem that is known. */
function latched(known: Alert | null, news: News): Tier {
  return higher(news.decision.tier ?? 'first', known === null || known.want === 'closed' ? null : known.tier)
}

function covers(known: Alert | null, { cover, decision }: News): known is Alert {
  if (known?.want !== 'covered' || cover === null || known.covered_by !== cover.identity) return false
  return higher(cover.tier, decision.tier) === cover.tier
}

function open(known: Alert | null, news: News): Advance {
  const running = known !== null && known.want !== 'closed'
  const tier = latched(known, news)
  const alert: Alert = {
    ...told(known, news),
    want: 'open',
    since: known?.want === 'open' ? known.since : news.now,
    tier,
    severity: news.severity,
    episode: running ? known.episode : begun(known, news.now),
    until: null,
    covered_by: null,
    body: news.trigger(tier),
    event: news.event,
    accepted: running ? known.accepted : null,
    rung: running ? known.rung : [],
    dead: null,
  }
  return { alert: queued(alert, known, news.now), turn: known?.want === 'open' && known.tier === tier ? 'kept' : 'paged' }
}

const LEAP_SECS = 10

/** When an episode begins, by which it is told from the one before: two may begin within one second. */
function begun(known: Alert | null, now: number): number {
  const last = known?.closed_at ?? 0
  return last >= now && last < now + LEAP_SECS ? last + 1 : now
}

function endedAt({ episode }: Alert, now: number): number {
  return episode > now && episode < now + LEAP_SECS ? episode : now
}

function hold(known: Alert | null, news: News): Advance {
  const running = known !== null && known.want !== 'closed'
  const tier = latched(known, news)
  const alert: Alert = {
    ...told(known, news),
    want: 'held',
    since: known?.want === 'held' ? known.since : news.now,
    tier,
    severity: news.severity,
    episode: running ? known.episode : begun(known, news.now),
    until: news.decision.hold_until ?? news.now + 60,
    covered_by: null,
    // Should the event ever be unreadable when the hold ends, this goes out.
    body: news.trigger(tier),
    event: news.event,
    accepted: null,
    rung: [],
    dead: null,
  }
  return { alert: queued(alert, known, news.now), turn: 'held' }
}

function recover(known: Alert | null, news: News): Advance {
  if (known?.want === 'closed' && isSame(known.order, news.order)) return { alert: known, turn: 'kept' }
  if (known?.want === 'open' && news.settled_at !== null) {
    const alert = { ...told(known, news), event: news.event, until: known.until ?? news.settled_at }
    return { alert: { ...alert, severity: known.severity }, turn: 'settling' }
  }
  return { alert: closed(known, news), turn: 'closed' }
}

/** Machines that autoscaling takes away need no page; what was paged about them is over. */
const ENDS: readonly Reason[] = ['leaving', 'gone', 'pooled', 'standby']

function drop(known: Alert | null, news: News): Advance {
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
function keep(known: Alert, news: News, turn: Turn): Advance {
  return { alert: { ...known, order: news.order, event: news.event, says: news.decision.says, until: null }, turn }
}

/** Closed on every tier, whatever is known of them: another backend may have opened it, or the memory been lost. */
function closed(known: Alert | null, news: News): Alert {
  const at = Object.fromEntries(TIERS.map((tier) => [tier, known?.at[tier] === 'open' ? 'open' : 'unsure'])) as Alert['at']
  return queued({ ...ended(known, news), at }, known, news.now)
}

/** Nobody was told, so there is nothing to close but what an earlier episode has left. */
function closedQuietly(known: Alert | null, news: News): Alert {
  return queued(ended(known, news), known, news.now)
}

function ended(known: Alert | null, news: News): Alert {
  return {
    ...told(known, news),
    want: 'closed',
    since: known?.want === 'closed' ? known.since : news.now,
    tier: null,
    severity: news.severity,
    episode: 0,
    closed_at: known !== null && known.want !== 'closed' ? endedAt(known, news.now) : (known?.closed_at ?? 0),
    until: null,
    covered_by: null,
    body: news.resolve(),
    event: null,
    accepted: null,
    rung: [],
    dead: null,
  }
}

const NOWHERE = { first: 'closed', second: 'closed', third: 'closed' } as const

/** What every event brings, over what is known. */
function told(known: Alert | null, news: News): Alert {
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
function queued(alert: Alert, known: Alert | null, now: number): Alert {
  if (pendingOf(alert) === null) return { ...alert, queued_since: 0, tries: 0, next_at: 0, last_error: '' }
  const same = known !== null && known.want === alert.want && known.tier === alert.tier && pendingOf(known) !== null
  return same ? alert : { ...alert, queued_since: now, tries: 0, next_at: 0, last_error: '' }
}
