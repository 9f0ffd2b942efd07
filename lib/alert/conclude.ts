import type { Reason } from '../triage/decision.ts'
import type { Alert } from './alert.ts'
import { ENDED, everywhere, UNQUEUED } from './blank.ts'

/** The end of an alert without an event that says so: Sensu has forgotten it, or all that it stood for is over. */
export function concluded(alert: Alert, reason: Reason, says: string, now: number): Alert {
  const at = everywhere(alert.at)
  return { ...alert, ...ENDED, ...UNQUEUED, since: now, reason, says, closed_at: now, at, queued_since: now }
}
