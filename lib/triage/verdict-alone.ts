import type { CheckClass } from '../event/classify.ts'
import type { Check, Event } from '../event/event.ts'
import { failingFor } from '../event/failing-for.ts'
import type { Results } from '../event/marks.ts'
import { gradeOf } from '../event/severity.ts'
import { type AlonePolicy, actionOf, calledFor, classIn, firstReason, setting, severityIn } from './alone.ts'
import type { Reason } from './decision.ts'

/** The default policy, as far as the event alone can be judged by it: it has no rules, so none are looked at. */
export interface TimedPolicy extends AlonePolicy {
  /** Seconds, by class. */
  readonly alert_after: Readonly<Record<string, number>>
}

/**
 * The whole decision about an event of which nothing else is known, without its sentence: what tierline-classify says
 * at `now` (seconds) when it has no policy file. test/triage/alone.test.ts holds it to what `decide` says.
 */
export function verdictAlone(event: Event, policy: TimedPolicy, now: number): Results {
  const reason = firstReason(event, policy)
  const action = actionOf(reason)
  return {
    tier: action === 'page' ? calledFor(event, policy, null) : 'none',
    reason: reason ?? pageReason(event, event.check as Check, policy, now),
    class: classIn(event, policy),
    severity: severityIn(event, policy),
    action,
  }
}

/** Rows 8 and 16 to 19: the others need to know more, and without hours nobody sleeps through row 20. */
function pageReason(event: Event, check: Check, policy: TimedPolicy, now: number): Reason {
  const check_class = classIn(event, policy)
  const grade = gradeOf(check.status, policy.status_map, check_class)
  if (grade === 'critical' && setting(event, 'scope', policy) === 'group') return 'service_down'
  if (failingFor(check, check_class, now) < alertAfter(event, check_class, policy)) return 'too_young'
  if (check.state === 'flapping') return 'flapping'
  return grade === 'critical' ? 'machine_down' : grade === 'warning' ? 'warning' : 'check_broken'
}

/** For how many seconds a failure has to last before anybody is called. */
export function alertAfter(event: Event, check_class: CheckClass, policy: TimedPolicy): number {
  return setting(event, 'alert_after', policy) ?? (policy.alert_after[check_class] || 0)
}
