import type { Check, Event } from './event.ts'
import { anyGlobMatches } from './glob.ts'

/**
 * What kind of check result an event carries; the decision goes by this and not by status alone, since a
 * lost keepalive and an expired TTL have status 1.
 * - `keepalive`: the agent fell silent. `ttl`: a check stopped reporting. `load`: more servers may cure it.
 * - `notice`: Sensu tells of an agent that came or went. `metrics`: no check at all. `service`: all else.
 */
export type CheckClass = 'keepalive' | 'ttl' | 'load' | 'service' | 'notice' | 'metrics'

/** The classes that an annotation or a rule may name. */
export const SETTABLE_CLASSES = ['service', 'load', 'keepalive', 'ttl'] as const
export type SettableClass = (typeof SETTABLE_CLASSES)[number]

/** `load_checks` are globs over check names; `set` is the class from an annotation, or null. */
export function classOf(event: Event, load_checks: readonly string[], set: SettableClass | null): CheckClass {
  const check = event.check
  if (check === null) return 'metrics'
  if (isNotice(check)) return 'notice'
  if (check.name === 'keepalive') return 'keepalive'
  if (isTtlExpiry(check)) return 'ttl'
  if (set !== null) return set
  return anyGlobMatches(load_checks, check.name) ? 'load' : 'service'
}

/** A keepalive or TTL failure: nothing is heard any more, whatever its status says. */
export function isLost(check_class: CheckClass): boolean {
  return check_class === 'keepalive' || check_class === 'ttl'
}

/**
 * Sensu's own registration and deregistration events carry status 1 but no history, no occurrences and no
 * state (sensu-go backend/keepalived). A team's own check of that name has them, and is a check like any other.
 */
export function isNotice(check: Check): boolean {
  const named = check.name === 'registration' || check.name === 'deregistration'
  return named && check.status === 1 && check.history.length === 0 && check.occurrences === 0 && check.state === ''
}

/**
 * eventd rebuilds the stored event when a TTL runs out: its own output text, and no `processed_by`, since no
 * agent ran it (sensu-go backend/eventd createFailedCheckEvent).
 */
function isTtlExpiry(check: Check): boolean {
  return check.ttl > 0 && check.processed_by === '' && /^Last check execution was \d+ seconds ago/.test(check.output)
}
