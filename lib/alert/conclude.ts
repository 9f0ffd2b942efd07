import { TIERS } from '../event/settings.ts'
import type { Reason } from '../triage/decision.ts'
import type { Alert, Standing } from './alert.ts'

/** The end of an alert without an event that says so: Sensu has forgotten it, or all that it stood for is over. */
export function concluded(alert: Alert, reason: Reason, says: string, now: number): Alert {
  const standing = (at: Standing): Standing => (at === 'open' ? 'open' : 'unsure')
  return {
    ...alert,
    want: 'closed',
    since: now,
    tier: null,
    reason,
    says,
    episode: 0,
    closed_at: now,
    until: null,
    covered_by: null,
    event: null,
    at: Object.fromEntries(TIERS.map((tier) => [tier, standing(alert.at[tier])])) as Alert['at'],
    accepted: null,
    rung: [],
    queued_since: now,
    tries: 0,
    next_at: 0,
    last_error: '',
    dead: null,
  }
}
