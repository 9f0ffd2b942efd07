import { type CheckClass, classOf, isNotice } from '../event/classify.ts'
import type { Event } from '../event/event.ts'
import { recoveryOf } from '../event/recovery.ts'
import { type SettingName, type Settings, settingOf, type Tier } from '../event/settings.ts'
import { gradeOf, type Severity, type StatusMap, severityOf } from '../event/severity.ts'
import type { MatchedRule } from '../facts/facts.ts'
import { matchRule, type Rule } from './match.ts'
import { team } from './rules.ts'

/** The parts of a policy that the event alone can be judged by. */
export interface AlonePolicy {
  readonly rules: readonly Rule[]
  /** Which settings annotations may make. */
  readonly allow: readonly SettingName[]
  readonly load_checks: readonly string[]
  readonly status_map: StatusMap
}

/** What is to be done: close, nothing, or call a tier, at once or later. */
export type Prospect = 'resolve' | 'nothing' | 'silenced' | Tier

/**
 * Rows 0 to 8 of the decision table for an event of which nothing else is known, in their order, and whom any
 * later row would call. Filters run this for every event in an engine that is slow, so it looks at as little as
 * it can and makes no sentences; test/triage/alone.test.ts holds it to what `decide` says.
 */
export function prospectOf(event: Event, policy: AlonePolicy): Prospect {
  const check = event.check
  if (check === null) return 'nothing'
  if (check.status === null) return calledFor(event, policy, ruleOf(event, policy))
  if (recoveryOf(check) !== 'none') return 'resolve'
  if (check.status === 0 || isNotice(check) || setting(event, 'never_page', policy)) return 'nothing'
  if (check.silenced.length > 0) return 'silenced'
  const rule = ruleOf(event, policy)
  if (rule !== null && (rule.then === 'drop' || rule.then === 'record')) return 'nothing'
  return calledFor(event, policy, rule)
}

/** Whom a failure of this check calls, whatever keeps it back. */
export function calledFor(event: Event, policy: AlonePolicy, rule: MatchedRule | null): Tier {
  if (setting(event, 'scope', policy) === 'group') {
    const status = event.check === null ? 0 : event.check.status
    // A recovery goes where its worst failure would have gone.
    if (!status || gradeOf(status, policy.status_map, classIn(event, policy)) === 'critical') return 'second'
  }
  return team({ rule, settings: { tier: setting(event, 'tier', policy) } })
}

export function classIn(event: Event, policy: AlonePolicy): CheckClass {
  return classOf(event, policy.load_checks, setting(event, 'class', policy))
}

export function severityIn(event: Event, policy: AlonePolicy): Severity {
  return severityOf(event.check === null ? 0 : event.check.status, policy.status_map, classIn(event, policy))
}

export function ruleOf(event: Event, policy: AlonePolicy): MatchedRule | null {
  if (policy.rules.length === 0) return null
  return matchRule(policy.rules, { event, class: classIn(event, policy), severity: severityIn(event, policy) })
}

export function setting<Name extends SettingName>(event: Event, name: Name, policy: AlonePolicy): Settings[Name] | null {
  return settingOf(event, name, policy.allow)
}
