import { TIERS } from '../event/settings.ts'
import type { Alert } from './alert.ts'

/** Nothing waits to be sent. */
export const UNQUEUED = { queued_since: 0, tries: 0, next_at: 0, last_error: '' } as const

/** What an alert has lost when its episode is over. */
export const ENDED = {
  want: 'closed',
  tier: null,
  episode: 0,
  until: null,
  covered_by: null,
  event: null,
  accepted: null,
  rung: [],
  dead: null,
} as const satisfies Partial<Alert>

/** The record of an identity of which nothing is known. */
export const BLANK: Alert = {
  identity: '',
  namespace: '',
  entity: '',
  check: '',
  order: { executed: 0, sequence: 0 },
  since: 0,
  severity: 'info',
  reason: 'ok',
  says: '',
  closed_at: 0,
  body: null,
  at: { first: 'closed', second: 'closed', third: 'closed' },
  lease: null,
  ...ENDED,
  ...UNQUEUED,
}

/** To be closed on every tier, whatever is known of them: another backend may have opened it, or the memory been lost. */
export function everywhere(at: Alert['at']): Alert['at'] {
  return Object.fromEntries(TIERS.map((tier) => [tier, at[tier] === 'open' ? 'open' : 'unsure'])) as Alert['at']
}
