/** Escapes and classes, in which a bracket means nothing, and what opens, parts and closes groups. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?!<[^=!]|P<)|\(|\||\)(?<optional>[?*]|\{0+(?:,\d*)?\})?/gs

/** `RegExp.$1` to `$9` are what otto keeps. */
const KEPT = 9

interface Open {
  /** How many groups had captured before it, itself not among them. */
  readonly before: number
  /** And before what is inside it. */
  readonly inside: number
  has_alternatives: boolean
}

/**
 * Offsets of the capturing groups that may take no part in a match: they are optional, or in one of several
 * alternatives, or inside something that is. Only those that otto keeps after a match.
 */
export function idleGroups(pattern: string): number[] {
  const groups: number[] = []
  const idle = new Set<number>()
  const mark = (from: number) => {
    for (const offset of groups.slice(from, KEPT)) idle.add(offset)
  }
  const whole: Open = { before: 0, inside: 0, has_alternatives: false }
  const open: Open[] = [whole]
  for (const { 0: token, index, groups: named } of pattern.matchAll(TOKEN)) {
    const inner = open.at(-1) ?? whole
    if (token === '|') inner.has_alternatives = true
    else if (token.startsWith('(')) {
      const before = groups.length
      if (token === '(') groups.push(index)
      open.push({ before, inside: groups.length, has_alternatives: false })
    } else if (token.startsWith(')') && open.length > 1) {
      open.pop()
      if (inner.has_alternatives) mark(inner.inside)
      if (named?.optional !== undefined) mark(inner.before)
    }
  }
  if (whole.has_alternatives) mark(0)
  return [...idle].sort((a, b) => a - b)
}
