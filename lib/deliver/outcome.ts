import type { Tier } from '../event/settings.ts'

/**
 * What became of one thing that was to be delivered.
 * - `sent`: accepted. `queued`: not yet, but it is kept and will be tried again. `failed`: could not be delivered, and
 *   nobody remembers it. `rejected`: will never be taken as it is.
 * - `skipped`: there was nothing to send, or it is sent elsewhere.
 */
export interface Outcome {
  readonly outcome: 'sent' | 'queued' | 'failed' | 'rejected' | 'skipped'
  /** The tiers whose service it went to, or was to go to. */
  readonly tiers: readonly Tier[]
  /** One line for people, without any key. */
  readonly says: string
  /** Requests made for it. */
  readonly tries: number
  /** Of what was rejected: whether it is the event that PagerDuty finds fault with, so that no other try would pass. */
  readonly hopeless?: boolean
  /** Of what is queued: whether its key has to rest, so that nothing else would get through with it now. */
  readonly resting?: boolean
}
