/**
 * Does the whole text match the pattern, where `*` stands for any run of characters and `?` for one?
 * Walks both once with one step back, so no name, however made, can make it slow (a regular expression could).
 */
export function globMatches(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    const wanted = pattern.charAt(p)
    if (wanted === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && (wanted === '?' || wanted === text.charAt(t))) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern.charAt(p) === '*') p++
  return p === pattern.length
}

/** Does any of the patterns match? An empty list matches nothing. */
export function anyGlobMatches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => globMatches(pattern, text))
}
