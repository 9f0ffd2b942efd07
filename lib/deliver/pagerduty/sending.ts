import type { Alert } from '../../alert/alert.ts'
import type { Sending } from '../../alert/sent.ts'
import type { Step } from '../../alert/steps.ts'
import { TIERS, type Tier } from '../../event/settings.ts'
import type { Outcome } from '../outcome.ts'
import { distinctKeys, type Keys } from './keys.ts'
import { type Body, resolveOf } from './message.ts'
import type { Paced } from './paced.ts'
import type { Plan } from './plan.ts'

/** After a failure that no key's own pause covers, the first and the longest. */
const PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 300_000

/** The requests of a step. */
export function planOf(alert: Alert, step: Step, keys: Keys): Plan {
  const body = alert.body as unknown as Body
  if (step.kind === 'open') return { kind: 'page', tier: step.tier, body, again: step.urgency === 'refresh' }
  // With one key for all tiers, closing at the old tier would close what has just been opened at the new one.
  const open = alert.want === 'open' && alert.accepted !== null ? keys[alert.accepted.tier].key : null
  const tiers = step.tiers.filter((tier) => open === null || keys[tier].key !== open)
  return tiers.length === 0 ? { kind: 'nothing' } : { kind: 'resolve', body: resolveOf(body), tiers }
}

/** What the outcomes mean for the record. */
export function sendingOf(
  step: Step,
  alert: Alert,
  plan: Plan,
  got: readonly Outcome[],
  keys: Keys,
  pace: Paced,
  now: number,
): Sending {
  const sent = got.filter(({ outcome }) => outcome === 'sent').flatMap(({ tiers }) => tiers)
  const failure = step.kind === 'open' && sent.length > 0 ? undefined : failureIn(step, got)
  return {
    taken: step.kind === 'open' ? sent : [...sent, ...needless(step.tiers, alert, plan, got, keys)],
    failed: failure?.says ?? null,
    hopeless: failure?.hopeless === true,
    next_at: pace.next_at() || now + Math.min(PAUSE_MS * 2 ** Math.min(alert.tries, 4), LONGEST_PAUSE_MS),
  }
}

function failureIn(step: Step, got: readonly Outcome[]): Outcome | undefined {
  const last = got.findLast(({ outcome }) => outcome === 'failed')
  // A resolve that is refused for its key has nothing to close; a page that is refused has not arrived.
  return last ?? (step.kind === 'open' ? got.findLast(({ outcome }) => outcome === 'rejected') : undefined)
}

/** What is known to be open with a key that is not set any more stays open until it is again. */
export function orphaned(plan: Plan, alert: Alert, keys: Keys): Outcome[] {
  if (plan.kind !== 'resolve' || distinctKeys(keys).length === 0) return []
  return (plan.tiers ?? TIERS)
    .filter((tier) => keys[tier].state === 'missing' && alert.at[tier] === 'open')
    .map((tier) => {
      const says = `not resolved on ${tier} line, where it is open: ${keys[tier].problem}`
      return { outcome: 'failed', tiers: [tier], says, tries: 0 }
    })
}

/** Tiers at which nothing can be open: PagerDuty does not know their key, they never had one, or it is the key of the open page. */
function needless(tiers: readonly Tier[], alert: Alert, plan: Plan, got: readonly Outcome[], keys: Keys): Tier[] {
  const unknown = got.filter(({ outcome }) => outcome === 'rejected').flatMap((outcome) => outcome.tiers)
  const asked = plan.kind === 'resolve' ? (plan.tiers ?? TIERS) : []
  const any = distinctKeys(keys).length > 0
  return tiers.filter(
    (tier) =>
      !asked.includes(tier) || unknown.includes(tier) || (any && keys[tier].state === 'missing' && alert.at[tier] === 'unsure'),
  )
}
