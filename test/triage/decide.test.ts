import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../lib/event/event.ts'
import { readEvent } from '../../lib/event/read.ts'
import { SETTING_NAMES, TIERS } from '../../lib/event/settings.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import { assess } from '../../lib/facts/assess.ts'
import { type Facts, NOTHING_KNOWN, type Outside } from '../../lib/facts/facts.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { decide, granted } from '../../lib/triage/decide.ts'
import { ACTIONS, REASONS } from '../../lib/triage/decision.ts'
import type { Row, Wish } from '../../lib/triage/rules.ts'
import { trace } from '../../lib/triage/trace.ts'
import { aCheck, anEvent } from '../support/event.ts'

const NOW = 1_777_972_901
const seconds = fc.oneof(fc.integer({ min: NOW - 5000, max: NOW + 100 }), fc.nat({ max: 4_000_000_000 }), fc.constant(0))
const someStatus = fc.constantFrom<unknown[]>(0, 0, 1, 2, 3, 126, 127, 4_294_967_295, -1, null, 'two', 1.5)
const someAnnotations = fc.dictionary(
  fc.constantFrom(...SETTING_NAMES.map((name) => `tierline/${name}`)),
  fc.constantFrom(
    'first',
    'second',
    'third',
    'none',
    'group',
    'instance',
    'load',
    'true',
    'false',
    '0',
    '5m',
    'soon',
    'https://a/b',
  ),
  { maxKeys: 3 },
)
const someName = fc.constantFrom('http-healthz', 'cpu-usage', 'keepalive', 'registration', 'deregistration', 'disk', 'a b/c')
const someOutput = fc.constantFrom(
  '',
  'CRITICAL',
  'Resolving due to entity deregistering',
  'Resolved manually by sensuctl',
  'Last check execution was 900 seconds ago',
)

const someRawEvent = fc.record(
  {
    timestamp: seconds,
    metadata: fc.record({ namespace: fc.constantFrom('prod', 'dev'), annotations: someAnnotations }, { requiredKeys: [] }),
    entity: fc.record({
      metadata: fc.record({
        name: fc.constantFrom('web-03', 'db-01'),
        annotations: someAnnotations,
        labels: fc.constantFrom({}, null, { service: 'webshop' }),
      }),
    }),
    check: fc.record(
      {
        metadata: fc.record({ name: someName, annotations: someAnnotations }),
        status: someStatus,
        state: fc.constantFrom('', 'passing', 'failing', 'flapping'),
        output: someOutput,
        executed: seconds,
        last_ok: seconds,
        ttl: fc.constantFrom(-1, 0, 180),
        occurrences: fc.nat({ max: 3 }),
        processed_by: fc.constantFrom('', 'web-03'),
        silenced: fc.constantFrom<unknown[]>(null, [], ['entity:web-03:*']),
        history: fc.oneof(fc.constant(null), fc.array(fc.record({ status: someStatus, executed: seconds }), { maxLength: 21 })),
      },
      { requiredKeys: ['metadata'] },
    ),
    metrics: fc.constantFrom({ points: null }, { points: [{ name: 'a', value: 1, timestamp: 5 }] }),
  },
  { requiredKeys: ['entity'] },
)
const someEvent = someRawEvent
  .filter((raw) => raw.check !== undefined || raw.metrics !== undefined)
  .map((raw): Event => {
    const reading = readEvent(raw, validateEvent)
    if ('refused' in reading) throw new Error(reading.refused)
    return reading.event
  })

const someRule = fc
  .tuple(
    fc.constantFrom(
      { check: '*' },
      { check: 'http-*' },
      { class: 'keepalive' },
      { severity: ['error', 'critical'] },
      { labels: { service: '*' } },
    ),
    fc.constantFrom(
      { drop: true },
      { record: true },
      ...TIERS.map((tier) => ({ tier })),
      { tier: 'first', final: true },
      { tier: 'third', final: true },
    ),
  )
  .map(([match, then]) => ({ match, ...then, because: 'As agreed.' }))
