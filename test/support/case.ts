import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { WANTS } from '../../lib/alert/alert.ts'
import type { Event } from '../../lib/event/event.ts'
import { readEvent } from '../../lib/event/read.ts'
import { TIERS } from '../../lib/event/settings.ts'
import { SEVERITIES } from '../../lib/event/severity.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import { assess } from '../../lib/facts/assess.ts'
import { type Facts, NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { decide } from '../../lib/triage/decide.ts'
import { ACTIONS, type Decision, REASONS } from '../../lib/triage/decision.ts'

/** Golden cases, `test/cases/*.json`: one situation each, and what has to be decided in it. */
const Outside = z
  .strictObject({
    unknown: z.array(z.enum(['policy', 'hours', 'status'])).default([...NOTHING_KNOWN.unknown]),
    group_trouble: z
      .literal(['group_down', 'group_floor', 'group_half', 'group_burst', 'zone_down', 'leave_budget', 'churn', 'unknown', null])
      .default(NOTHING_KNOWN.group_trouble),
    phase: z
      .enum(['unknown', 'warming', 'active', 'leaving', 'gone', 'parked', 'pooled', 'detached'])
      .default(NOTHING_KNOWN.phase),
    phase_evidence: z.string().default(NOTHING_KNOWN.phase_evidence),
    within_leave_budget: z.boolean().default(NOTHING_KNOWN.within_leave_budget),
    phase_overdue: z.boolean().default(NOTHING_KNOWN.phase_overdue),
    scaling: z.enum(['unknown', 'idle', 'launching', 'launched', 'cannot']).default(NOTHING_KNOWN.scaling),
    replacement: z.enum(['unknown', 'none', 'running', 'overdue']).default(NOTHING_KNOWN.replacement),
    covered_by: z.literal(['group', 'keepalive', null]).default(NOTHING_KNOWN.covered_by),
    standing: z.enum(WANTS).nullable().default(null),
    closed_for: z.int().min(0).nullable().default(null),
    can_hold: z.boolean().default(NOTHING_KNOWN.can_hold),
    problems: z.array(z.string()).default([...NOTHING_KNOWN.problems]),
  })
  .meta({ description: 'What is known beyond the event; what is left out is not known.' })

const Expectation = z.strictObject({
  action: z.enum(ACTIONS),
  tier: z.literal([...TIERS, null]),
  reason: z.enum(REASONS),
  class: z.enum(['keepalive', 'ttl', 'load', 'service', 'notice', 'metrics']).optional(),
  severity: z.enum(SEVERITIES).optional(),
  grade: z.enum(['ok', 'warning', 'critical', 'broken']).optional(),
  failing_for: z.int().optional().meta({ description: 'Seconds.' }),
  identity: z.string().optional(),
  says_contains: z.string().optional().meta({ description: 'A part of the sentence that explains the decision.' }),
  problems_contain: z.string().optional().meta({ description: 'A part of one of the problems.' }),
  hold_until: z.iso.datetime({ offset: true }).nullable().optional(),
})

export const Case = z
  .strictObject({
    why: z.string().min(1).meta({ description: 'What an operator gains by this outcome.' }),
    event: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .meta({ description: 'Name of a file in assets/events or test/samples, or the event itself.' }),
    patch: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'What differs from that event: a JSON Merge Patch (RFC 7396).' }),
    policy: Policy.prefault({}),
    outside: Outside.prefault({}),
    now: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When the decision is made; left out, when the check ran or the event was sent.' }),
    expect: Expectation,
  })
  .meta({ title: 'Tierline golden case', description: 'One situation and the decision that has to follow.' })
export type Case = z.infer<typeof Case>

/** One run of a case, with everything on the way, so that a test may look where it likes. */
export function runCase(golden: Case): { event: Event; facts: Facts; decision: Decision } {
  const reading = readEvent(rawOf(golden), validateEvent)
  if ('refused' in reading) throw new Error(`the event is refused: ${reading.refused}`)
  const { event } = reading
  const now = golden.now === undefined ? event.check?.executed || event.timestamp : Date.parse(golden.now) / 1000
  const facts = assess(event, golden.policy, now, golden.outside)
  return { event, facts, decision: decide(facts) }
}

/** The event of a case as Sensu would send it. */
export function rawOf(golden: Case): unknown {
  const raw = typeof golden.event === 'string' ? readSample(golden.event) : golden.event
  return golden.patch === undefined ? raw : mergePatch(raw, golden.patch)
}

/** The parsed file of that name, ours before the borrowed ones. */
export function readSample(name: string): unknown {
  for (const folder of ['../../assets/events', '../samples']) {
    const file = new URL(`${folder}/${name}.json`, import.meta.url)
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new Error(`there is no event called ${name}`)
}

/** RFC 7396: objects merge, null removes, anything else replaces. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
