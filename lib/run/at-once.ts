import type { Outcome } from '../deliver/outcome.ts'
import type { Post, Time } from '../deliver/pagerduty/attempt.ts'
import { deliver, sender } from '../deliver/pagerduty/deliver.ts'
import type { Keys } from '../deliver/pagerduty/keys.ts'
import { planOf } from '../deliver/pagerduty/plan.ts'
import type { Policy } from '../policy/schema.ts'
import { decide } from '../triage/decide.ts'
import type { Courier } from './handler.ts'
import type { Judged } from './judge.ts'
import type { Log } from './log.ts'

/** What paging needs. */
export interface Paging {
  readonly policy: Policy
  readonly keys: Keys
  readonly post: Post
  readonly time: Time
  /** Milliseconds since 1970. */
  readonly deadline: number
  readonly log: Log
}

/** Sends what each event asks for by itself, and remembers nothing. */
export function forgetfulCourier(paging: Paging): Courier {
  return { recall: async () => ({}), deliver: (judged) => atOnce(judged, paging, []), finish: async () => {} }
}

/** Without a memory: what the event asks for, once. What fails is lost. */
export async function atOnce(judged: Judged, paging: Paging, problems: readonly string[]): Promise<readonly Outcome[]> {
  const { policy, keys, post, time, deadline } = paging
  // The memory may have failed after the decision, and nothing would release a hold that nobody remembers.
  const facts = { ...judged.facts, can_hold: false, problems: [...new Set([...judged.facts.problems, ...problems])] }
  const decision = decide(facts)
  const plan = planOf({ ...judged, facts, decision, policy })
  if (plan.kind === 'nothing') return [{ outcome: 'skipped', tiers: [], says: decision.says, tries: 0 }]
  return deliver(plan, keys, sender(post, time, deadline))
}
