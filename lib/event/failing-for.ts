import { type CheckClass, isLost } from './classify.ts'
import type { Check } from './event.ts'

/**
 * For how many seconds the check has been failing by `now`, when nothing newer is known than this event; 0 when it is OK.
 * Time and never occurrences: a keepalive repeats every `timeout` seconds and not every `interval`.
 * - keepalive and TTL: since the last sign of life, `last_ok`.
 * - flapping: since `last_ok` too, which Sensu does not move while a check flaps.
 * - all others: since the first failing run after the last OK in `history`; when the 21 items hold no OK,
 *   since `last_ok`, or since the oldest item when there never was one.
 */
export function failingFor(check: Check, check_class: CheckClass, now: number): number {
  if (check.status === 0) return 0
  const last = check.history[check.history.length - 1]
  const executed = check.executed || (last ? last.executed : 0)
  const until = Math.max(now, executed)
  const since = sinceLastSign(check, check_class) || firstFailing(check, executed)
  return since > 0 && since < until ? until - since : 0
}

function sinceLastSign(check: Check, check_class: CheckClass): number {
  return isLost(check_class) || check.state === 'flapping' ? check.last_ok : 0
}

function firstFailing(check: Check, until: number): number {
  let first = until
  for (let i = check.history.length - 1; i >= 0; i--) {
    const item = check.history[i]
    if (!item) break
    if (item.status === 0) return first
    if (item.executed > 0 && item.executed < first) first = item.executed
  }
  return check.last_ok > 0 && check.last_ok < first ? check.last_ok : first
}
