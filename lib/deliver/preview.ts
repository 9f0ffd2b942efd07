import type { Event } from '../event/event.ts'
import { TIERS } from '../event/settings.ts'
import type { Facts } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Decision } from '../triage/decision.ts'
import { linesOf } from './graphite/lines.ts'
import { checkBody } from './pagerduty/check-body.ts'
import { distinctKeys, type Keys, tiersToTry } from './pagerduty/keys.ts'
import { type Plan, planOf } from './pagerduty/plan.ts'

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
    problems: [...facts.problems, ...keyProblems(decision, keys), ...new Set(complaints), ...graphite.problems],
    pagerduty: bodies,
    graphite: graphite.lines,
  }
}

function bodiesOf({ event, facts, decision }: Subject, policy: Policy, keys: Keys): object[] {
  const plan = planOf({ event, facts, decision, policy })
  if (plan.kind === 'nothing') return []
  return targets(plan, keys).map((name) => ({ routing_key: `<${name}>`, ...plan.body }))
}

/** The names of the keys that would be used: without any key here, those that would be looked for. */
function targets(plan: Exclude<Plan, { kind: 'nothing' }>, keys: Keys): string[] {
  const usable = distinctKeys(keys)
  if (plan.kind === 'page') return [keys[tiersToTry(plan.tier).find((tier) => keys[tier].key !== null) ?? plan.tier].source]
  const names =
    usable.length > 0 ? usable.map(({ tiers }) => keys[tiers[0] ?? 'first'].source) : TIERS.map((tier) => keys[tier].source)
  return [...new Set(names)]
}

/** What is wrong with the keys that this decision needs; nothing on a machine that has no key at all. */
function keyProblems({ action, tier }: Decision, keys: Keys): string[] {
  const needed = action === 'resolve' ? TIERS : action === 'page' && tier !== null ? [tier] : []
  if (TIERS.every((one) => keys[one].state === 'missing')) return []
  return needed.flatMap((one) =>
    keys[one].problem === null || (action === 'resolve' && keys[one].state === 'missing')
      ? []
      : [`no usable key for the ${one} line: ${keys[one].problem}`],
  )
}
