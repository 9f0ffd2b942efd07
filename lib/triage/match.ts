import type { CheckClass } from '../event/classify.ts'
import type { Event } from '../event/event.ts'
import { anyGlobMatches } from '../event/glob.ts'
import type { Severity } from '../event/severity.ts'
import type { MatchedRule } from '../facts/facts.ts'
import type { PolicyRule } from '../policy/schema.ts'

/** What a rule of the policy may look at. */
export interface Subject {
  readonly event: Event
  readonly class: CheckClass
  readonly severity: Severity
}

/** The first rule of the policy that matches, or null. */
export function matchRule(rules: readonly PolicyRule[], subject: Subject): MatchedRule | null {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as PolicyRule
    if (!matches(rule, subject)) continue
    const then = rule.drop ? 'drop' : rule.record ? 'record' : rule.tier
    if (then) return { number: i + 1, because: rule.because, then, final: rule.final }
  }
  return null
}

function matches(rule: PolicyRule, subject: Subject): boolean {
  return misfit(rule, subject) === null
}

/** The first thing in a rule's `match` that does not fit the event; null when the rule matches. */
export function misfit({ match }: PolicyRule, { event, class: check_class, severity }: Subject): string | null {
  const labels = match.labels ?? {}
  if (!fits(match.check, event.check === null ? '' : event.check.name)) return 'check'
  if (!fits(match.entity, event.entity.name)) return 'entity'
  if (!fits(match.namespace, event.namespace)) return 'namespace'
  if (match.class !== undefined && !list(match.class).some((one) => one === check_class)) return 'class'
  if (match.severity !== undefined && !list(match.severity).some((one) => one === severity)) return 'severity'
  const label = Object.keys(labels).find((name) => !fits(labels[name], labelOf(event, name) ?? undefined))
  return label === undefined ? null : `label ${label}`
}

/**
 * A label of the event (where `keepalive-check-labels` land), else of the check, else of the entity; null when none
 * has it.
 */
export function labelOf(event: Event, name: string): string | null {
  const places = [event.labels, event.check === null ? {} : event.check.labels, event.entity.labels]
  for (let i = 0; i < places.length; i++) {
    const labels = places[i] ?? {}
    if (Object.hasOwn(labels, name)) return labels[name] ?? null
  }
  return null
}

function fits(patterns: string | readonly string[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true
  return text !== undefined && anyGlobMatches(list(patterns), text)
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
