import type { Event } from './event.ts'

/**
 * When the check of an event ran, seconds since 1970; 0 when nothing says so. An event of the API may lack `executed`, and has then
 * only the time at which it was made.
 */
export function ranAt({ check, timestamp }: Event): number {
  return check?.executed || timestamp
}
