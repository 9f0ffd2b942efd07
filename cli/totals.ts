import { TIERS } from '../lib/event/settings.ts'
import { ACTIONS, type Decision } from '../lib/triage/decision.ts'

/** How many events went to each tier, and what became of those that went to nobody. */
export function totals(decisions: readonly Decision[], refused: number): string {
  const lines = [...TIERS, null].map((tier) => {
    const mine = decisions.filter((decision) => decision.tier === tier)
    const counts = ACTIONS.map((action) => [mine.filter((decision) => decision.action === action).length, action] as const)
    const text = counts.filter(([count]) => count > 0).map(([count, action]) => `${count} ${action}`)
    return `${(tier === null ? 'nobody' : `${tier} line`).padEnd(12)}${text.join(', ') || 'nothing'}`
  })
  const unread = refused === 0 ? '' : `, ${refused} could not be read`
  return `${lines.join('\n')}\n${decisions.length} event${decisions.length === 1 ? '' : 's'}${unread}. Nothing was sent.\n`
}
