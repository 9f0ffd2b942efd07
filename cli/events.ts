import { fileURLToPath } from 'node:url'
import type { Argv } from 'yargs'
import { type Keys, keysOf, secretsOf } from '../lib/deliver/pagerduty/keys.ts'
import { oneLine } from '../lib/deliver/text.ts'
import type { Event } from '../lib/event/event.ts'
import { ranAt } from '../lib/event/ran-at.ts'
import type { Policy } from '../lib/policy/schema.ts'
import { UsageError } from '../lib/run/errors.ts'
import type { Io } from '../lib/run/io.ts'
import { type Judged, judge, outsideOf } from '../lib/run/judge.ts'
import { keySources } from '../lib/run/key-sources.ts'
import { type PolicyInForce, policyInForce } from '../lib/run/policy.ts'
import { momentOf, refuseRepeated } from './arguments.ts'
import { type Input, inputsOf } from './inputs.ts'

/** The samples that come with Tierline, two folders up from the executable. */
const SAMPLES = fileURLToPath(new URL('../../assets/events', import.meta.url))

export interface EventArgs {
  readonly paths?: readonly string[] | undefined
  readonly policy?: string | undefined
  readonly now?: string | undefined
  /** What stands behind `--`. */
  readonly '--'?: readonly string[]
}

/** The arguments of a command that judges events. */
export function eventArguments<T>(argv: Argv<T>) {
  return argv
    .option('policy', {
      type: 'string',
      requiresArg: true,
      describe: 'Policy file; without one TIERLINE_POLICY, or the defaults',
    })
    .option('now', {
      type: 'string',
      requiresArg: true,
      describe: "Moment of the decision: ISO 8601 with its offset, or `now`; without it each event's own time",
    })
}

export interface Setting {
  readonly in_force: PolicyInForce
  readonly policy: Policy
  readonly keys: Keys
  readonly secrets: readonly string[]
  readonly clock: (event: Event) => number
}

/** What the arguments and the environment set for all events of a command. */
export async function settingOf(args: EventArgs, io: Io): Promise<Setting> {
  refuseRepeated(args, ['policy', 'now'])
  const in_force = await policyInForce(args.policy ?? (io.env.TIERLINE_POLICY?.trim() || undefined))
  if (in_force.errors.length > 0) throw new UsageError(in_force.errors.join('\n'))
  for (const warning of in_force.warnings) io.stderr(`tierline: warning: ${warning}\n`)
  const sources = keySources(in_force.policy, io.env, { name: '--token', text: undefined })
  const { keys } = keysOf(sources)
  return { in_force, policy: in_force.policy, keys, secrets: secretsOf(sources), clock: clockOf(args.now, io) }
}

export type Seen = (Judged & { readonly source: string }) | { readonly source: string; readonly refused: string }

/** Every event of the inputs, judged one after another. */
export function* eventsOf(inputs: readonly Input[], { in_force, policy, secrets, clock }: Setting): Generator<Seen> {
  for (const input of inputs) {
    let bytes: Uint8Array
    try {
      bytes = input.read()
    } catch (error) {
      yield { source: input.source, refused: `cannot be read: ${oneLine((error as Error).message)}` }
      continue
    }
    for (const judgement of judge(bytes, { policy, secrets, clock, outside: outsideOf(in_force) })) {
      yield { ...judgement, source: judgement.where === '' ? input.source : `${input.source}, ${judgement.where}` }
    }
  }
}

/** The inputs of the arguments, or the samples without any. */
export function inputsFrom({ paths = [], '--': more = [] }: EventArgs, io: Io): Input[] {
  const all = [...paths, ...more]
  return inputsOf(all.length === 0 ? [SAMPLES] : all, io.stdin)
}

function clockOf(now: string | undefined, io: Io): (event: Event) => number {
  const current = () => Math.floor(io.now() / 1000)
  if (now === undefined) return (event) => ranAt(event) || current()
  if (now === 'now') return current
  const moment = momentOf(now)
  if (moment === null) {
    throw new UsageError(`--now: ${JSON.stringify(now)} is no time: write 2026-03-29T02:10:00+01:00, seconds since 1970, or now`)
  }
  return () => moment
}
