import type { AnyNode } from 'acorn'
import type { Found, Scope } from '../finding.ts'
import { GLOBALS, METHODS, STATICS } from '../missing-names.ts'
import { chainOf, freeNames, nodesOf, propertyName } from '../walk.ts'

/** Methods and objects of ES2015 and later, unless the scripts bring them along or ask before they use them. */
export function* missingMethod({ scripts }: Scope): Generator<Found> {
  const brought = new Set(scripts.flatMap(({ program }) => (program === null ? [] : broughtBy(program))))
  for (const { program, at } of scripts) {
    if (program === null) continue
    const asked = askedFor(program)
    const free = freeNames(program)
    const globals = new Set<AnyNode>(free)
    for (const { node, parent } of nodesOf(program)) {
      const hit = methodOf(node, parent, globals) ?? staticOf(node)
      if (hit === null || brought.has(hit.name)) continue
      yield { place: at(hit.offset), says: `Sensu's JavaScript engine has no ${hit.name}${hit.instead}` }
    }
    for (const { name, start } of free) {
      if (!GLOBALS.includes(name) || asked.has(name)) continue
      yield { place: at(start), says: `Sensu's JavaScript engine has no ${name}` }
    }
  }
}

interface Hit {
  readonly name: string
  readonly offset: number
  readonly instead: string
}

/**
 * A call, also by `call` and `apply`, of a method that strings or arrays got later. What is global is neither of these but
 * what an asset brings along, with methods of its own: `tierline.find`.
 */
function methodOf(node: AnyNode, parent: AnyNode | null, globals: ReadonlySet<AnyNode>): Hit | null {
  if (node.type !== 'MemberExpression' || parent === null) return null
  const is_called = parent.type === 'CallExpression' && parent.callee === node
  if (!is_called && !(parent.type === 'MemberExpression' && /^(?:call|apply|bind)$/.test(propertyName(parent) ?? ''))) return null
  const name = propertyName(node)
  if (name === null || !Object.hasOwn(METHODS, name)) return null
  const { object, property } = node
  if (globals.has(object)) return null
  return { name, offset: property.start, instead: `(): write ${METHODS[name]}` }
}

function staticOf(node: AnyNode): Hit | null {
  const [owner = '', name = '', ...more] = chainOf(node)?.split('.') ?? []
  if (node.type !== 'MemberExpression' || more.length > 0 || !STATICS[owner]?.includes(name)) return null
  return { name: `${owner}.${name}`, offset: node.property.start, instead: '' }
}

/** What a script assigns to a prototype or to an object of the language: `Array.prototype.find = ...`. */
function broughtBy(program: AnyNode): string[] {
  return [...nodesOf(program)].flatMap(({ node }) => {
    const chain = node.type === 'AssignmentExpression' ? chainOf(node.left) : null
    const [, name = chain] = /\.prototype\.(\w+)$/.exec(chain ?? '') ?? []
    return name === null ? [] : [name]
  })
}

/** Names that a script asks about with `typeof` before it relies on them. */
function askedFor(program: AnyNode): Set<string> {
  return new Set(
    [...nodesOf(program)].flatMap(({ node }) =>
      node.type === 'UnaryExpression' && node.operator === 'typeof' && node.argument.type === 'Identifier'
        ? [node.argument.name]
        : [],
    ),
  )
}
