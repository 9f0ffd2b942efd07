import type { Alert } from '../../alert/alert.ts'
import { afterStep, leaving, type Sending } from '../../alert/sent.ts'
import { quietUntil, type Step, stepsOf } from '../../alert/steps.ts'
import { TIERS, type Tier } from '../../event/settings.ts'
import type { Change, JournalEntry } from '../../state/store.ts'
import { instant } from '../../triage/words.ts'
import type { Outcome } from '../outcome.ts'
import { deliver, sender } from './deliver.ts'
import { distinctKeys, type Keys } from './keys.ts'
import type { Means } from './means.ts'
import { type Body, resolveOf } from './message.ts'
import { type Paced, paced } from './paced.ts'
import type { Plan } from './plan.ts'

/** A process that is killed keeps its lease for so long after its deadline. */
const GRACE_MS = 2000
const LOOK_AGAIN_MS = 100
/** After a failure that no key's own pause covers, the first and the longest. */
const PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 300_000

/**
 * Sends what the record of an identity asks for, one step after another, until nothing is left, something fails or `deadline`
 * (ms since 1970) is near. Only one process sends for an identity at a time: a page that is slow to arrive could
 * otherwise come after the resolve that another sends, and stay open.
 */
export async function fulfil(identity: string, means: Means, deadline: number): Promise<Outcome[]> {
  const { store, time } = means
  const outcomes: Outcome[] = []
  let last_resort = false
  for (let failed = false; ; ) {
    const claim = await claimStep(identity, means, deadline, failed, last_resort)
    if (claim === 'done') return outcomes
    if (claim === 'taken') {
      if (time.now() + LOOK_AGAIN_MS >= deadline) return [...outcomes, queued('another run of Tierline is sending for it')]
      await time.sleep(LOOK_AGAIN_MS)
    } else if ('later' in claim) {
      if (!failed) outcomes.push(queued(claim.later))
      return outcomes
    } else {
      const { alert, step, rung } = claim
      const pace = paced(means, step.kind === 'close' ? 'resolve' : step.urgency)
      const plan = planOf(alert, step, means.keys)
      const delivered = await deliver(plan, means.keys, pace.send(sender(pace.post, time, deadline)))
      const got = [...delivered, ...orphaned(plan, alert, means.keys)]
      const sending = sendingOf(step, alert, plan, got, means.keys, pace, time.now())
      outcomes.push(...got.map((outcome) => kept(outcome, sending, pace)))
      if (sending.failed !== null) failed = true
      if (step.kind === 'open' && step.besides) last_resort = true
      await store.change(identity, (now) => ({
        ...(now === null ? {} : { alert: afterStep(now, alert, step, sending, Math.floor(time.now() / 1000)) }),
        journal: got.map((outcome) => entryOf(alert, kept(outcome, sending, pace), time.now())),
        count: countsOf(alert, rung, step, sending),
        result: null,
      }))
    }
  }
}

type Claim =
  | 'done'
  | 'taken'
  | { readonly later: string }
  | { readonly alert: Alert; readonly step: Step; readonly rung: readonly Tier[] }

function claimStep(identity: string, means: Means, deadline: number, failed: boolean, last_resort: boolean): Promise<Claim> {
  const { store, time, by, patience } = means
  return store.change(identity, (alert): Change<Claim> => {
    const now = time.now()
    if (alert === null) return { result: 'done' }
    if (alert.lease !== null && alert.lease.by !== by && alert.lease.until > now) return { result: 'taken' }
    const free = alert.lease === null ? {} : { alert: { ...alert, lease: null } }
    const steps = stepsOf(alert, Math.floor(now / 1000), patience)
    // After a failure only the last resort is left to try, once.
    const left = failed ? steps.filter((one) => one.kind === 'open' && one.besides && !last_resort) : steps
    const step = left[0]
    const quiet = failed ? null : quietUntil(alert, Math.floor(now / 1000), patience)
    if (step === undefined)
      return { ...(quiet === null ? free : { alert: { ...alert, lease: null, next_at: quiet } }), result: 'done' }
    if (!failed && alert.next_at > now) return { ...free, result: { later: waiting(alert) } }
    if (now >= deadline) return { ...free, result: { later: 'no time was left to send it' } }
    const claimed = { ...leaving(alert, step), lease: { by, until: deadline + GRACE_MS } }
    return { alert: claimed, result: { alert: claimed, step, rung: alert.rung } }
  })
}

function waiting({ last_error, next_at }: Alert): string {
  return `${last_error || 'it waits its turn'}; next try at ${instant(Math.ceil(next_at / 1000))}`
}

function planOf(alert: Alert, step: Step, keys: Keys): Plan {
  const body = alert.body as unknown as Body
  if (step.kind === 'open') return { kind: 'page', tier: step.tier, body }
  // With one key for all tiers, closing at the old tier would close what has just been opened at the new one.
  const open = alert.want === 'open' && alert.accepted !== null ? keys[alert.accepted.tier].key : null
  const tiers = step.tiers.filter((tier) => open === null || keys[tier].key !== open)
  return tiers.length === 0 ? { kind: 'nothing' } : { kind: 'resolve', body: resolveOf(body), tiers }
}

/** What the outcomes mean for the record. */
function sendingOf(step: Step, alert: Alert, plan: Plan, got: readonly Outcome[], keys: Keys, pace: Paced, now: number): Sending {
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
function orphaned(plan: Plan, alert: Alert, keys: Keys): Outcome[] {
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

/** What failed, and is remembered, is not lost; nor is what the server refused for a reason that somebody can mend. */
function kept(outcome: Outcome, { hopeless, failed }: Sending, pace: Paced): Outcome {
  if ((outcome.outcome !== 'failed' && outcome.says !== failed) || hopeless) return outcome
  const resting = outcome.tries === 0 && pace.next_at() > 0
  return { ...outcome, outcome: 'queued', says: `${outcome.says}; it is kept and tried again`, ...(resting ? { resting } : {}) }
}

function queued(says: string): Outcome {
  return { outcome: 'queued', tiers: [], says, tries: 0 }
}

function countsOf({ reason }: Alert, before: readonly Tier[], step: Step, { taken, failed }: Sending): Record<string, number> {
  if (step.kind === 'close') return failed === null ? {} : { 'deliveries.failed': 1 }
  const rung = taken.filter((tier) => !before.includes(tier)).map((tier) => [`pages.${tier}.${reason}`, 1])
  return { ...Object.fromEntries(rung), ...(failed === null ? {} : { 'deliveries.failed': 1 }) }
}

function entryOf(alert: Alert, outcome: Outcome, now: number): JournalEntry {
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
