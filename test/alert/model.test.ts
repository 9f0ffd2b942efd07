import fc from 'fast-check'
import { expect, it } from 'vitest'
import { advance } from '../../lib/alert/advance.ts'
import type { Alert, Order } from '../../lib/alert/alert.ts'
import type { News } from '../../lib/alert/news.ts'
import { afterStep, leaving } from '../../lib/alert/sent.ts'
import { pendingOf, type Step, stepsOf } from '../../lib/alert/steps.ts'
import { TIERS, type Tier } from '../../lib/event/settings.ts'
import type { Decision } from '../../lib/triage/decision.ts'
import { anEvent } from '../support/event.ts'

/*
 * One identity, its events in any order, and requests that arrive or do not, whose answers arrive or do not, by processes that live or do
 * not; against what should come of it, which knows nothing of records and steps.
 */

const PATIENCE = { refresh: 1800, last_resort: 900 }

type What = 'first' | 'second' | 'hold' | 'silenced' | 'leaving' | 'ok'

/** One event of Sensu, the later ones with the higher number. */
interface Told {
  readonly order: Order
  readonly what: What
}

/** What should be. */
interface Model {
  newest: Order
  want: 'none' | 'held' | 'open'
  tier: Tier
  episode: number
}

/** What is: the record, and PagerDuty. */
interface Real {
  now: number
  alert: Alert | null
  under_way: { readonly step: Step; readonly before: Alert; readonly wanted: Model['want']; readonly episode: number } | null
  readonly kept_back: Told[]
  number: number
  readonly open: Set<Tier>
  readonly rung: string[]
}

type Play = fc.Command<Model, Real>

function command(name: string, run: (model: Model, real: Real) => void, check: (model: Model) => boolean = () => true): Play {
  return { check, run, toString: () => name }
}

const DECISIONS = {
  first: { action: 'page', tier: 'first', reason: 'warning' },
  second: { action: 'page', tier: 'second', reason: 'service_down' },
  hold: { action: 'hold', tier: 'first', reason: 'too_young' },
  silenced: { action: 'drop', tier: null, reason: 'silenced' },
  leaving: { action: 'drop', tier: null, reason: 'leaving' },
  ok: { action: 'resolve', tier: null, reason: 'resolved' },
} as const

function newsOf({ order, what }: Told, now: number): News {
  const decision: Decision = { ...DECISIONS[what], says: what, hold_until: what === 'hold' ? now + 60 : null }
  return {
    identity: 'prod/web-01/http',
    namespace: 'prod',
    entity: 'web-01',
    check: 'http',
    order,
    decision,
    severity: what === 'second' ? 'critical' : what === 'first' ? 'warning' : 'info',
    event: anEvent(),
    trigger: (tier) => ({ event_action: 'trigger', tier }),
    resolve: () => ({ event_action: 'resolve' }),
    settled_at: null,
    can_hold: false,
    cover: null,
    now,
  }
}

/** Of an event, what should come of it; the newest counts, and of equals the last. */
function expectAfter(model: Model, { order, what }: Told, known: Alert | null): void {
  if (order.executed < model.newest.executed) return
  if (order.executed === model.newest.executed && order.sequence < model.newest.sequence) return
  model.newest = order
  const over = what === 'ok' || what === 'leaving' || (what === 'silenced' && (model.want === 'held' || known?.rung.length === 0))
  if (over) {
    if (model.want !== 'none') model.episode++
    model.want = 'none'
  } else if (what !== 'silenced') {
    const rising = what === 'second' || (model.want !== 'none' && model.tier === 'second')
    model.tier = rising ? 'second' : 'first'
    model.want = what === 'hold' && model.want !== 'open' ? 'held' : 'open'
  }
}

function arrive(model: Model, real: Real, told: Told): void {
  expectAfter(model, told, real.alert)
  real.alert = advance(real.alert, newsOf(told, real.now)).alert
}

function begin(model: Model, real: Real, last_resort = false): boolean {
  if (real.alert === null || real.under_way !== null) return false
  const step = stepsOf(real.alert, real.now, PATIENCE)[last_resort ? 1 : 0]
  if (step === undefined) return false
  real.alert = leaving(real.alert, step)
  real.under_way = { step, before: real.alert, wanted: model.want, episode: model.episode }
  return true
}

