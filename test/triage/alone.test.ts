import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { prospectOf } from '../../lib/triage/alone.ts'
import { raw_event } from '../support/raw-events.ts'
import { verdictOf } from '../support/verdict.ts'

const policy = {
  rules: DEFAULT_POLICY.rules,
  allow: DEFAULT_POLICY.annotations.allow,
  load_checks: DEFAULT_POLICY.noise.load_checks,
  status_map: DEFAULT_POLICY.pagerduty.status_map,
}

it('says of an event alone what the decision table says when nothing else is known', () => {
  fc.assert(
    fc.property(raw_event, (raw) => {
      const { event, decision } = verdictOf(raw)
      const quiet = decision.reason === 'silenced' ? 'silenced' : 'nothing'
      expect(prospectOf(event, policy)).toBe(decision.action === 'resolve' ? 'resolve' : (decision.tier ?? quiet))
    }),
    { numRuns: 3000 },
  )
})