const somePolicy = fc
  .record(
    {
      tiers: fc.constantFrom(
        {},
        { first: { hours: { zone: 'Europe/Amsterdam', windows: [{ days: ['mon', 'wed'], from: '09:00', to: '17:00' }] } } },
        {
          first: {
            hours: {
              zone: 'Pacific/Chatham',
              windows: [{ days: ['sun'], from: '22:00', to: '06:00' }],
              holidays: ['2026-05-10'],
            },
          },
        },
      ),
      rules: fc.array(someRule, { maxLength: 3 }),
      annotations: fc.record({ allow: fc.subarray([...SETTING_NAMES]) }, { requiredKeys: [] }),
      noise: fc.constantFrom({}, { alert_after: { service: 0, keepalive: 86_400 } }, { load_checks: ['*'] }),
      pagerduty: fc.constantFrom({}, { status_map: { info: [], warning: [1, 3], critical: [0, 127] } }),
    },
    { requiredKeys: [] },
  )
  .map((input) => Policy.parse(input))

const someOutside: fc.Arbitrary<Outside> = fc.record({
  unknown: fc.subarray(['policy', 'hours'] as const),
  group_trouble: fc.constantFrom(null, 'unknown', 'group_down', 'group_half', 'zone_down', 'leave_budget', 'churn'),
  phase: fc.constantFrom('unknown', 'warming', 'active', 'leaving', 'gone', 'parked', 'pooled', 'detached'),
  phase_evidence: fc.constantFrom('', 'Terminating:Wait'),
  within_leave_budget: fc.boolean(),
  phase_overdue: fc.boolean(),
  scaling: fc.constantFrom('unknown', 'idle', 'launching', 'launched', 'cannot'),
  replacement: fc.constantFrom('unknown', 'none', 'running', 'overdue'),
  covered_by: fc.constantFrom(null, 'group', 'keepalive'),
  standing: fc.constantFrom(null, 'open', 'held', 'covered', 'closed'),
  closed_for: fc.constantFrom(null, 5, 3600),
  can_hold: fc.boolean(),
  problems: fc.constantFrom([], ['the snapshot is stale']),
})

const someFacts = fc.tuple(someEvent, somePolicy, seconds, someOutside)

function property(run: (facts: Facts, event: Event) => void): void {
  fc.assert(
    fc.property(someFacts, ([event, policy, now, outside]) => run(assess(event, policy, now, outside), event)),
    { numRuns: 2000 },
  )
}

