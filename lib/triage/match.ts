import type { CheckClass } from '../event/classify.ts'
import type { Event, StringMap } from '../event/event.ts'
import { anyGlobMatches } from '../event/glob.ts'
import type { Tier } from '../event/settings.ts'
import type { Severity } from '../event/severity.ts'
import type { MatchedRule } from '../facts/facts.ts'

type Patterns = string | readonly string[] | undefined

/** What is read of a rule of the policy; lib/policy/schema.ts says what people may write. */
export interface Rule {
  readonly match: {
    readonly check?: Patterns
    readonly entity?: Patterns
    readonly namespace?: Patterns
    readonly class?: Patterns
    readonly severity?: Patterns
    readonly labels?: Readonly<Record<string, Patterns>> | undefined
  }
  readonly tier?: Tier | undefined
  readonly drop?: true | undefined
  readonly record?: true | undefined
  readonly because: string
  readonly final: boolean
}

/** What a rule of the policy may look at. */
export interface Subject {
  readonly event: Event
  readonly class: CheckClass
  readonly severity: Severity
}

/** The first rule of the policy that matches, or null. */
export function matchRule(rules: readonly Rule[], subject: Subject): MatchedRule | null {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as Rule
    if (!matches(rule, subject)) continue
    const then = rule.drop ? 'drop' : rule.record ? 'record' : rule.tier
    if (then) return { number: i + 1, because: rule.because, then, final: rule.final }
  }
  return null
}

/** Does all that the rule names fit the event? */
export function matches({ match }: Rule, { event, class: check_class, severity }: Subject): boolean {
  const { labels } = match
  return (
    fits(match.check, event.check === null ? '' : event.check.name) &&
    fits(match.entity, event.entity.name) &&
    fits(match.namespace, event.namespace) &&
    (match.class === undefined || list(match.class).some((one) => one === check_class)) &&
    (match.severity === undefined || list(match.severity).some((one) => one === severity)) &&
    (labels === undefined || Object.keys(labels).every((name) => fits(labels[name], labelOf(event, name))))
  )
}

/**
 * A label of the event (where `keepalive-check-labels` land), else of the check, else of the entity; null when none
 * has it.
 */
export function labelOf(event: Event, name: string): string | null {
  const { labels, check, entity } = event
  return ownLabel(labels, name) ?? (check && ownLabel(check.labels, name)) ?? ownLabel(entity.labels, name)
}

/** What every object has by birth, such as `constructor`, is no text. */
function ownLabel(labels: StringMap, name: string): string | null {
  const label: unknown = labels[name]
  return typeof label === 'string' ? label : null
}

function fits(patterns: Patterns, text: string | null): boolean {
  if (patterns === undefined) return true
  return text !== null && anyGlobMatches(list(patterns), text)
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
