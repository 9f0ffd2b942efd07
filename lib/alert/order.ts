import type { Event } from '../event/event.ts'
import type { Order } from './alert.ts'

/** Events of the API may not say when they ran; `timestamp` is then the next best. */
export function orderOf(event: Event): Order {
  return { executed: event.check?.executed || event.timestamp, sequence: event.sequence }
}

/**
 * Is an event older than what is known already? Of two with the same order the one that arrives later counts, since
 * resolves by hand and by deregistration bear the times of the failure. Nothing counts as later than `now`: an agent or
 * backend whose clock was ahead for a while must not make everything after it late.
 */
export function isLate(event: Order, known: Order, now: number): boolean {
  const mine = Math.min(event.executed, now)
  const theirs = Math.min(known.executed, now)
  if (mine !== theirs) return mine < theirs
  // A counter starts again at 1 with its agent, and events of the API have none.
  return event.executed === known.executed && event.sequence > 0 && event.sequence < known.sequence
}

export function isSame(one: Order, other: Order): boolean {
  return one.executed === other.executed && one.sequence === other.sequence
}
