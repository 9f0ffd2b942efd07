import type { Event } from '../event/event.ts'
import type { Tier } from '../event/settings.ts'
import type { Severity } from '../event/severity.ts'
import type { Decision } from '../triage/decision.ts'
import type { Alert, Order, StoredBody } from './alert.ts'

/** One judged event, on its way into the record of its identity. */
export interface News {
  readonly identity: string
  readonly namespace: string
  readonly entity: string
  readonly check: string
  readonly order: Order
  readonly decision: Decision
  readonly severity: Severity
  readonly event: Event
  readonly trigger: (tier: Tier) => StoredBody
  readonly resolve: () => StoredBody
  /** When a recovery counts, in seconds; null for at once. */
  readonly settled_at: number | null
  /** Whether a tick is there that will release what is held. */
  readonly can_hold: boolean
  /** The alert that covered this one, with its tier, as long as it is open. */
  readonly cover: { readonly identity: string; readonly tier: Tier } | null
  /** Seconds since 1970. */
  readonly now: number
}

/**
 * What an event does to its record.
 * - `late`: nothing, a newer event has been here. `paged`, `held`, `closed`: it is so from now on. `kept`: it was so before.
 * - `settling`: a recovery that has to last. `covered`: another alert stands for it. `let_go`: a hold or a page that nobody got yet is off.
 */
export type Turn = 'late' | 'paged' | 'held' | 'closed' | 'kept' | 'settling' | 'covered' | 'let_go'

export interface Advance {
  /** null when there is nothing to remember. */
  readonly alert: Alert | null
  readonly turn: Turn
}
