import type { Tier } from '../event/settings.ts'

/**
 * What became of one thing that was to be delivered.
 * - `sent`: accepted. `failed`: could not be delivered for now. `rejected`: will never be taken as it is.
 * - `skipped`: there was nothing to send, or it is sent elsewhere.
 */
export interface Outcome {
  readonly outcome: 'sent' | 'failed' | 'rejected' | 'skipped'
  /** The tiers whose service it went to, or was to go to. */
  readonly tiers: readonly Tier[]
  /** One line for people, without any key. */
  readonly says: string
  /** Requests made for it. */
  readonly tries: number
}
