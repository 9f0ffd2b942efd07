import type { Path, Resource } from './resource.ts'
import { fields, list, text } from './values.ts'

/** One resource names another. */
export interface Reference {
  readonly kind: string
  readonly name: string
  readonly path: Path
  /** What the reference leaves out, and Sensu asks for. */
  readonly lacks: readonly string[]
}

/** What Sensu brings along; no resource of that name is ever asked. */
export const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  EventFilter: ['is_incident', 'not_silenced', 'has_metrics'],
  Mutator: ['json', 'only_check_output'],
}

export function isBuiltIn({ kind, name }: Reference): boolean {
  return BUILT_IN[kind]?.includes(name) ?? false
}

/** Where a resource names others by a plain list of names, and of which kind these are. */
const NAMES: readonly (readonly [key: string, kind: string])[] = [
  ['filters', 'EventFilter'],
  ['handlers', 'Handler'],
  ['output_metric_handlers', 'Handler'],
  ['runtime_assets', 'Asset'],
]

/** Everything that a resource names. */
export function referencesOf({ kind, spec }: Resource): Reference[] {
  const names = NAMES.flatMap(([key, of]) =>
    // An asset's `filters` are expressions.
    kind === 'Asset' ? [] : list(spec[key]).map((name, index) => named(of, name, ['spec', key, index])),
  )
  const mutator = kind === 'Handler' ? [named('Mutator', spec.mutator, ['spec', 'mutator'])] : []
  const secrets = list(spec.secrets).map((one, index) =>
    named('Secret', fields(one).secret, ['spec', 'secrets', index, 'secret']),
  )
  const hooks = list(spec.check_hooks).flatMap((one, index) =>
    Object.entries(fields(one)).flatMap(([when, list_of]) =>
      list(list_of).map((name, item) => named('HookConfig', name, ['spec', 'check_hooks', index, when, item])),
    ),
  )
  const pipelines = list(spec.pipelines).map((one, index) => typed('Pipeline', one, ['spec', 'pipelines', index]))
  const workflows = kind === 'Pipeline' ? workflowsOf(spec).flatMap(({ filters, others }) => [...filters, ...others]) : []
  return [...names, ...mutator, ...secrets, ...hooks, ...pipelines, ...workflows].filter(({ name }) => name !== '')
}

export interface Workflow {
  readonly filters: readonly Reference[]
  readonly mutator: Reference
  readonly handler: Reference
  readonly others: readonly Reference[]
}

export function workflowsOf(spec: Resource['spec']): Workflow[] {
  return list(spec.workflows).map((one, index) => {
    const path: Path = ['spec', 'workflows', index]
    const workflow = fields(one)
    const mutator = typed('Mutator', workflow.mutator, [...path, 'mutator'])
    const handler = typed('Handler', workflow.handler, [...path, 'handler'])
    const filters = list(workflow.filters).map((filter, item) => typed('EventFilter', filter, [...path, 'filters', item]))
    return { filters, mutator, handler, others: [mutator, handler] }
  })
}

/** Kinds that are referred to and that the files hold none of. */
export function uncheckedKinds(resources: readonly Resource[]): string[] {
  const held = new Set(resources.map(({ kind }) => kind))
  const wanted = resources.flatMap(referencesOf).filter((reference) => !isBuiltIn(reference))
  return [...new Set(wanted.map(({ kind }) => kind))].filter((kind) => !held.has(kind)).sort()
}

function named(kind: string, name: unknown, path: Path): Reference {
  return { kind, name: text(name), path, lacks: [] }
}

/** A reference of a pipeline says its kind itself; `usual` is meant where it does not. */
function typed(usual: string, reference: unknown, path: Path): Reference {
  const given = fields(reference)
  const lacks = ['type', 'api_version'].filter((key) => text(given[key]) === '')
  return { kind: text(given.type) || usual, name: text(given.name), path: [...path, 'name'], lacks }
}