/** The request gets there. */
function reach(real: Real): void {
  if (real.under_way === null) return
  const { step, wanted, episode } = real.under_way
  const was_open = real.open.size > 0
  if (step.kind === 'close') for (const tier of step.tiers) real.open.delete(tier)
  else if (!real.open.has(step.tier)) {
    real.open.add(step.tier)
    const ring = `${step.tier} in episode ${episode}`
    expect(real.rung).not.toContain(ring)
    real.rung.push(ring)
  }
  if (was_open && wanted === 'open') expect(real.open.size).toBeGreaterThan(0)
}

function answered(real: Real, well: boolean): void {
  if (real.under_way === null || real.alert === null) return
  const { step, before } = real.under_way
  const taken = !well ? [] : step.kind === 'open' ? [step.tier] : step.tiers
  const sending = { taken, failed: well ? null : 'no answer', hopeless: false, next_at: (real.now + 30) * 1000 }
  real.alert = afterStep(real.alert, before, step, sending, real.now)
  real.under_way = null
}

const told = fc.constantFrom<What>('first', 'first', 'second', 'hold', 'silenced', 'leaving', 'ok', 'ok')

const commands = fc.commands(
  [
    fc.record({ what: told, same_second: fc.boolean() }).map(({ what, same_second }) =>
      command(`event ${what}`, (model, real) => {
        if (!same_second) real.now += 10
        arrive(model, real, { order: { executed: real.now, sequence: ++real.number }, what })
      }),
    ),
    told.map((what) =>
      command(`event ${what}, kept back`, (_, real) => {
        real.now += 10
        real.kept_back.push({ order: { executed: real.now, sequence: ++real.number }, what })
      }),
    ),
    fc.record({ which: fc.nat(20), again: fc.boolean() }).map(({ which, again }) =>
      command('an event that was kept back', (model, real) => {
        const found = real.kept_back[which % Math.max(1, real.kept_back.length)]
        if (found === undefined) return
        if (!again) real.kept_back.splice(real.kept_back.indexOf(found), 1)
        arrive(model, real, found)
      }),
    ),
    fc.constant(command('a request leaves', (model, real) => void begin(model, real))),
    fc.constant(command('the last resort leaves', (model, real) => void begin(model, real, true))),
    fc.constantFrom('taken', 'taken', 'not taken', 'answer lost').map((how) =>
      command(`a request is ${how}`, (_, real) => {
        if (how !== 'not taken') reach(real)
        answered(real, how === 'taken')
      }),
    ),
    fc.boolean().map((arrived) =>
      command(`the process is killed ${arrived ? 'after' : 'before'} the request arrived`, (_, real) => {
        if (arrived) reach(real)
        real.under_way = null
      }),
    ),
    fc.constantFrom(60, 900, 2000).map((seconds) =>
      command(`${seconds} s pass`, (_, real) => {
        real.now += seconds
      }),
    ),
  ],
  { maxCommands: 60, size: 'max' },
)

it('whatever happens: open where the newest event says so, one ring a tier and episode, never open nowhere', () => {
  fc.assert(
    fc.property(commands, (played) => {
      const model: Model = { newest: { executed: 0, sequence: 0 }, want: 'none', tier: 'first', episode: 1 }
      const real: Real = { now: 10_000, alert: null, under_way: null, kept_back: [], number: 0, open: new Set(), rung: [] }
      fc.modelRun(() => ({ model, real }), played)
      for (const event of real.kept_back) arrive(model, real, event)
      if (real.under_way !== null) {
        reach(real)
        answered(real, true)
      }
      for (let requests = 0; begin(model, real); requests++) {
        reach(real)
        answered(real, true)
        expect(requests).toBeLessThan(10)
      }
      const open = TIERS.filter((tier) => real.open.has(tier))
      if (model.want === 'open') {
        // The third line may have been called as the last resort.
        expect(open.filter((tier) => tier !== 'third')).toEqual([model.tier])
      }
      if (model.want === 'none') expect(open).toEqual([])
      if (real.alert !== null) expect(pendingOf(real.alert)).toBeNull()
    }),
    { numRuns: 3000 },
  )
})
