import { type Keys, keysOf, secretsOf } from '../deliver/pagerduty/keys.ts'
import type { Policy } from '../policy/schema.ts'
import type { Io } from './io.ts'
import { keySources } from './key-sources.ts'
import type { common_options } from './options/common.ts'
import { type CommandLine, type OptionTable, type Resolved, resolveOption, resolveOptions } from './options/options.ts'
import { DEFAULTS_IN_FORCE, type PolicyInForce, policyInForce } from './policy.ts'

/** Everything a run knows before it has read an event. */
export interface Setup<Table extends OptionTable> {
  readonly in_force: PolicyInForce
  readonly options: Resolved<Table>
  /** Settings that were wrong and left out. */
  readonly problems: readonly string[]
  /** The policy with what the options say. */
  readonly policy: Policy
  readonly keys: Keys
  /** Why the keys must not be used; null when they may. */
  readonly key_error: string | null
  /** Texts that must never be printed. */
  readonly secrets: readonly string[]
}

/** Reads the policy and the keys, and settles every option: flag over variable over policy over default. */
export async function setUp<Table extends OptionTable & typeof common_options>(
  table: Table,
  configure: (policy: Policy, options: Resolved<Table>) => Policy,
  flags: CommandLine['flags'],
  env: Io['env'],
): Promise<Setup<Table>> {
  const file = resolveOption(table.policy, { flags, env, in_force: DEFAULTS_IN_FORCE }).value
  const in_force = await policyInForce(file)
  const problems: string[] = []
  const options = resolveOptions(table, { flags, env, in_force }, (problem) => problems.push(problem))
  const policy = configure(in_force.policy, options)
  const sources = keySources(policy, env, { name: '--token', text: flags.token })
  const { keys, error } = keysOf(sources)
  return { in_force, options, problems, policy, keys, key_error: error, secrets: secretsOf(sources) }
}
