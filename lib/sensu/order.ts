import type { Event } from '../event/event.ts'

/**
 * When the check of an event ran, seconds since 1970. The sequence does not tell more here: it starts again with the
 * agent, and what a person resolves by hand has none. An event made by hand may lack `executed` too, then it is its timestamp.
 */
export function orderOf({ check, timestamp }: Event): number {
  return check?.executed || timestamp
}
