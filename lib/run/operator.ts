import { distinctKeys, type Keys } from '../deliver/pagerduty/keys.ts'
import type { Means } from '../deliver/pagerduty/means.ts'
import { oneLine } from '../deliver/text.ts'
import type { Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import { stateDirOf } from '../state/state-dir.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { outsideOf } from './judge.ts'
import { holder, type Memory, openMemory } from './memory.ts'
import { pagerduty_options } from './options/pagerduty.ts'
import { endpointOf, pagerduty, postLazily, TIME } from './pagerduty.ts'
import { meansOf } from './paging.ts'
import { setUp } from './setup.ts'

/** What the commands that work on the state take from their command line. */
export interface OperatorArgs {
  readonly policy?: string | undefined
  readonly 'state-dir'?: string | undefined
}

/** Everything that a command needs that works on the state and sends. */
export interface Operator {
  readonly memory: Memory & { readonly dir: string }
  readonly policy: Policy
  readonly outside: Outside
  readonly keys: Keys
  /** Texts that must never be printed or sent. */
  readonly secrets: readonly string[]
  /** Why nothing can be sent; null when something can. */
  readonly unsendable: string | null
  /** What is wrong with the policy and the settings, one line each. */
  readonly problems: readonly string[]
  readonly means: (store: NonNullable<Memory['store']>) => Means
}

/** Somebody who works on the state by hand, or a check that does, need not hurry. */
const PATIENT_MS = 20_000

/** Settles the options as tierline-pagerduty does, from the same variables and the same policy, and opens the state. */
export async function operatorOf(args: OperatorArgs, io: Io): Promise<Operator> {
  const flags = Object.fromEntries(
    (['policy', 'state-dir'] as const).flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])),
  )
  const { in_force, options, problems, policy, keys, key_error, secrets } = await setUp(
    pagerduty_options,
    pagerduty.configure,
    flags,
    io.env,
  )
  const folder = stateDirOf(options.state_dir.value, io.env)
  if (folder.dir === null) throw new UsageError(`there is no state to work on: ${folder.why}`)
  const memory = await openMemory(folder.dir, PATIENT_MS)
  const by = holder()
  const paging = { policy, keys, post: postLazily(endpointOf(policy), secrets, io.env), time: TIME }
  return {
    memory: { ...memory, dir: folder.dir },
    policy,
    outside: outsideOf(in_force, problems),
    keys,
    secrets,
    unsendable: key_error ?? (distinctKeys(keys).length === 0 ? keys.first.problem : null),
    problems: [...in_force.errors, ...problems, ...in_force.warnings],
    means: (store) => meansOf(store, paging, by),
  }
}

/** Tells what is wrong before the work, a line each. */
export function warnOf({ problems, memory }: Operator, io: Io): void {
  for (const line of [...problems, ...memory.notes, ...memory.problems]) io.stderr(`tierline: warning: ${oneLine(line)}\n`)
}
