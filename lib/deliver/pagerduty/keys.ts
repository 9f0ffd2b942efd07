import { TIERS, type Tier } from '../../event/settings.ts'

/** Where a tier's key was looked for, and what stood there. */
export interface KeySource {
  /** For people: `PAGERDUTY_TOKEN_FIRST` or `file /etc/sensu/first.key`. */
  readonly name: string
  readonly text: string | undefined
  /** Why nothing could be read though something was named; undefined when there was no trouble. */
  readonly fault?: string
}

export interface KeySources {
  readonly own: Readonly<Record<Tier, KeySource>>
  /** The one key for all tiers. */
  readonly shared: KeySource
}

interface TierKey {
  /** null when there is none that PagerDuty could take. */
  readonly key: string | null
  readonly source: string
  /** `unusable`: somebody meant to give one, so pages may stand open there. `missing`: nobody did. */
  readonly state: 'usable' | 'unusable' | 'missing'
  /** What is wrong with it, in one line; null when nothing is. */
  readonly problem: string | null
}

export type Keys = Readonly<Record<Tier, TierKey>>

/**
 * One key a tier. The shared key serves all tiers when none has its own; otherwise it is the first line's, unless
 * that has one. Two tiers with equal keys are an error: closing an alert on one would close it on the other.
 */
export function keysOf({ own, shared }: KeySources): { keys: Keys; error: string | null } {
  const given = TIERS.filter((tier) => isGiven(own[tier]))
  const source = (tier: Tier): KeySource => {
    if (isGiven(own[tier])) return own[tier]
    return given.length === 0 || (tier === 'first' && isGiven(shared)) ? shared : own[tier]
  }
  const keys = Object.fromEntries(TIERS.map((tier) => [tier, tierKey(source(tier))])) as unknown as Keys
  return { keys, error: given.length > 0 ? equalKeys(keys) : null }
}

function equalKeys(keys: Keys): string | null {
  for (const [index, tier] of TIERS.entries()) {
    const twin = TIERS.slice(0, index).find((other) => keys[other].key !== null && keys[other].key === keys[tier].key)
    if (twin === undefined) continue
    return `${keys[twin].source} and ${keys[tier].source} hold the same key: give each tier a PagerDuty service of its own, or set only PAGERDUTY_TOKEN`
  }
  return null
}

function isGiven({ text, fault }: KeySource): boolean {
  return fault !== undefined || Boolean(text?.trim())
}

function tierKey({ name, text, fault }: KeySource): TierKey {
  const key = text?.trim() ?? ''
  if (key === '' && fault === undefined) return { key: null, source: name, state: 'missing', problem: `${name} is not set` }
  const problem = fault ?? keyProblem(key)
  if (problem === null) return { key, source: name, state: 'usable', problem }
  return { key: null, source: name, state: 'unusable', problem: `${name} ${problem}` }
}

/** What PagerDuty checks of a key: 32 letters and digits (not only hexadecimal), and nothing about its contents. */
export function keyProblem(key: string): string | null {
  if (/^[A-Za-z0-9]{32}$/.test(key)) return null
  if (/^[uye]?\+?[\w+-]{19,20}$/.test(key)) {
    return 'looks like a token of the REST API (20 characters): use the 32-character integration key of an "Events API v2" integration'
  }
  const shape = /[^A-Za-z0-9]/.test(key) ? 'has characters other than letters and digits' : `has ${key.length} characters`
  return `${shape}: a PagerDuty integration key is 32 letters and digits`
}

/** Which tiers to try for a page, in order: its own, then those above it, then those below. */
export function tiersToTry(tier: Tier): readonly Tier[] {
  const index = TIERS.indexOf(tier)
  return [...TIERS.slice(index), ...TIERS.slice(0, index).reverse()]
}

/** Every key once, with the tiers that share it. */
export function distinctKeys(keys: Keys): readonly { readonly tiers: readonly Tier[]; readonly key: string }[] {
  const tiers_of = new Map<string, Tier[]>()
  for (const tier of TIERS) {
    const { key } = keys[tier]
    if (key !== null) tiers_of.set(key, [...(tiers_of.get(key) ?? []), tier])
  }
  return [...tiers_of].map(([key, tiers]) => ({ tiers, key }))
}

/** Shorter, it can be no key; and hiding a word such as a check's name would change identities. */
const LEAST_SECRET = 16

/** All texts that must never be printed. */
export function secretsOf({ own, shared }: KeySources): string[] {
  return [shared, ...TIERS.map((tier) => own[tier])]
    .map(({ text }) => text?.trim() ?? '')
    .filter((text) => text.length >= LEAST_SECRET)
}
