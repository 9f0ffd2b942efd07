import type { Alert } from '../../alert/alert.ts'
import type { Sending } from '../../alert/sent.ts'
import type { Step } from '../../alert/steps.ts'
import { TIERS, type Tier } from '../../event/settings.ts'
import type { JournalEntry } from '../../state/store.ts'
import type { Outcome } from '../outcome.ts'

/** What a step adds to the counters: tiers that were rung for the first time in this episode, and failures. */
export function countsOf(
  { reason }: Alert,
  before: readonly Tier[],
  step: Step,
  { taken, failed }: Sending,
): Record<string, number> {
  if (step.kind === 'close') return failed === null ? {} : { 'deliveries.failed': 1 }
  const rung = taken.filter((tier) => !before.includes(tier)).map((tier) => [`pages.${tier}.${reason}`, 1])
  return { ...Object.fromEntries(rung), ...(failed === null ? {} : { 'deliveries.failed': 1 }) }
}

/** The line of an outcome in the journal; `now` in ms since 1970. */
export function entryOf(alert: Alert, outcome: Outcome, now: number): JournalEntry {
  const { identity, namespace, entity, check, reason } = alert
  return {
    at: Math.floor(now / 1000),
    kind: 'delivery',
    identity,
    namespace,
    entity,
    check,
    tier: outcome.tiers[0] ?? alert.tier,
    what: outcome.outcome,
    reason,
    says: outcome.says,
    latency_ms: Math.max(0, now - (alert.queued_since || alert.order.executed) * 1000),
    facts: { tiers: TIERS.filter((tier) => outcome.tiers.includes(tier)), tries: outcome.tries },
  }
}
