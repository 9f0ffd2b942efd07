import type { Found, Scope } from '../finding.ts'
import { newerThanEs5 } from '../modern.ts'
import { ENGINE } from '../parse-script.ts'
import { nodesOf } from '../walk.ts'

/** Syntax that is too new, by name; else what the parser has against the script. */
export function* syntax({ scripts }: Scope): Generator<Found> {
  for (const { program, complaint, at } of scripts) {
    if (complaint === null) continue
    const newer = program === null ? [] : [...nodesOf(program)].map(({ node }) => ({ node, name: newerThanEs5(node) }))
    const named = newer.filter(({ name }) => name !== null)
    for (const { node, name } of named) {
      yield { place: at(node.start), says: `${name} is newer than ES5, and ${ENGINE}` }
    }
    if (named.length === 0) yield { place: at(complaint.offset), says: complaint.says }
  }
}
