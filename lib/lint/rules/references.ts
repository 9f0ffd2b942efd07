import type { Found, Scope } from '../finding.ts'
import { isBuiltIn, referencesOf } from '../references.ts'

/** Names of resources that are not among the files, when these hold resources of that kind at all. */
export function* missingReference({ resources }: Scope): Generator<Found> {
  const held = new Set(resources.map(({ kind }) => kind))
  const known = new Set(resources.map(({ kind, name }) => `${kind} ${name}`))
  for (const resource of resources) {
    for (const reference of referencesOf(resource)) {
      const { kind, name, path } = reference
      if (!held.has(kind) || isBuiltIn(reference) || known.has(`${kind} ${name}`)) continue
      yield { place: resource.at(path), says: `no ${kind} is called ${name} in these files` }
    }
  }
}
