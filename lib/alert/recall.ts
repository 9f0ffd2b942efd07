import type { Event } from '../event/event.ts'
import { identityOf } from '../event/identity.ts'
import type { Outside } from '../facts/facts.ts'
import type { Store } from '../state/store.ts'
import type { Alert } from './alert.ts'

/** Seconds: a tick that came within them will come again, and release what is held. */
const TICK_COUNTS_FOR = 600

/** The name of the note that a tick leaves: when it last ran, in seconds since 1970. */
export const LAST_TICK = 'last_tick'

/** What the memory adds to the facts about an event, and the record itself. */
export interface Recalled {
  readonly facts: Pick<Outside, 'can_hold' | 'covered_by' | 'standing' | 'closed_for'>
  readonly known: Alert | null
}

/** Looks up what is remembered of an event's identity and of its machine. */
export async function recall(store: Store, event: Event, now: number): Promise<Recalled> {
  const known = await store.alert(identityOf(event))
  const ticked = await lastTick(store)
  return {
    known,
    facts: {
      can_hold: isTicking(ticked, now),
      covered_by: (await isSilent(store, event)) ? 'keepalive' : null,
      standing: known?.want ?? null,
      closed_for: known !== null && known.closed_at > 0 ? Math.max(0, now - known.closed_at) : null,
    },
  }
}

/** When the last tick was, in seconds since 1970; 0 for never. */
export async function lastTick(store: Store): Promise<number> {
  return Number(await store.note(LAST_TICK)) || 0
}

/** Will there be a tick to release what is held now? One of the future is one before the clock was set back, and has come lately too. */
export function isTicking(last_tick: number, now: number): boolean {
  return last_tick > 0 && now - last_tick < TICK_COUNTS_FOR
}

/** Has somebody been paged already because the whole machine is silent? */
async function isSilent(store: Store, event: Event): Promise<boolean> {
  const check = event.check
  if (check === null || check.name === 'keepalive' || check.status === 0) return false
  const keepalive = await store.alert(identityOf({ ...event, check: { ...check, name: 'keepalive' } }))
  return keepalive?.want === 'open' && keepalive.dead === null && keepalive.until === null
}
