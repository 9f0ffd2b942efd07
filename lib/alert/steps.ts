import { TIERS, type Tier } from '../event/settings.ts'
import type { Alert } from './alert.ts'

/** The next thing to send for an alert. */
export type Step =
  /** Open (or refresh) it; with `besides` at a tier that is not its own, as the last resort. */
  | { readonly kind: 'open'; readonly tier: Tier; readonly besides: boolean; readonly urgency: 'page' | 'refresh' }
  | { readonly kind: 'close'; readonly tiers: readonly Tier[] }

/** Times after which an open alert is sent again, and an undelivered page goes to the third line too; seconds, 0 for never. */
export interface Patience {
  readonly refresh: number
  readonly last_resort: number
}

/**
 * What has to be sent now, in this order, and nothing after the first that fails but the last resort: an alert opens at
 * its new tier before it closes at the old one, so that it is never open nowhere.
 */
export function stepsOf(alert: Alert, now: number, { refresh, last_resort }: Patience): Step[] {
  if (alert.dead !== null) return []
  if (alert.want !== 'open' || alert.tier === null) {
    const tiers = alert.want === 'held' ? [] : TIERS.filter((tier) => alert.at[tier] !== 'closed')
    return tiers.length === 0 ? [] : [{ kind: 'close', tiers }]
  }
  const { tier, accepted } = alert
  const pending = pendingOf(alert)
  if (pending === 'page') {
    const steps: Step[] = [{ kind: 'open', tier, besides: false, urgency: 'page' }]
    const waited = alert.queued_since > 0 && last_resort > 0 && now - alert.queued_since >= last_resort
    if (waited && tier !== 'third' && !TIERS.slice(TIERS.indexOf(tier) + 1).some((higher) => alert.at[higher] === 'open')) {
      steps.push({ kind: 'open', tier: 'third', besides: true, urgency: 'page' })
    }
    return steps
  }
  const stale = isStale(alert, now, refresh) && isHeardOf(alert, now)
  if (stale || accepted?.severity !== alert.severity) return [{ kind: 'open', tier, besides: false, urgency: 'refresh' }]
  const left = leftBehind(alert)
  return left.length === 0 ? [] : [{ kind: 'close', tiers: left }]
}

function isStale({ accepted }: Alert, now: number, refresh: number): boolean {
  return accepted !== null && refresh > 0 && now - accepted.at >= refresh
}

/** Seconds that an event may take from its check to here. */
const UNDER_WAY = 30

/**
 * Does Sensu still say that it fails? Otherwise another backend, with a memory of its own, may have closed it, and to send it again
 * would ring anew; and so may somebody in PagerDuty who has silenced it in Sensu. What stands for others, and has no event, is known
 * from here alone.
 */
function isHeardOf({ event, order }: Alert, now: number): boolean {
  if ((event?.check?.silenced.length ?? 0) > 0) return false
  const [before, last] = event?.check?.history.slice(-2) ?? []
  if (before === undefined || last === undefined) return true
  return now - order.executed <= 2 * (last.executed - before.executed) + UNDER_WAY
}

/** An alert that is due to be sent again, and of which nothing is heard any more: when to look again, ms since 1970; null otherwise. */
export function quietUntil(alert: Alert, now: number, { refresh }: Patience): number | null {
  const quiet = alert.want === 'open' && pendingOf(alert) === null && isStale(alert, now, refresh) && !isHeardOf(alert, now)
  return quiet ? (now + refresh) * 1000 : null
}

/** What waits to be sent, the most urgent of it; null when nothing does, or nothing will be tried again. */
export function pendingOf(alert: Alert): 'page' | 'resolve' | 'tidy' | null {
  if (alert.dead !== null || alert.want === 'held') return null
  if (alert.want === 'closed') return TIERS.some((tier) => alert.at[tier] !== 'closed') ? 'resolve' : null
  if (alert.want === 'covered') return TIERS.some((tier) => alert.at[tier] !== 'closed') ? 'tidy' : null
  if (alert.accepted === null || alert.accepted.wanted !== alert.tier) return 'page'
  return alert.accepted.severity !== alert.severity || leftBehind(alert).length > 0 ? 'tidy' : null
}

/**
 * Lower tiers that the alert has risen from, and higher ones that an earlier episode has left open. What took it in this episode
 * in place of a refused key, or as the last resort, stays.
 */
function leftBehind({ tier, accepted, at, rung }: Alert): Tier[] {
  if (tier === null || accepted === null) return []
  const own = TIERS.indexOf(tier)
  return TIERS.filter((other, index) => {
    if (at[other] === 'closed' || other === accepted.tier) return false
    return index < own || (index > own && !rung.includes(other))
  })
}
