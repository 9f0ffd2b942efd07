/** One thing in a regular expression that RE2 refuses. */
export interface Refused {
  readonly offset: number
  readonly what: string
}

const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[=!]/, 'lookahead'],
  [/^\(\?<[=!]/, 'lookbehind'],
  // Go takes them since 1.22; no telling what a backend was built with.
  [/^\(\?<[^>]*>/, 'a named group'],
]

/** What RE2, which Sensu's engine matches with, refuses of a pattern. */
export function refusedByRe2(pattern: string): Refused[] {
  const found: Refused[] = []
  let in_class = false
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at)
    const add = (what: string) => found.push({ offset: at, what })
    if (rest.startsWith('\\')) {
      if (/^\\[1-9]/.test(rest)) add('a back-reference')
      at++
    } else if (in_class) {
      in_class = !rest.startsWith(']')
    } else if (rest.startsWith('[')) {
      if (/^\[\^?\]/.test(rest)) add(rest.startsWith('[^') ? '`[^]`' : '`[]`')
      in_class = true
    } else if (rest.startsWith('(')) {
      const group = GROUPS.find(([start]) => start.test(rest))
      if (group) add(group[1])
    } else if (/^\{\d/.test(rest)) {
      const [, least = '', most = ''] = /^\{(\d+)(?:,(\d*))?\}/.exec(rest) ?? []
      if (Math.max(Number(least), Number(most)) > 1000) add('more than 1000 repetitions')
    }
  }
  return found.length > 0 ? found : broken(pattern)
}

/** What RE2 takes and Node does not: `(?i)`, `(?P<n>a)`. */
const ONLY_RE2: readonly (readonly [RegExp, string])[] = [
  [/\(\?P</g, '(?<'],
  [/\(\?[imsU]*-?[imsU]+([:)])/g, '(?:$1'],
]

/** A bracket that nothing closes, `a**` and the like: no engine takes them, and Node says why. */
function broken(pattern: string): Refused[] {
  try {
    new RegExp(ONLY_RE2.reduce((text, [from, to]) => text.replace(from, to), pattern))
    return []
  } catch (error) {
    const [, why = 'an error'] = /: ([^:]+)$/.exec((error as Error).message) ?? []
    return [{ offset: 0, what: `${why.charAt(0).toLowerCase()}${why.slice(1)}` }]
  }
}
