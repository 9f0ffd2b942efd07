import type { Event } from '../event/event.ts'
import { readEvent } from '../event/read.ts'
import { decode, documentsOf } from '../event/text.ts'
import { validateEvent } from '../event/validate.ts'
import { assess } from '../facts/assess.ts'
import { type Facts, NOTHING_KNOWN, type Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import { decide } from '../triage/decide.ts'
import type { Decision } from '../triage/decision.ts'
import type { PolicyInForce } from './policy.ts'

/** One event with everything that was made of it. */
export interface Judged {
  /** Where in the input it stood; empty when it was alone. */
  readonly where: string
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
}

export type Judgement = Judged | { readonly where: string; readonly refused: string }

/** Reads an input and decides about each event in it. `clock` gives the moment of the decision, in seconds. */
export function judge(bytes: Uint8Array, policy: Policy, outside: Outside, clock: (event: Event) => number): Judgement[] {
  const { text, problem } = decode(bytes)
  return documentsOf(text).map((document): Judgement => {
    if ('refused' in document) return document
    const reading = readEvent(document.value, validateEvent)
    if ('refused' in reading) return { where: document.where, refused: reading.refused }
    const event = problem === null ? reading.event : { ...reading.event, problems: [problem, ...reading.event.problems] }
    const facts = assess(event, policy, clock(event), outside)
    return { where: document.where, event, facts, decision: decide(facts) }
  })
}

/** What a policy in force adds to what is known: a file that cannot be used leaves the policy unknown. */
export function outsideOf(in_force: PolicyInForce): Outside {
  if (in_force.errors.length === 0) return NOTHING_KNOWN
  const problem = `the policy could not be used, so the defaults apply: ${in_force.errors[0]}`
  return { ...NOTHING_KNOWN, unknown: ['policy'], problems: [problem] }
}
