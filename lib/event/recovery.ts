import type { Check } from './event.ts'

/** How an incident ends: by an OK after a failure, or because Sensu forgets the entity; `none` otherwise. */
export type Recovery = 'none' | 'resolved' | 'deregistered'

/**
 * Deregistration sends status 0 with an **empty** history for every stored event of the entity, which Sensu's
 * own `is_incident` drops (it wants two items). An OK without a past may end something, and a resolve of
 * nothing is harmless, so it counts as a recovery.
 */
export function recoveryOf(check: Check): Recovery {
  if (check.status !== 0) return 'none'
  if (/^Resolving due to entity dereg/.test(check.output)) return 'deregistered'
  if (check.history.length === 0 || /^Resolved manually/.test(check.output)) return 'resolved'
  // The current run is the last item; where it is not, the last item is the run before.
  const last = check.history[check.history.length - 1]
  const previous = last && last.status !== 0 ? last : check.history[check.history.length - 2]
  return previous && previous.status !== 0 ? 'resolved' : 'none'
}
