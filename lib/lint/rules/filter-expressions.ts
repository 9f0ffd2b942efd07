import type { AnyNode } from 'acorn'
import type { Found, Scope } from '../finding.ts'
import { BUILT_IN } from '../references.ts'
import { list, text } from '../values.ts'
import { chainOf, freeNames, nodesOf } from '../walk.ts'

const FLAT: Readonly<Record<string, readonly string[]>> = {
  filter: ['event.metadata', 'event.check.metadata', 'event.entity.metadata', 'event.check.hooks.[].metadata'],
  entity: ['entity.metadata'],
}

/** `metadata` is flattened before an expression sees the event, so that looking into it throws. */
export function* metadataPath({ scripts }: Scope): Generator<Found> {
  for (const { use, program, at } of scripts) {
    if (program === null) continue
    const aliases = aliasesOf(program)
    for (const { node } of nodesOf(program)) {
      const chain = chainOf(node)?.replace(/^\w+/, (name) => aliases.get(name) ?? name)
      if (node.type !== 'MemberExpression' || chain === undefined || !FLAT[use]?.includes(chain)) continue
      const flat = chain.replace(/\.metadata$/, '').replace('.[]', '[...]')
      yield {
        place: at(node.property.start),
        says: `there is no ${flat}.metadata here: write ${flat}.labels, ${flat}.name and so on`,
      }
    }
  }
}

/** Variables that stand for a part of the event: `var check = event.check`. */
function aliasesOf(program: AnyNode): Map<string, string> {
  return new Map(
    [...nodesOf(program)].flatMap(({ node }) => {
      const chain = node.type === 'VariableDeclarator' && node.init ? chainOf(node.init) : null
      return node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && chain !== null ? [[node.id.name, chain]] : []
    }),
  )
}

const KEYS_OF_EVENT = [
  ...['is_incident', 'is_resolution', 'is_silenced', 'is_flapping_start', 'is_flapping_end', 'has_check', 'has_metrics'],
  ...['check', 'entity', 'metrics'],
]

/** Variables that people take for granted, some since Sensu's documentation does; an asset may bring a function of the name. */
export function* unknownVariable({ scripts }: Scope): Generator<Found> {
  for (const { use, program, at } of scripts) {
    if (use !== 'filter' || program === null) continue
    const called = new Set([...nodesOf(program)].map(({ node }) => (node.type === 'CallExpression' ? node.callee : null)))
    for (const identifier of freeNames(program)) {
      const says = called.has(identifier) ? null : instead(identifier.name)
      if (says !== null) yield { place: at(identifier.start), says: `there is no variable ${identifier.name}: ${says}` }
    }
  }
}

function instead(name: string): string | null {
  const says = [
    ...(KEYS_OF_EVENT.includes(name) ? [`write event.${name}`] : []),
    ...(BUILT_IN.EventFilter?.includes(name) ? ['list the filter of that name in the workflow'] : []),
    ...(name === 'nil' ? ['write undefined'] : []),
  ]
  return says.length === 0 ? null : says.join(', or ')
}

/** Sensu takes no other action, and none left out. */
export function* filterAction({ resources }: Scope): Generator<Found> {
  for (const { kind, spec, at } of resources) {
    if (kind !== 'EventFilter' || spec.action === 'allow' || spec.action === 'deny') continue
    yield { place: at(['spec', 'action']), says: 'its action is neither allow nor deny' }
  }
}

/** A deny filter with several expressions changed its meaning. */
export function* severalDeny({ resources }: Scope): Generator<Found> {
  for (const { kind, spec, at } of resources) {
    if (kind !== 'EventFilter' || spec.action !== 'deny' || !Array.isArray(spec.expressions)) continue
    const count = spec.expressions.length
    if (count < 2) continue
    const says = `${count} expressions in a deny filter: since Sensu 6.9 any of them denies, before it took all; join them with || or &&`
    yield { place: at(['spec', 'expressions']), says }
  }
}

/** YAML takes `!x` for a tag, `f({ a: 1 })` for a map and `true` for a boolean, and Sensu wants texts. */
export function* noText({ resources }: Scope): Generator<Found> {
  for (const { kind, spec, at } of resources) {
    if (kind !== 'EventFilter') continue
    const expressions = list(spec.expressions)
    if (expressions.length === 0) yield { place: at(['spec', 'expressions']), says: 'a filter needs an expression' }
    for (const [index, expression] of expressions.entries()) {
      if (text(expression).trim() !== '') continue
      const says =
        'this is no text to YAML: put the expression in quotes, as one that starts with ! or holds a colon and a space needs'
      yield { place: at(['spec', 'expressions', index]), says }
    }
  }
}
