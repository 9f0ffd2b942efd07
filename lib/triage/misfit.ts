import { matches, type Rule, type Subject } from './match.ts'

/** The first thing in a rule's `match` that does not fit the event; null when the rule matches. For people only. */
export function misfit(rule: Rule, subject: Subject): string | null {
  const criteria = Object.entries(rule.match)
  return criteria.find(([name, wanted]) => !matches({ ...rule, match: { [name]: wanted } }, subject))?.[0] ?? null
}
