import { Policy } from './schema.ts'

type Keys = Record<PropertyKey, unknown>

const MAX_ROUNDS = 50

/**
 * What a policy that cannot be used still says about where things go: names of keys and files, region and address,
 * carbon. Without them a typo anywhere in the file would send pages with no key, or to the wrong region. Every other
 * part is left to the defaults.
 */
export function salvage(given: unknown): Policy {
  const { tiers, pagerduty, graphite } = keys(given)
  const addresses = Object.entries(keys(tiers)).map(([tier, told]) => {
    const { key_env, key_file } = keys(told)
    return [tier, defined({ key_env, key_file })] as const
  })
  const kept: Keys = structuredClone(defined({ tiers: Object.fromEntries(addresses), pagerduty, graphite }))
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = Policy.safeParse(kept)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(kept, [...issue.path, key])
      else remove(kept, issue.path)
    }
  }
  return Policy.parse({})
}

function remove(root: Keys, path: readonly PropertyKey[]): void {
  const holder = path.slice(0, -1).reduce<Keys>((node, step) => keys(node[step]), root)
  const last = path.at(-1)
  if (last !== undefined) delete holder[last]
}

function keys(value: unknown): Keys {
  return typeof value === 'object' && value !== null ? (value as Keys) : {}
}

function defined(all: Keys): Keys {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null))
}
