import type { AnyNode } from 'acorn'
import { chainOf, propertyName } from './walk.ts'

/** The text of a regular expression in a script. */
export interface Pattern {
  readonly text: string
  readonly start: number
  /** Does each character of the pattern stand in the script as itself? */
  readonly is_verbatim: boolean
}

/** `match` and `search` make a regular expression of a text. */
const MAKES_REGEXP = /^RegExp$|(?:^|\.)(?:match|search)$/

/** The pattern of a literal, of `RegExp("...")` or of `x.match("...")`; null for any other node. */
export function patternOf(node: AnyNode): Pattern | null {
  if (node.type === 'Literal' && node.regex) return { text: node.regex.pattern, start: node.start + 1, is_verbatim: true }
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return null
  const [first] = node.arguments
  if (!MAKES_REGEXP.test(chainOf(node.callee) ?? propertyName(node.callee) ?? '')) return null
  if (first?.type !== 'Literal' || typeof first.value !== 'string') return null
  return { text: first.value, start: first.start + 1, is_verbatim: !first.raw?.includes('\\') }
}

/** Where in the script a character of the pattern stands; the start of the pattern when escapes move them. */
export function offsetIn(pattern: Pattern, offset: number): number {
  return pattern.is_verbatim ? pattern.start + offset : pattern.start
}
