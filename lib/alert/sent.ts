import { TIERS, type Tier } from '../event/settings.ts'
import type { Alert, Standing } from './alert.ts'
import { pendingOf, type Step } from './steps.ts'

/** What came of a step. */
export interface Sending {
  /** Tiers whose service took it: of a page the one that did, of a resolve all that need none any more. */
  readonly taken: readonly Tier[]
  /** Why something is still to be sent; null when nothing is. */
  readonly failed: string | null
  /** Whether it would fail in the same way every time. */
  readonly hopeless: boolean
  /** When to try again, ms since 1970. */
  readonly next_at: number
}

/** Before a request leaves: from here on it may have arrived, whether or not somebody lives to write it down. */
export function leaving(alert: Alert, step: Step): Alert {
  if (step.kind !== 'open') return alert
  const at = standing(alert, [step.tier], 'unsure', 'closed')
  // The last resort may have rung now, and whoever was rung besides keeps the alert until it is over.
  return { ...alert, at, rung: step.besides ? withTier(alert.rung, step.tier) : alert.rung }
}

/**
 * The record after a step. `alert` may have moved on since the step was made of `then`: what PagerDuty took counts either
 * way, and what is wanted now decides what is sent next.
 */
export function afterStep(alert: Alert, then: Alert, step: Step, sending: Sending, now: number): Alert {
  const took = step.kind === 'open' ? opened(alert, then, step, sending.taken, now) : closedAt(alert, sending.taken)
  // It adds to what is wanted, which waits for its own turn as before.
  if (step.kind === 'open' && step.besides) return took
  const moved = alert.want !== then.want || alert.tier !== then.tier || alert.episode !== then.episode
  if (sending.failed === null) {
    const done = { ...took, tries: 0, next_at: 0, last_error: '' }
    return { ...done, queued_since: pendingOf(done) === null ? 0 : took.queued_since || now }
  }
  if (moved) return took
  const failed = { ...took, tries: took.tries + 1, next_at: sending.next_at, last_error: sending.failed }
  return sending.hopeless ? { ...failed, dead: sending.failed } : failed
}

function opened(alert: Alert, then: Alert, step: Step & { kind: 'open' }, taken: readonly Tier[], now: number): Alert {
  const tier = taken[0]
  if (tier === undefined) return alert
  const at = standing(alert, [tier], 'open')
  // It ended while the page was under way: the close that follows has to reach this tier too.
  if (alert.episode !== then.episode || alert.want !== 'open') return { ...alert, at }
  const rung = withTier(alert.rung, tier)
  if (step.besides || then.tier === null) return { ...alert, at, rung }
  return { ...alert, at, rung, accepted: { tier, wanted: then.tier, severity: then.severity, at: now } }
}

function withTier(tiers: readonly Tier[], tier: Tier): readonly Tier[] {
  return tiers.includes(tier) ? tiers : [...tiers, tier]
}

function closedAt(alert: Alert, tiers: readonly Tier[]): Alert {
  return { ...alert, at: standing(alert, tiers, 'closed') }
}

function standing({ at }: Alert, tiers: readonly Tier[], to: Standing, only?: Standing): Alert['at'] {
  const changed = TIERS.map((tier) => [tier, tiers.includes(tier) && (only ?? at[tier]) === at[tier] ? to : at[tier]])
  return Object.fromEntries(changed) as Alert['at']
}
