import { DEFAULT_POLICY } from '../policy/defaults.ts'
import type { Policy } from '../policy/schema.ts'

/** The policy in force, and what a reader of it has to be told. */
export interface PolicyInForce {
  readonly policy: Policy
  /** What the file itself set; undefined without a usable file. */
  readonly given: unknown
  readonly file: string
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

export const DEFAULTS_IN_FORCE: PolicyInForce = { policy: DEFAULT_POLICY, given: undefined, file: '', errors: [], warnings: [] }

/**
 * The policy of a file, or the defaults without one. A file that cannot be used is a fact and no reason to stop: what it
 * says about where things go is kept, the defaults apply for all else, and whoever decides keeps nothing back. zod and yaml are loaded only when there is a file.
 */
export async function policyInForce(file: string | undefined, read?: () => string): Promise<PolicyInForce> {
  if (file === undefined) return DEFAULTS_IN_FORCE
  const { loadPolicy } = await import('../policy/load.ts')
  const loaded = loadPolicy(file, read)
  if ('errors' in loaded) return { ...DEFAULTS_IN_FORCE, policy: loaded.salvaged, file, errors: loaded.errors }
  return { policy: loaded.policy, given: loaded.given, file, errors: [], warnings: loaded.warnings }
}
