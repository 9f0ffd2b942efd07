import { SETTABLE_CLASSES } from '../event/classify.ts'
import { TIERS } from '../event/settings.ts'
import { SEVERITIES } from '../event/severity.ts'
import type { Policy, PolicyRule } from './schema.ts'

/** Something that no single key shows. An error makes the file unusable, a warning only unwise. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly path: readonly PropertyKey[]
  readonly says: string
}

type Look = (policy: Policy, given: unknown) => Finding[]

const looks: readonly Look[] = [
  distinctKeys,
  somebodyEscalates,
  oneSeverityPerStatus,
  regionFitsEndpoint,
  reachableRules,
  dropsNotEverything,
]

/** All that is wrong between the keys of a policy that is right key by key. */
export function crossField(policy: Policy, given: unknown): Finding[] {
  return looks.flatMap((look) => look(policy, given))
}

function distinctKeys(policy: Policy): Finding[] {
  return TIERS.flatMap((tier, index) => {
    const { key_env } = policy.tiers[tier]
    const twin = TIERS.slice(0, index).find((other) => policy.tiers[other].key_env === key_env)
    if (twin === undefined) return []
    const says = `${key_env} is the key of the ${twin} line already; each tier needs a PagerDuty service of its own`
    return [{ level: 'error', path: ['tiers', tier, 'key_env'], says }]
  })
}

function somebodyEscalates(policy: Policy): Finding[] {
  const escalates = TIERS.some((tier) => SEVERITIES.indexOf(policy.tiers[tier].severity_floor) >= SEVERITIES.indexOf('error'))
  const says =
    'no tier has a severity_floor of error or critical: where PagerDuty sets urgency by severity, a warning never escalates'
  return escalates ? [] : [{ level: 'warning', path: ['tiers'], says }]
}

function oneSeverityPerStatus(policy: Policy): Finding[] {
  const map = policy.pagerduty.status_map
  return SEVERITIES.flatMap((severity, index) =>
    map[severity]
      .filter((status) => SEVERITIES.slice(index + 1).some((worse) => map[worse].includes(status)))
      .map((status) => ({
        level: 'warning' as const,
        path: ['pagerduty', 'status_map', severity],
        says: `status ${status} stands under a worse severity too, and that one counts; a severity that you leave out keeps its default`,
      })),
  )
}

function regionFitsEndpoint({ pagerduty }: Policy): Finding[] {
  const host = pagerduty.endpoint === undefined ? '' : new URL(pagerduty.endpoint).hostname
  const region = host === 'events.pagerduty.com' ? 'us' : host === 'events.eu.pagerduty.com' ? 'eu' : pagerduty.region
  const says = `this is the address of the ${region} region, but region is ${pagerduty.region}`
  return region === pagerduty.region ? [] : [{ level: 'error', path: ['pagerduty', 'endpoint'], says }]
}

function reachableRules(policy: Policy): Finding[] {
  const all = policy.rules.findIndex(matchesEverything)
  if (all < 0) return []
  return policy.rules.slice(all + 1).map((_, index) => ({
    level: 'warning',
    path: ['rules', all + 1 + index],
    says: `never reached: rule ${all + 1} matches everything`,
  }))
}

function dropsNotEverything(policy: Policy): Finding[] {
  return policy.rules.flatMap((rule, index) => {
    const says = 'drops every failing check: nobody would ever be called'
    return matchesEverything(rule) && rule.tier === undefined ? [{ level: 'error', path: ['rules', index], says }] : []
  })
}

/** Does every named thing match whatever there is? */
function matchesEverything({ match }: PolicyRule): boolean {
  const { labels, class: classes, severity, ...named } = match
  const failing = SEVERITIES.filter((one) => one !== 'info')
  return (
    Object.keys(labels ?? {}).length === 0 &&
    Object.values(named).every((patterns) => [patterns ?? []].flat().some((pattern) => /^[*?]*\*[*?]*$/.test(pattern))) &&
    covers(classes, SETTABLE_CLASSES) &&
    covers(severity, failing)
  )
}

function covers<T>(given: T | readonly T[] | undefined, all: readonly T[]): boolean {
  return given === undefined || all.every((one) => [given].flat().includes(one))
}
