import fc from 'fast-check'
import { expect, it } from 'vitest'
import { assess } from '../../lib/facts/assess.ts'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { calledFor, firstReason, isHeard, ruleOf } from '../../lib/triage/alone.ts'
import { decide } from '../../lib/triage/decide.ts'
import { verdictAlone } from '../../lib/triage/verdict-alone.ts'
import { raw_event } from '../support/raw-events.ts'
import { verdictOf } from '../support/verdict.ts'

const aloneOf = (policy: Policy) => ({
  rules: policy.rules,
  allow: policy.annotations.allow,
  load_checks: policy.noise.load_checks,
  status_map: policy.pagerduty.status_map,
  alert_after: policy.noise.alert_after,
})
const defaults = aloneOf(DEFAULT_POLICY)

const because = 'As agreed.'
const with_rules = Policy.parse({
  rules: [
    { match: { check: 'load' }, drop: true, because },
    { match: { class: 'load' }, record: true, because },
    { match: { severity: 'critical', entity: 'web-*' }, tier: 'second', final: true, because },
    { match: { labels: { asg_name: '*' } }, tier: 'third', because },
  ],
})

it.each([
  ['no rules', DEFAULT_POLICY],
  ['rules', with_rules],
])('with %s: says of an event alone what rows 0 to 6 say, and whom any later row calls', (_, policy) => {
  fc.assert(
    fc.property(raw_event, (raw) => {
      const { event, decision, tier, should_handle } = verdictOf(raw, policy)
      const alone = aloneOf(policy)
      const reason = firstReason(event, alone)
      expect(isHeard(reason)).toBe(should_handle)
      expect(isHeard(reason) ? calledFor(event, alone, ruleOf(event, alone)) : 'none').toBe(tier)
      // A rule that only names a tier has the same reason as one that drops.
      if (reason !== null) expect(reason).toBe(decision.reason)
      else expect(decision.action).toBe('page')
    }),
    { numRuns: 3000 },
  )
})

it('by the default policy it is the whole decision, at any time', () => {
  fc.assert(
    fc.property(raw_event, fc.constantFrom(0, 1, 59, 60, 180, 300, 86_400), (raw, later) => {
      const { event } = verdictOf(raw)
      const now = (event.check?.executed || event.timestamp) + later
      const facts = assess(event, DEFAULT_POLICY, now, NOTHING_KNOWN)
      const { action, tier, reason } = decide(facts)
      const expected = { tier: tier ?? 'none', reason, class: facts.class, severity: facts.severity, action }
      expect(verdictAlone(event, defaults, now)).toEqual(expected)
    }),
    { numRuns: 5000 },
  )
})
