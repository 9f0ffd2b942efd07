import type { Event } from '../event/event.ts'
import type { Tier } from '../event/settings.ts'
import type { Severity } from '../event/severity.ts'
import type { Reason } from '../triage/decision.ts'

/** Which of two events of one identity is newer: by `executed` (seconds), then by the agent's sequence. */
export interface Order {
  readonly executed: number
  readonly sequence: number
}

/**
 * What should be true of one identity at PagerDuty.
 * - `open`: an alert at `tier`. `closed`: none at any tier.
 * - `held`: nothing yet; decided again at `until`. `covered`: nothing of its own while `covered_by` is open.
 */
export const WANTS = ['open', 'held', 'covered', 'closed'] as const
export type Want = (typeof WANTS)[number]

/** What is known of PagerDuty's side at one tier. `unsure`: a request went out and nobody recorded the answer. */
export type Standing = 'closed' | 'open' | 'unsure'

/** A request body of PagerDuty without its key; `lib/deliver/pagerduty/message.ts` makes it and is alone to look inside. */
export type StoredBody = Readonly<Record<string, unknown>>

/** Where and how PagerDuty last took the alert of this episode. */
interface Acceptance {
  /** The tier whose service took it; another than wanted where that tier's key was refused. */
  readonly tier: Tier
  /** The tier that was wanted then. */
  readonly wanted: Tier
  readonly severity: Severity
  /** Seconds since 1970. */
  readonly at: number
}

/** Somebody is sending for this identity now; nobody else may until it is done or `until` (ms since 1970) has passed. */
interface Lease {
  readonly by: string
  readonly until: number
}

/**
 * The record of one identity, the whole memory of Tierline about it. All times are seconds since 1970, 0 for never, unless
 * they say otherwise.
 */
export interface Alert {
  /** `namespace/entity/check`, see lib/event/identity.ts. */
  readonly identity: string
  readonly namespace: string
  readonly entity: string
  readonly check: string
  /** The newest event that this record knows. */
  readonly order: Order
  readonly want: Want
  /** Since when `want` is what it is. */
  readonly since: number
  /** The highest tier that this episode has called, or will; null between episodes. */
  readonly tier: Tier | null
  readonly severity: Severity
  readonly reason: Reason
  readonly says: string
  /** When the episode began: the first failure that was paged, held or covered. 0 between episodes. */
  readonly episode: number
  /** When the last episode ended. */
  readonly closed_at: number
  /** For `held` the moment to decide again; for `open` the moment at which a recovery counts. null: no such moment. */
  readonly until: number | null
  /** Identity of the alert that stands for this one. */
  readonly covered_by: string | null
  /** What to send: the trigger while open, the resolve once closed. */
  readonly body: StoredBody | null
  /** The newest event, cut to what decisions and pages read; null once nothing is left to decide. */
  readonly event: Event | null
  readonly at: Readonly<Record<Tier, Standing>>
  readonly accepted: Acceptance | null
  /** Tiers that were rung in this episode; the last resort from the moment at which it may have been. */
  readonly rung: readonly Tier[]
  /** Since when something waits to be sent. */
  readonly queued_since: number
  /** Attempts that failed since then. */
  readonly tries: number
  /** The next attempt, ms since 1970. */
  readonly next_at: number
  /** Why the last attempt failed; empty when it did not. */
  readonly last_error: string
  /** Why it will not be tried again: a dead letter. null when it may be. */
  readonly dead: string | null
  readonly lease: Lease | null
}
