import type { AnyNode } from 'acorn'
import type { Found, Scope } from '../finding.ts'
import { refusedByRe2 } from '../re2.ts'
import { nodesOf } from '../walk.ts'

/** Patterns of literals and of `RegExp("...")` that RE2 refuses. */
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

function patternOf(node: AnyNode): Pattern | null {
  if (node.type === 'Literal' && node.regex) return { text: node.regex.pattern, start: node.start + 1, is_verbatim: true }
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return null
  const [first] = node.arguments
  if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return null
  if (first?.type !== 'Literal' || typeof first.value !== 'string') return null
  return { text: first.value, start: first.start + 1, is_verbatim: !first.raw?.includes('\\') }
}
