import { TIERS } from '../event/settings.ts'
import type { Alert } from './alert.ts'

/** What of this alert waits to be sent: a page at its tier, its end at every tier, or its end at the tiers that it left. */
export function pendingOf(alert: Alert): 'page' | 'resolve' | 'tidy' | null {
  if (alert.dead !== null) return null
  if (alert.want === 'closed') return TIERS.some((tier) => alert.at[tier] !== 'closed') ? 'resolve' : null
  if (alert.want !== 'open') return null
  if (alert.accepted === null || alert.accepted.wanted !== alert.tier) return 'page'
  const { tier: home } = alert.accepted
  return TIERS.some((tier) => tier !== home && alert.at[tier] !== 'closed') ? 'tidy' : null
}
