import type { AnyNode } from 'acorn'

/** The text of a regular expression in a script. */
export interface Pattern {
  readonly text: string
  readonly start: number
  /** Does each character of the pattern stand in the script as itself? */
  readonly is_verbatim: boolean
}

/** The pattern of a literal or of `RegExp("...")`; null for any other node. */
export function patternOf(node: AnyNode): Pattern | null {
  if (node.type === 'Literal' && node.regex) return { text: node.regex.pattern, start: node.start + 1, is_verbatim: true }
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return null
  const [first] = node.arguments
  if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return null
  if (first?.type !== 'Literal' || typeof first.value !== 'string') return null
  return { text: first.value, start: first.start + 1, is_verbatim: !first.raw?.includes('\\') }
}

/** Where in the script a character of the pattern stands; the start of the pattern when escapes move them. */
export function offsetIn(pattern: Pattern, offset: number): number {
  return pattern.is_verbatim ? pattern.start + offset : pattern.start
}
