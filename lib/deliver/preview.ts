import type { Event } from '../event/event.ts'
import { TIERS } from '../event/settings.ts'
import type { Facts } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Decision } from '../triage/decision.ts'
import { linesOf } from './graphite/lines.ts'
import { checkBody } from './pagerduty/check-body.ts'
import { distinctKeys, type Keys } from './pagerduty/keys.ts'
import { planOf } from './pagerduty/plan.ts'

/** One event as a dry run shows it: the decision, and everything that would be sent, with the names of keys for keys. */
export interface Preview {
  readonly source: string
  readonly identity: string
  readonly class: Facts['class']
  readonly severity: Facts['severity']
  readonly action: Decision['action']
  readonly tier: Decision['tier']
  readonly reason: Decision['reason']
  readonly says: string
  readonly problems: readonly string[]
  readonly pagerduty: readonly object[]
  readonly graphite: readonly string[]
}

export interface Subject {
  readonly source: string
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
}

export function previewOf(subject: Subject, policy: Policy, keys: Keys): Preview {
  const { source, event, facts, decision } = subject
  const bodies = bodiesOf(subject, policy, keys)
  const graphite = linesOf(event, policy.graphite, facts.now)
  const complaints = bodies.flatMap((body) => {
    const sample = JSON.stringify({ ...body, routing_key: 'x'.repeat(32) })
    return checkBody(JSON.parse(sample), Buffer.byteLength(sample))
  })
  return {
    source,
    identity: facts.identity,
    class: facts.class,
    severity: facts.severity,
    action: decision.action,
    tier: decision.tier,
    reason: decision.reason,
    says: decision.says,
    problems: [...facts.problems, ...new Set(complaints), ...graphite.problems],
    pagerduty: bodies,
    graphite: graphite.lines,
  }
}

function bodiesOf({ event, facts, decision }: Subject, policy: Policy, keys: Keys): object[] {
  const plan = planOf({ event, facts, decision, policy })
  if (plan.kind === 'nothing') return []
  const named = distinctKeys(keys)
  const shared = named.find(({ tiers }) => plan.kind === 'page' && tiers.includes(plan.tier))?.tiers[0]
  const names =
    plan.kind === 'page'
      ? [keys[shared ?? plan.tier].source]
      : named.length > 0
        ? named.map(({ tiers }) => keys[tiers[0] ?? 'first'].source)
        : [...new Set(TIERS.map((tier) => keys[tier].source))]
  return names.map((name) => ({ routing_key: `<${name}>`, ...plan.body }))
}
