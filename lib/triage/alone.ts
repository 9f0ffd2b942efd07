import { type CheckClass, classOf, isNotice } from '../event/classify.ts'
import type { Event } from '../event/event.ts'
import { recoveryOf } from '../event/recovery.ts'
import { type SettingName, type Settings, settingOf, type Tier } from '../event/settings.ts'
import { gradeOf, type Severity, type StatusMap, severityOf } from '../event/severity.ts'
import type { MatchedRule } from '../facts/facts.ts'
import type { Action, Reason } from './decision.ts'
import { matchRule, type Rule } from './match.ts'
import { teamOf } from './rules.ts'

/** The parts of a policy that the event alone can be judged by. */
export interface AlonePolicy {
  readonly rules: readonly Rule[]
  /** Which settings annotations may make. */
  readonly allow: readonly SettingName[]
  readonly load_checks: readonly string[]
  readonly status_map: StatusMap
}

/**
 * Rows 0 to 6 of the decision table for an event of which nothing else is known, in their order: the reason of the one
 * that decides, or null when a later row pages. Filters run this for every event in an engine that is slow, so it looks
 * at as little as it can and makes no sentences; test/triage/alone.test.ts holds it to what `decide` says.
 */
export function firstReason(event: Event, policy: AlonePolicy): FirstReason | null {
  const check = event.check
  if (check === null) return 'metrics_only'
  if (check.status === null) return 'fail_open'
  const recovery = recoveryOf(check)
  if (recovery !== 'none') return recovery
  if (isNotice(check)) return 'notice'
  if (check.status === 0) return 'ok'
  if (setting(event, 'never_page', policy)) return 'opted_out'
  if (check.silenced.length > 0) return 'silenced'
  const rule = ruleOf(event, policy)
  return rule !== null && (rule.then === 'drop' || rule.then === 'record') ? 'rule' : null
}

/** What follows from each; for a rule it is what the rule says, and nobody hears of it either way. */
const ACTIONS = {
  fail_open: 'page',
  metrics_only: 'record',
  resolved: 'resolve',
  deregistered: 'resolve',
  notice: 'record',
  ok: 'record',
  opted_out: 'drop',
  silenced: 'drop',
  rule: 'drop',
} as const satisfies Partial<Record<Reason, Action>>

type FirstReason = keyof typeof ACTIONS

export function actionOf(reason: FirstReason | null): Action {
  return reason === null ? 'page' : ACTIONS[reason]
}

/** Does a handler page, now or later, or close something? */
export function isHeard(reason: FirstReason | null): boolean {
  const action = actionOf(reason)
  return action === 'page' || action === 'resolve'
}

/** Whom a failure of this check calls, whatever keeps it back. */
export function calledFor(event: Event, policy: AlonePolicy, rule: MatchedRule | null): Tier {
  if (setting(event, 'scope', policy) === 'group') {
    const status = event.check === null ? 0 : event.check.status
    // A recovery goes where its worst failure would have gone.
    if (!status || gradeOf(status, policy.status_map, classIn(event, policy)) === 'critical') return 'second'
  }
  return teamOf(rule, setting(event, 'tier', policy))
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
