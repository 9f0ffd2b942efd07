import { valueWithoutSecrets } from '../deliver/redact-value.ts'
import { withoutSecrets } from '../deliver/text.ts'
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
  /** The event as it came, without secrets. */
  readonly raw: unknown
  readonly event: Event
  readonly facts: Facts
  readonly decision: Decision
}

export type Judgement = Judged | { readonly where: string; readonly refused: string }

/** What every event of an input is judged by. */
export interface Circumstances {
  readonly policy: Policy
  readonly outside: Outside
  /** The moment of the decision, in seconds. */
  readonly clock: (event: Event) => number
  /** Texts that are taken out of every event before anything else sees it. */
  readonly secrets: readonly string[]
}

export type ReadEvent = Pick<Judged, 'where' | 'raw' | 'event'>

/** One event of an input as it was read, or why it could not be. */
export type Read = ReadEvent | { readonly where: string; readonly refused: string }

/** Reads an input and decides about each event in it. */
export function judge(bytes: Uint8Array, { policy, outside, clock, secrets }: Circumstances): Judgement[] {
  return readAll(bytes, secrets).map((read) => ('refused' in read ? read : judgeEvent(read, policy, clock(read.event), outside)))
}

export function readAll(bytes: Uint8Array, secrets: readonly string[]): Read[] {
  const { text, problem } = decode(bytes)
  return documentsOf(text).map((document): Read => {
    if ('refused' in document) return { ...document, refused: withoutSecrets(document.refused, secrets) }
    const raw = valueWithoutSecrets(document.value, secrets)
    const reading = readEvent(raw, validateEvent)
    if ('refused' in reading) return { where: document.where, refused: reading.refused }
    const event = problem === null ? reading.event : { ...reading.event, problems: [problem, ...reading.event.problems] }
    return { where: document.where, raw, event }
  })
}

export function judgeEvent(read: ReadEvent, policy: Policy, now: number, outside: Outside): Judged {
  const facts = assess(read.event, policy, now, outside)
  return { ...read, facts, decision: decide(facts) }
}

/** What is known besides the event: a policy file that cannot be used leaves the policy unknown, and pages tell of `problems`. */
export function outsideOf(in_force: PolicyInForce, problems: readonly string[] = []): Outside {
  if (in_force.errors.length === 0) return { ...NOTHING_KNOWN, problems }
  const problem = `the policy could not be used, so the defaults apply: ${in_force.errors[0]}`
  return { ...NOTHING_KNOWN, unknown: ['policy'], problems: [problem, ...problems] }
}
