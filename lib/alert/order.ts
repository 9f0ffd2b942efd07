import type { Event } from '../event/event.ts'
import { ranAt } from '../event/ran-at.ts'
import type { Order } from './alert.ts'

export function orderOf(event: Event): Order {
  return { executed: ranAt(event), sequence: event.sequence }
}

/**
 * Is an event older than what is known already? Of two with the same order the one that arrives later counts, since
 * resolves by hand and by deregistration bear the times of the failure. What is known from the future makes nothing of today
 * late: that clock was ahead, or ours was set back. Among events of the future both the time and the counter have to say so.
 */
export function isLate(event: Order, known: Order, now: number): boolean {
  // A counter starts again at 1 with its agent, and events of the API have none.
  const counted_before = event.sequence > 0 && event.sequence < known.sequence
  if (event.executed === known.executed) return counted_before
  if (known.executed <= now) return event.executed < known.executed
  return event.executed > now && event.executed < known.executed && counted_before
}

export function isSame(one: Order, other: Order): boolean {
  return one.executed === other.executed && one.sequence === other.sequence
}
