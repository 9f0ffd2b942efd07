import { list, object } from '../lib/event/fields.ts'
import { type SettingName, TIERS } from '../lib/event/settings.ts'
import { SEVERITIES, type StatusMap } from '../lib/event/severity.ts'
import type { Rule } from '../lib/triage/match.ts'
import type { TimedPolicy } from '../lib/triage/verdict-alone.ts'
import { defaults } from './defaults.ts'

export interface FilterPolicy extends TimedPolicy {
  readonly group_labels: readonly string[]
}

/** The options of an expression over the defaults of the policy. A bad option means the default, whatever else is given. */
export function policyOf(given: unknown): FilterPolicy {
  const standard = defaults()
  const options = object(given) || {}
  return {
    rules: list(options.rules).filter(isRule),
    allow: (texts(options.allow) as SettingName[] | null) || standard.allow,
    load_checks: texts(options.load_checks) || standard.load_checks,
    group_labels: texts(options.group_labels) || standard.group_labels,
    status_map: statusMap(options.status_map) || standard.status_map,
    alert_after: standard.alert_after,
  }
}

/** Is the option there and true? Anything but `true` is no. */
export function isOn(given: unknown, name: string): boolean {
  return object(given)?.[name] === true
}

/** A number of seconds from 0 on, or null. */
export function secondsOption(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value < Infinity ? value : null
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null
}

function statusMap(value: unknown): StatusMap | null {
  const map = object(value)
  if (map === null) return null
  const sound = Object.keys(map).every((name) => (SEVERITIES as readonly string[]).indexOf(name) >= 0 && isStatuses(map[name]))
  return sound ? (map as StatusMap) : null
}

function isStatuses(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'number')
}

const MATCHABLE = ['check', 'entity', 'namespace', 'class', 'severity', 'labels']

/** A rule that cannot be read, or names what nothing reads, would match everything: so it counts for nothing. */
function isRule(value: unknown): value is Rule {
  const rule = object(value)
  const match = object(rule?.match)
  if (rule === null || match === null || typeof rule.because !== 'string') return false
  if (rule.tier !== undefined && (TIERS as readonly unknown[]).indexOf(rule.tier) < 0) return false
  const names = Object.keys(match)
  return names.length > 0 && names.every((name) => MATCHABLE.indexOf(name) >= 0 && isMatch(match[name], name))
}

function isMatch(value: unknown, name: string): boolean {
  if (name !== 'labels') return typeof value === 'string' || texts(value) !== null
  const labels = object(value)
  return labels !== null && Object.keys(labels).every((label) => isMatch(labels[label], ''))
}
