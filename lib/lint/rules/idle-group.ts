import type { AnyNode } from 'acorn'
import type { Found, Scope } from '../finding.ts'
import { idleGroups } from '../idle-groups.ts'
import { offsetIn, patternOf } from '../pattern.ts'
import { nodesOf, propertyName, type Visit } from '../walk.ts'

/** Groups that may capture nothing, in regular expressions that `test` is called on; `exec`, `match` and the like bear them. */
export function* idleGroup({ scripts }: Scope): Generator<Found> {
  for (const { program, at } of scripts) {
    if (program === null) continue
    const visits = [...nodesOf(program)]
    const tested = new Set(visits.flatMap(({ node }) => testedName(node)))
    for (const visit of visits) {
      const pattern = patternOf(visit.node)
      if (pattern === null || !isTested(visit, tested)) continue
      for (const offset of idleGroups(pattern.text)) {
        const says =
          'when this group captures nothing, test() panics in the engine of Sensu 6.11 and later, and no catch helps: write (?:...)'
        yield { place: at(offsetIn(pattern, offset)), says }
      }
    }
  }
}

/** The last name of what `test` is called on: `re` for `re.test` and `my.re.test`, empty for what has none. */
function testedName(node: AnyNode): string[] {
  if (node.type !== 'MemberExpression' || propertyName(node) !== 'test' || patternOf(node.object) !== null) return []
  return [nameOf(node.object) ?? '']
}

function isTested({ parent }: Visit, tested: ReadonlySet<string>): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return propertyName(parent) === 'test'
    case 'VariableDeclarator':
      return tested.has(nameOf(parent.id) ?? '')
    case 'AssignmentExpression':
      return tested.has(nameOf(parent.left) ?? '')
    case 'Property':
      return tested.has(nameOf(parent.key) ?? '')
    case 'CallExpression':
      if (/^(?:match|replace|search|split)$/.test(propertyName(parent.callee) ?? '')) return false
  }
  // Passed on, or in a list: to whatever the script tests.
  return tested.size > 0
}

function nameOf(node: AnyNode): string | null {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : propertyName(node)
}
