import { type CheckClass, isNotice } from '../lib/event/classify.ts'
import type { Check, Event } from '../lib/event/event.ts'
import { failingFor } from '../lib/event/failing-for.ts'
import { recoveryOf } from '../lib/event/recovery.ts'
import { classIn } from '../lib/triage/alone.ts'
import { alertAfter } from '../lib/triage/verdict-alone.ts'
import { type FilterPolicy, secondsOption } from './options.ts'

const HOUR = 3600

/**
 * Has the check been failing for so many seconds? Left out, or no number: for `alert_after` of its class, as in the
 * handler. A failure whose start nobody knows counts as old enough.
 */
export function sustained(event: Event, wanted: unknown, policy: FilterPolicy): boolean {
  const verdict = beforeTime(event)
  if (verdict !== null) return verdict
  const check = event.check as Check
  const check_class = classIn(event, policy)
  const age = ageOf(event, check, check_class)
  return age === null || age >= (secondsOption(wanted) ?? alertAfter(event, check_class, policy))
}

/**
 * Is a reminder due: the first failure, a change of status, and then once in so many seconds (an hour when left out)?
 * Counted from the last OK, which stays the same through an incident; without one, in steps of the clock. Not from the
 * history, whose 21 items slide along.
 */
export function repeatDue(event: Event, wanted: unknown): boolean {
  const verdict = beforeTime(event)
  if (verdict !== null) return verdict
  const check = event.check as Check
  const previous = check.history[check.history.length - 2]
  if (!previous || previous.status !== check.status || previous.executed === 0) return true
  const step = secondsOption(wanted) || HOUR
  const start = check.last_ok
  return Math.floor((ranAt(event, check) - start) / step) > Math.floor((previous.executed - start) / step)
}

/** What needs no clock: recoveries and what cannot be read pass, and what does not fail has nothing to last. */
function beforeTime(event: Event): boolean | null {
  const check = event.check
  if (check === null) return false
  if (check.status === null || recoveryOf(check) !== 'none') return true
  return check.status === 0 || isNotice(check) ? false : null
}

/**
 * For how many seconds it has been failing, or null when nothing says when that began. Who posts results to the API may
 * leave their times out, and a failure is no younger for it: 0 is an age only of the first run that failed.
 */
export function ageOf(event: Event, check: Check, check_class: CheckClass): number | null {
  const runs = check.history.length
  const previous = check.history[runs - 2]
  const age = failingFor(check, check_class, ranAt(event, check))
  return age > 0 || (previous ? previous.status === 0 : runs > 0) ? age : null
}

/** The moment that the event speaks of, in seconds; a filter has no better clock, as an event may wait in a queue. */
function ranAt(event: Event, check: Check): number {
  return check.executed || event.timestamp
}
