import type { LintFile, Place } from './finding.ts'
import { type Parsed, parseScript } from './parse-script.ts'
import type { Path, Resource } from './resource.ts'
import { fields, list } from './values.ts'

/** JavaScript that Sensu's engine runs, and on what: an event, a mutator's event, an entity, or when an asset loads. */
export interface Script extends Parsed {
  readonly use: 'filter' | 'mutator' | 'entity' | 'asset'
  readonly text: string
  readonly at: (offset: number) => Place
}

/** The scripts inside a resource. */
export function scriptsOf(resource: Resource): Script[] {
  const { kind, spec } = resource
  const script = (use: Script['use'], path: Path, text: unknown): Script[] =>
    typeof text === 'string'
      ? [{ use, text, at: (offset) => resource.inside(path, offset), ...parseScript(text, use === 'mutator') }]
      : []
  const each = (use: Script['use'], path: Path, texts: unknown) =>
    list(texts).flatMap((text, index) => script(use, [...path, index], text))
  switch (kind) {
    case 'EventFilter':
      return each('filter', ['spec', 'expressions'], spec.expressions)
    case 'Mutator':
      return script('mutator', ['spec', 'eval'], spec.eval)
    case 'Asset':
      return [
        ...each('entity', ['spec', 'filters'], spec.filters),
        ...list(spec.builds).flatMap((build, index) =>
          each('entity', ['spec', 'builds', index, 'filters'], fields(build).filters),
        ),
      ]
    case 'CheckConfig':
      return each('entity', ['spec', 'proxy_requests', 'entity_attributes'], fields(spec.proxy_requests).entity_attributes)
    default:
      return []
  }
}

/** A JavaScript file of an asset. */
export function scriptOfFile({ source, text }: LintFile): Script {
  const at = (offset: number): Place => {
    const before = text.slice(0, offset).split('\n')
    return { source, line: before.length, column: (before.at(-1) ?? '').length + 1 }
  }
  return { use: 'asset', text, at, ...parseScript(text, false) }
}
