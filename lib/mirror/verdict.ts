import type { EventFilter } from './event-filter.ts'
import { isInWindows } from './windows.ts'

/** What became of one expression: its truth, what it threw, or why no answer can be had. */
export type Answer = { readonly is_true: boolean } | { readonly throws: string } | { readonly never_answers: string }

/** What a filter does with an event; `passes` is null when nobody can tell, and `why` then says the reason. */
export interface Verdict {
  readonly name: string
  readonly namespace?: string
  readonly passes: boolean | null
  readonly why?: string
}

const NO_CHECK =
  'the event has no check, and Sensu up to 6.12 at least crashes when it asks a filter of yours about one: put is_incident before it'

/** The truth table of Sensu from 6.9 on (`evaluateEventFilter`). Errors let events pass, and whatever is skipped is told. */
export function verdictOf(
  filter: EventFilter,
  has_check: boolean,
  now: number,
  ask: (expression: string) => Answer,
): Omit<Verdict, 'name' | 'namespace'> {
  const { is_deny, expressions, when, refused } = filter
  if (refused !== null) return { passes: null, why: refused }
  if (!has_check) return { passes: null, why: NO_CHECK }
  if (when !== null) {
    const is_inside = isInWindows(when, now)
    if (is_inside === null)
      return { passes: true, why: 'its `when` has a time that Sensu cannot read (it takes 5:00PM), and lets all pass' }
    if (is_inside === is_deny) return { passes: false, why: `the time is ${is_inside ? 'inside' : 'outside'} its \`when\`` }
  }
  const told: string[] = []
  const because = () => (told.length === 0 ? {} : { why: told.join('; ') })
  for (const [index, expression] of expressions.entries()) {
    const which = expressions.length === 1 ? 'the expression' : `expression ${index + 1}`
    const answer = ask(expression)
    if ('never_answers' in answer) return { passes: null, why: `${which} ${answer.never_answers}` }
    if ('throws' in answer) {
      told.push(`${which} throws, so Sensu skips it: ${answer.throws}`)
    } else if (answer.is_true === is_deny) {
      if (expressions.length > 1) told.push(`${which} is ${answer.is_true}`)
      return { passes: false, ...because() }
    }
  }
  return { passes: true, ...because() }
}
