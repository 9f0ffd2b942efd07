import type { Found, Scope } from '../finding.ts'
import { isBuiltIn, type Reference, workflowsOf } from '../references.ts'
import type { Resource } from '../resource.ts'
import { list, text } from '../values.ts'

/** Filters, mutator and handler that an event goes through, from a pipeline or from a handler of the older kind. */
interface Route {
  readonly resource: Resource
  readonly filters: readonly Reference[]
  readonly mutator: string
  readonly handler: string
}

function routesOf(resources: readonly Resource[]): Route[] {
  return resources.flatMap((resource): Route[] => {
    const { kind, name, spec } = resource
    if (kind === 'Pipeline') {
      return workflowsOf(spec).map(({ filters, mutator, handler }) => {
        return { resource, filters, mutator: mutator.name, handler: handler.name }
      })
    }
    const filters = list(spec.filters).map((filter, index): Reference => {
      return { kind: 'EventFilter', name: text(filter), path: ['spec', 'filters', index], lacks: [] }
    })
    return kind === 'Handler' ? [{ resource, filters, mutator: text(spec.mutator), handler: name }] : []
  })
}

const CALLS_PEOPLE = /pager|pagerduty|opsgenie|victorops|on-?call|squadcast/i

/** `not_silenced` before a handler that calls people, without another way for its recoveries. */
export function* eatsRecoveries({ resources }: Scope): Generator<Found> {
  const commands = new Map(resources.filter(({ kind }) => kind === 'Handler').map(({ name, spec }) => [name, text(spec.command)]))
  const routes = routesOf(resources)
  const silences = ({ filters }: Route) => filters.find(({ name }) => name === 'not_silenced')
  for (const route of routes) {
    const { handler, resource } = route
    const filter = silences(route)
    if (!filter || !CALLS_PEOPLE.test(`${handler} ${commands.get(handler) ?? ''}`)) continue
    const another = routes.some((other) => {
      return other.resource === resource && other.handler === handler && silences(other) === undefined
    })
    if (another) continue
    const says = `not_silenced also drops the recovery of what was silenced after it had paged, and ${handler} never closes it: give recoveries a workflow without it`
    yield { place: resource.at(filter.path), says }
  }
}

/** Anything evaluated in JavaScript before `is_incident` has kept events without a check away. */
export function* unguardedFilter({ resources }: Scope): Generator<Found> {
  const scripted = new Set(
    resources.filter(({ kind, spec }) => kind === 'Mutator' && spec.type === 'javascript').map(({ name }) => name),
  )
  for (const { resource, filters, mutator } of routesOf(resources)) {
    const first = filters.find((filter) => filter.name === 'is_incident' || !isBuiltIn(filter))
    if (first?.name === 'is_incident') continue
    const says = (what: string) =>
      `${what} crashes the backend on an event that has metrics and no check (Sensu 6.5 to 6.12 at least): put is_incident before it`
    if (first) yield { place: resource.at(first.path), says: says(`the filter ${first.name}`) }
    else if (scripted.has(mutator)) {
      const path = workflowsOf(resource.spec).find((workflow) => workflow.mutator.name === mutator)?.mutator.path
      yield { place: resource.at(path ?? ['spec', 'mutator']), says: says(`the JavaScript mutator ${mutator}`) }
    }
  }
}
