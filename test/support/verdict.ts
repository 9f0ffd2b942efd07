import type { Event } from '../../lib/event/event.ts'
import { readEvent } from '../../lib/event/read.ts'
import { assess } from '../../lib/facts/assess.ts'
import { type Facts, NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import type { Policy } from '../../lib/policy/schema.ts'
import { decide } from '../../lib/triage/decide.ts'
import type { Decision } from '../../lib/triage/decision.ts'
import { team } from '../../lib/triage/rules.ts'

export interface Verdict {
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
  /** What a filter has to say, by the handler's own code. */
  readonly tier: string
  readonly should_handle: boolean
}

/** What the handler makes of an event when nothing else is known. */
export function verdictOf(raw: unknown, policy: Policy = DEFAULT_POLICY): Verdict {
  const reading = readEvent(raw, () => [])
  if ('refused' in reading) throw new Error(reading.refused)
  const { event } = reading
  const facts = assess(event, policy, event.check?.executed || event.timestamp, NOTHING_KNOWN)
  const decision = decide(facts)
  // A recovery goes where its failure would have gone; the handler then closes on every tier.
  const service = facts.settings.scope === 'group' && !facts.rule?.final
  const tier = decision.action === 'resolve' ? (service ? 'second' : team(facts)) : (decision.tier ?? 'none')
  return { event, facts, decision, tier, should_handle: ['page', 'hold', 'resolve'].includes(decision.action) }
}

/** The options that give a filter the policy of the handler. */
export function optsOf(policy: Policy): string {
  return JSON.stringify({
    rules: policy.rules,
    allow: policy.annotations.allow,
    load_checks: policy.noise.load_checks,
    group_labels: policy.groups.labels,
    status_map: policy.pagerduty.status_map,
  })
}