describe('decide, for any event, policy, clock and outside', () => {
  it('answers with a known action and reason, a tier where one is called, and no nonsense', () => {
    property((facts) => {
      const decision = decide(facts)
      expect(ACTIONS).toContain(decision.action)
      expect(REASONS).toContain(decision.reason)
      if (decision.action === 'page' || decision.action === 'hold') expect(TIERS).toContain(decision.tier)
      else expect(decision.tier).toBeNull()
      if (decision.action !== 'hold') expect(decision.hold_until).toBeNull()
      if (decision.hold_until !== null) {
        expect(Number.isSafeInteger(decision.hold_until)).toBe(true)
        expect(decision.hold_until).toBeGreaterThan(facts.now)
      }
      expect(decision.says).not.toMatch(/NaN|undefined|Infinity|\[object|[\r\n]/)
      expect(decision.says).toMatch(/^\S.*[.)]$/)
    })
  })

  it('answers the same again, and changes no fact', () => {
    property((facts) => {
      const before = JSON.stringify(facts)
      const decision = decide(facts)
      expect(decide(facts)).toEqual(decision)
      expect(trace(facts).at(-1)?.decision).toEqual(decision)
      expect(JSON.stringify(facts)).toBe(before)
    })
  })

  it('assesses without NaN, and the same again', () => {
    fc.assert(
      fc.property(someFacts, ([event, policy, now, outside]) => {
        const facts = assess(event, policy, now, outside)
        expect(assess(event, policy, now, outside)).toEqual(facts)
        for (const value of Object.values(facts)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
        expect(facts.failing_for).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('closes every recovery', () => {
    property((facts) => {
      if (facts.recovery !== 'none') expect(decide(facts).action).toBe('resolve')
      else expect(decide(facts).action).not.toBe('resolve')
    })
  })

  it('pages for a status that is no number', () => {
    property((facts) => {
      if (facts.status !== null) return
      expect(decide(facts)).toMatchObject({ action: 'page', reason: 'fail_open' })
      expect(facts.unknown).toContain('status')
    })
  })

  it('pages nobody for metrics, notices and an OK', () => {
    property((facts) => {
      if (facts.status === null) return
      if (facts.class === 'metrics' || facts.class === 'notice' || facts.grade === 'ok')
        expect(['record', 'resolve']).toContain(decide(facts).action)
    })
  })

  it('holds nothing that nobody would release', () => {
    property((facts) => {
      const free = decide({ ...facts, can_hold: true })
      const bound = decide({ ...facts, can_hold: false })
      expect(bound.action).not.toBe('hold')
      if (free.action === 'hold') expect(bound).toMatchObject({ action: 'page', tier: free.tier })
      else expect(bound).toEqual(free)
    })
  })

  it('keeps nothing more back when less is known', () => {
    property((facts) => {
      const known = decide({ ...facts, unknown: [] })
      const unknown = decide({ ...facts, unknown: ['policy', 'hours', 'status'] })
      if (known.action === 'page' || known.action === 'resolve')
        expect(unknown).toMatchObject({ action: known.action, tier: known.tier })
    })
  })

  it('keeps nothing back because of autoscaling while that is unknown', () => {
    property((facts) => {
      const { reason } = decide({ ...facts, ...NOTHING_KNOWN, can_hold: true })
      const suppressing = [
        'leaving',
        'gone',
        'pooled',
        'standby',
        'warming',
        'scaling_out',
        'covered_by_group',
        'covered_by_keepalive',
        'replacing',
      ]
      expect(suppressing).not.toContain(reason)
    })
  })

  it('calls the second line at any hour for a group, unless its owner or a rule says otherwise', () => {
    property((facts) => {
      if (facts.grade === 'ok' || facts.status === null || facts.class === 'notice' || facts.recovery !== 'none') return
      if (facts.settings.never_page || facts.rule !== null) return
      expect(decide({ ...facts, group_trouble: 'group_down' })).toMatchObject({
        action: 'page',
        tier: 'second',
        reason: 'group_down',
      })
    })
  })

  it('pages at night when no morning is known to come', () => {
    property((facts) => {
      const decision = decide({ ...facts, hours: 'out', hours_start: null, can_hold: true })
      expect(decision.reason).not.toBe('night_hold')
    })
  })

  it('lets only the first line sleep', () => {
    property((facts) => {
      const decision = decide({ ...facts, can_hold: true })
      if (decision.reason === 'night_hold') expect(decision).toMatchObject({ tier: 'first' })
    })
  })
})

describe('a hold', () => {
  const policy = Policy.parse({})
  const raw = aCheck({
    executed: NOW,
    history: [
      { status: 0, executed: NOW - 3600 },
      { status: 2, executed: NOW },
    ],
    last_ok: NOW - 3600,
  })
  const outside: Outside = { ...NOTHING_KNOWN, can_hold: true }

  it('ends: the same event, decided again when its time is up and nothing newer came, pages', () => {
    const event = anEvent({ check: raw })
    const held = decide(assess(event, policy, NOW, outside))
    expect(held).toMatchObject({ action: 'hold', reason: 'too_young', hold_until: NOW + 60 })
    expect(decide(assess(event, policy, held.hold_until ?? 0, outside))).toMatchObject({ action: 'page', reason: 'machine_down' })
  })
})

describe('granted', () => {
  const facts = assess(anEvent(), Policy.parse({}), NOW, NOTHING_KNOWN)
  const hold: Wish = { action: 'hold', tier: 'first', reason: 'night_hold', says: 'It can wait.', hold_until: NOW + 5 }
  const drop: Wish = { action: 'drop', tier: null, reason: 'opted_out', says: 'Nobody wants it.' }
  const row: Row = { row: 1, reasons: ['night_hold'], about: '', needs: ['policy'], wish: () => null }

  it.each<[string, Wish, Partial<Facts>, unknown]>([
    ['a hold that can be released', hold, { can_hold: true }, { action: 'hold', tier: 'first', hold_until: NOW + 5 }],
    ['a hold that cannot', hold, { can_hold: false }, { action: 'page', tier: 'first', reason: 'night_hold', hold_until: null }],
    [
      'a hold on an unknown policy',
      hold,
      { can_hold: true, unknown: ['policy'] },
      { action: 'page', reason: 'fail_open', hold_until: null },
    ],
    ['a hold, and something else is unknown', hold, { can_hold: true, unknown: ['hours'] }, { action: 'hold' }],
    ['a drop', drop, {}, { action: 'drop', tier: null, hold_until: null }],
    ['a drop on an unknown policy', drop, { unknown: ['policy'] }, { action: 'page', tier: 'first', reason: 'fail_open' }],
  ])('%s', (_, wish, change, expected) => {
    expect(granted(wish, row, { ...facts, ...change })).toMatchObject(expected as object)
  })
})
