import defaults from '../../schemas/policy.defaults.json' with { type: 'json' }
import type { Policy } from './schema.ts'

/** The policy without a file: what `Policy` gives for `{}`, kept as data so that a start need not load zod. */
export const DEFAULT_POLICY = defaults as Policy
