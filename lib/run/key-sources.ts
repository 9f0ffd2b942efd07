import { readFileSync } from 'node:fs'
import type { KeySource, KeySources } from '../deliver/pagerduty/keys.ts'
import { TIERS, type Tier } from '../event/settings.ts'
import type { Policy } from '../policy/schema.ts'
import type { Io } from './io.ts'

/** Where the keys stand: the variable, or the file that `<variable>_FILE` or the policy names. Never in the policy itself. */
export function keySources(policy: Policy, env: Io['env'], token: KeySource): KeySources {
  const own = TIERS.map((tier) => {
    const { key_env, key_file } = policy.tiers[tier]
    return [tier, keySource(key_env, env, key_file)] as const
  })
  return {
    own: Object.fromEntries(own) as Record<Tier, KeySource>,
    shared: token.text ? token : keySource('PAGERDUTY_TOKEN', env, undefined),
  }
}

function keySource(name: string, env: Io['env'], key_file: string | undefined): KeySource {
  const text = env[name]?.trim()
  if (text) return { name, text }
  const file = env[`${name}_FILE`]?.trim() || key_file
  if (!file) return { name, text: undefined }
  const told = env[`${name}_FILE`]?.trim() ? `${name}_FILE` : 'key_file in the policy'
  try {
    const key = readFileSync(file, 'utf8').trim()
    return { name: `file ${file}`, text: key, ...(key === '' ? { fault: 'is empty' } : {}) }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    return { name: `file ${file}`, text: undefined, fault: `cannot be read (${code}): check ${told}` }
  }
}
