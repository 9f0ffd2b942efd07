import type { Found, Scope } from '../finding.ts'
import { offsetIn, patternOf } from '../pattern.ts'
import { refusedByRe2 } from '../re2.ts'
import { nodesOf } from '../walk.ts'

/** Patterns of literals, of `RegExp("...")` and of `x.match("...")` that RE2 refuses. */
export function* regexp({ scripts }: Scope): Generator<Found> {
  for (const { program, at } of scripts) {
    if (program === null) continue
    for (const { node } of nodesOf(program)) {
      const pattern = patternOf(node)
      if (pattern === null) continue
      for (const { offset, what } of refusedByRe2(pattern.text)) {
        const says = `${what} in a regular expression: Sensu's engine matches with RE2, which refuses it`
        yield { place: at(offsetIn(pattern, offset)), says }
      }
    }
  }
}
