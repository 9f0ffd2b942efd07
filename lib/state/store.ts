import type { Alert, Want } from '../alert/alert.ts'
import type { Tier } from '../event/settings.ts'

/** One line of the journal: a decision, or what became of a delivery. */
export interface JournalEntry {
  /** Seconds since 1970. */
  readonly at: number
  readonly kind: 'decision' | 'delivery'
  readonly identity: string
  readonly namespace: string
  readonly entity: string
  readonly check: string
  /** null when nobody is concerned. */
  readonly tier: Tier | null
  /** Of a decision its action, of a delivery its outcome. */
  readonly what: string
  readonly reason: string
  /** The sentence for people. */
  readonly says: string
  /** Of a delivery, from the event's `executed` (or the queue) to the answer. null for decisions. */
  readonly latency_ms: number | null
  /** The facts that the deciding row looked at. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** What one transaction makes of an alert. */
export interface Change<T> {
  /** The new record; undefined leaves it as it is, null removes it. */
  readonly alert?: Alert | null
  readonly journal?: readonly JournalEntry[]
  /** Additions to counters, by name. */
  readonly count?: Readonly<Record<string, number>>
  readonly result: T
}

/** How a routing key has been treated lately. The key itself is never stored, only its fingerprint. */
export interface KeyState {
  /** When requests went out within the last minute, ms since 1970, oldest first. */
  readonly sent: readonly number[]
  /** Attempts in a row that failed for a reason that may pass. */
  readonly failures: number
  /** No request before this, ms since 1970. */
  readonly until: number
}

export const FRESH_KEY: KeyState = { sent: [], failures: 0, until: 0 }

export interface AlertQuery {
  readonly want?: Want
  /** Only those that cover this, or that this covers. */
  readonly covered_by?: string
  readonly namespace?: string
  readonly dead?: boolean
  /** Something waits to be sent (dead letters do not). */
  readonly queued?: boolean
  /** Everything that is not over: what is not closed, and what is but has something to send or is a dead letter. */
  readonly unfinished?: true
  readonly limit?: number
}

export interface JournalQuery {
  /** Seconds since 1970. */
  readonly since?: number
  readonly tier?: Tier
  readonly reason?: string
  readonly kind?: JournalEntry['kind']
  /** Globs as in the policy. */
  readonly entity?: string
  readonly check?: string
  readonly limit: number
}

export interface Backlog {
  readonly tier: Tier | null
  readonly queued: number
  readonly dead: number
  /** Oldest `queued_since`, seconds since 1970; 0 when nothing waits. */
  readonly oldest: number
}

/** Points that carbon did not take. */
export interface SpooledPoints {
  readonly id: number
  /** Lines of carbon's plaintext protocol. */
  readonly lines: readonly string[]
}

/**
 * The memory that all processes on one host (or, with another store, of one cluster) share. Every method is one
 * transaction; none is held across a request to anybody. All throw StoreError.
 */
export interface Store {
  readonly alert: (identity: string) => Promise<Alert | null>
  /** Reads an alert and writes what `change` makes of it, as one. It has reached the disk when this resolves. `change` may run twice. */
  readonly change: <T>(identity: string, change: (alert: Alert | null) => Change<T>) => Promise<T>
  readonly alerts: (query: AlertQuery) => Promise<Alert[]>
  /** Identities with something to send whose next attempt is due and that nobody else sends for: pages, resolves, refreshes, oldest first. */
  readonly due: (
    now_ms: number,
    refresh_before: number,
    limit: number,
    /** Alerts of these tiers are left out, and with null those that are closed. */
    skip?: readonly (Tier | null)[],
  ) => Promise<string[]>
  /** When the first of what waits to be sent may be tried, ms since 1970; null when nothing waits. */
  readonly nextDue: () => Promise<number | null>
  /** Identities whose `until` has come, oldest first. */
  readonly ripe: (now: number, limit: number) => Promise<string[]>
  readonly backlog: () => Promise<Backlog[]>
  readonly changeKey: <T>(
    fingerprint: string,
    change: (state: KeyState) => { readonly state?: KeyState; readonly result: T },
  ) => Promise<T>
  readonly journal: (entries: readonly JournalEntry[]) => Promise<void>
  /** Newest first. */
  readonly journaled: (query: JournalQuery) => Promise<JournalEntry[]>
  readonly count: (additions: Readonly<Record<string, number>>) => Promise<void>
  readonly counters: () => Promise<Readonly<Record<string, number>>>
  readonly note: (name: string) => Promise<string | null>
  readonly setNote: (name: string, value: string) => Promise<void>
  /** Keeps lines for later; the oldest go when more than `max_bytes` would be kept. The number of lines that went. */
  readonly spool: (lines: readonly string[], at: number, max_bytes: number) => Promise<number>
  readonly spooled: (max_lines: number) => Promise<SpooledPoints[]>
  readonly unspool: (ids: readonly number[]) => Promise<void>
  readonly spoolSize: () => Promise<{ readonly lines: number; readonly bytes: number; readonly oldest: number }>
  /** Removes journal entries before `before` and all but the newest `rows`, and alerts closed before `closed_before`. */
  readonly prune: (limits: { before: number; rows: number; closed_before: number }) => Promise<void>
  readonly close: () => void
}

/** Why the state cannot be used, in one line for people. `kind` tells what may be done about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly kind: 'unavailable' | 'busy' | 'full' | 'corrupt' | 'newer' | 'bug'
  constructor(kind: StoreError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
