import { TIERS, type Tier } from '../../event/settings.ts'
import type { Outcome } from '../outcome.ts'
import { cut } from '../text.ts'
import { type Attempt, attempt, type Post, type Time } from './attempt.ts'
import { distinctKeys, type Keys, tiersToTry } from './keys.ts'
import { type Body, minimalBody } from './message.ts'
import type { Plan } from './plan.ts'
import { type PagerDutyEvent, SUMMARY_UNITS } from './schema.ts'

/** Makes a plan true, as far as `send` gets it through. Never throws, unless `send` does. */
export async function deliver(plan: Plan, keys: Keys, send: Send): Promise<Outcome[]> {
  if (plan.kind === 'page') return page(plan, keys, send)
  if (plan.kind === 'resolve') return resolve(plan.body, plan.tiers ?? TIERS, keys, send)
  return [{ outcome: 'skipped', tiers: [], says: 'nothing to tell PagerDuty', tries: 0 }]
}

/** An attempt, and what PagerDuty found fault with in the whole body before the minimal one went out; null when nothing. */
type Sent = Attempt & { readonly fault: string | null }
export type Send = (body: Body, key: string) => Promise<Sent>

/** Sends until `deadline`, in milliseconds of `time`. A body that PagerDuty finds fault with goes once more with nothing but what it has to have. */
export function sender(post: Post, time: Time, deadline: number): Send {
  return async (body, key) => {
    const whole = await attempt(withKey(body, key), post, time, deadline)
    if (whole.verdict.kind !== 'bad_body') return { ...whole, fault: null }
    const minimal = await attempt(withKey(minimalBody(body), key), post, time, deadline)
    return { ...minimal, tries: whole.tries + minimal.tries, fault: whole.verdict.why }
  }
}

/** Opens the alert at its tier; where the tier's key is missing or refused, at the next one, and says so in the page. */
async function page({ tier, body, again = false }: Plan & { kind: 'page' }, keys: Keys, send: Send): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let mark = ''
  const tried = new Set<string>()
  for (const next of tiersToTry(tier)) {
    const { key, problem } = keys[next]
    if (key === null) {
      mark ||= `[no usable key for ${line(tier)}] `
      if (next === tier)
        outcomes.push({ outcome: 'rejected', tiers: [next], says: `no page to ${line(next)}: ${problem}`, tries: 0 })
      continue
    }
    if (tried.has(key)) continue
    tried.add(key)
    const sent = await send(marked(body, mark), key)
    const { verdict, tries } = sent
    if (verdict.kind !== 'bad_key') return [...outcomes, pageOutcome(next, sent, again && next === tier)]
    mark = `[key of ${line(tier)} refused] `
    outcomes.push({ outcome: 'rejected', tiers: [next], says: `${keys[next].source} was refused: ${verdict.why}`, tries })
  }
  return [...outcomes, { outcome: 'failed', tiers: [tier], says: `${line(tier)} was not paged: no key is left to try`, tries: 0 }]
}

function pageOutcome(tier: Tier, { verdict, tries, fault }: Sent, again: boolean): Outcome {
  if (verdict.kind === 'accepted') {
    const how = fault === null ? '' : `, with a minimal body, for PagerDuty refused the whole one: ${fault}`
    return {
      outcome: 'sent',
      tiers: [tier],
      says: `${again ? 'updated the page of' : 'paged'} ${line(tier)}${after(tries)}${how}`,
      tries,
    }
  }
  const outcome = verdict.kind === 'failed' ? 'failed' : 'rejected'
  const says = `${line(tier)} was not paged: ${verdict.why}${after(tries)}`
  return { outcome, tiers: [tier], says, tries, hopeless: verdict.kind === 'bad_body' }
}

function after(tries: number): string {
  return tries > 1 ? ` (${tries} tries)` : ''
}

/** Closes the alert on the services of tiers at once: PagerDuty drops a resolve of what is not open there. */
async function resolve(body: Body, tiers: readonly Tier[], keys: Keys, send: Send): Promise<Outcome[]> {
  const targets = distinctKeys(keys).filter((target) => target.tiers.some((tier) => tiers.includes(tier)))
  if (distinctKeys(keys).length === 0) {
    return [{ outcome: 'failed', tiers: [], says: `nothing was resolved: ${keys.first.problem}`, tries: 0 }]
  }
  // What was opened there while the key still worked would stay open for ever, and Sensu sends the recovery once.
  const unreachable = tiers
    .filter((tier) => keys[tier].state === 'unusable')
    .map(
      (tier): Outcome => ({
        outcome: 'failed',
        tiers: [tier],
        says: `not resolved on ${line(tier)}: ${keys[tier].problem}`,
        tries: 0,
      }),
    )
  const reached = await Promise.all(
    targets.map(async ({ tiers, key }): Promise<Outcome> => {
      const { verdict, tries } = await send(body, key)
      const where = tiers.map(line).join(', ')
      if (verdict.kind === 'accepted') return { outcome: 'sent', tiers, says: `resolved on ${where}${after(tries)}`, tries }
      // Only a key that PagerDuty does not know can have nothing open.
      const outcome = verdict.kind === 'bad_key' ? 'rejected' : 'failed'
      const says = `not resolved on ${where}: ${verdict.why}${after(tries)}`
      return { outcome, tiers, says, tries, hopeless: verdict.kind === 'bad_body' }
    }),
  )
  return [...reached, ...unreachable]
}

function withKey(body: Body, routing_key: string): PagerDutyEvent {
  return { routing_key, ...body }
}

function marked(body: Body, mark: string): Body {
  if (mark === '' || body.payload === undefined) return body
  return { ...body, payload: { ...body.payload, summary: cut(mark + body.payload.summary, SUMMARY_UNITS) } } as Body
}

function line(tier: Tier): string {
  return `${tier} line`
}
