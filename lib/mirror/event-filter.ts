import type { Scope } from '../lint/finding.ts'
import type { Resource } from '../lint/resource.ts'
import { rules } from '../lint/rules.ts'
import { scriptsOf } from '../lint/script.ts'
import { type Fields, fields, list, text } from '../lint/values.ts'

/** An EventFilter resource, ready to be asked. */
export interface EventFilter {
  readonly name: string
  readonly namespace: string
  readonly is_deny: boolean
  readonly expressions: readonly string[]
  readonly assets: readonly string[]
  /** The hours when it works at all; null without any. */
  readonly when: Fields | null
  /** What Sensu's engine has against it; null when it can be asked. */
  readonly refused: string | null
}

export function eventFilterOf(resource: Resource): EventFilter {
  const { name, namespace, spec } = resource
  return {
    name,
    namespace,
    is_deny: spec.action === 'deny',
    expressions: list(spec.expressions).map(text),
    assets: list(spec.runtime_assets).map(text),
    when: typeof spec.when === 'object' && spec.when !== null ? fields(spec.when) : null,
    refused: refusalOf(resource),
  }
}

/** Node reads more than Sensu's engine does, so what that one refuses is not asked at all. */
const REFUSES = ['filter-action', 'no-text', 'es5-syntax', 're2-regexp']

function refusalOf(resource: Resource): string | null {
  const scope: Scope = { resources: [resource], scripts: scriptsOf(resource), unreadable: [], incomplete: [] }
  const [found] = rules.filter(({ id }) => REFUSES.includes(id)).flatMap(({ check }) => [...check(scope)])
  if (found === undefined) return null
  const { source, line, column } = found.place
  return `Sensu refuses this filter: ${source}:${line}:${column}: ${found.says}`
}
