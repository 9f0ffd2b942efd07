import type { Found, Scope } from '../finding.ts'
import { isBuiltIn, referencesOf } from '../references.ts'

/** References that are not whole, and names that are not among the files, when these hold resources of that kind at all. */
export function* missingReference({ resources }: Scope): Generator<Found> {
  const held = new Set(resources.map(({ kind }) => kind))
  const known = new Set(resources.map(({ kind, name }) => `${kind} ${name}`))
  for (const resource of resources) {
    for (const reference of referencesOf(resource)) {
      const { kind, name, path, lacks } = reference
      if (lacks.length > 0) yield { place: resource.at(path), says: `the reference to ${name} lacks ${lacks.join(' and ')}` }
      if (!held.has(kind) || isBuiltIn(reference) || known.has(`${kind} ${name}`)) continue
      yield { place: resource.at(path), says: `no ${kind} is called ${name} in these files` }
    }
  }
}
