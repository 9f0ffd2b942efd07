import type { AnyNode } from 'acorn'
import type { Found, Scope } from '../finding.ts'
import { refusedByRe2 } from '../re2.ts'
import { chainOf, nodesOf, propertyName } from '../walk.ts'

/** Patterns of literals, of `RegExp("...")` and of `x.match("...")` that RE2 refuses. */
export function* regexp({ scripts }: Scope): Generator<Found> {
  for (const { program, at } of scripts) {
    if (program === null) continue
    for (const { node } of nodesOf(program)) {
      const pattern = patternOf(node)
      if (pattern === null) continue
      for (const { offset, what } of refusedByRe2(pattern.text)) {
        const says = `${what} in a regular expression: Sensu's engine matches with RE2, which refuses it`
        yield { place: at(pattern.is_verbatim ? pattern.start + offset : pattern.start), says }
      }
    }
  }
}

interface Pattern {
  readonly text: string
  readonly start: number
  /** Does each character of the pattern stand in the script as itself? */
  readonly is_verbatim: boolean
}

/** `match` and `search` make a regular expression of a text. */
const MAKES_REGEXP = /^RegExp$|(?:^|\.)(?:match|search)$/

function patternOf(node: AnyNode): Pattern | null {
  if (node.type === 'Literal' && node.regex) return { text: node.regex.pattern, start: node.start + 1, is_verbatim: true }
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return null
  const [first] = node.arguments
  if (!MAKES_REGEXP.test(chainOf(node.callee) ?? propertyName(node.callee) ?? '')) return null
  if (first?.type !== 'Literal' || typeof first.value !== 'string') return null
  return { text: first.value, start: first.start + 1, is_verbatim: !first.raw?.includes('\\') }
}
