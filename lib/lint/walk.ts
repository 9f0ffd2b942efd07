import type { AnyNode, Identifier } from 'acorn'

export interface Visit {
  readonly node: AnyNode
  readonly parent: AnyNode | null
}

/** Every node of a syntax tree with the one around it, outside in; a chain of calls may be deeper than the stack. */
export function* nodesOf(root: AnyNode): Generator<Visit> {
  const left: Visit[] = [{ node: root, parent: null }]
  for (let visit = left.pop(); visit !== undefined; visit = left.pop()) {
    yield visit
    const { node } = visit
    const children = Object.values(node)
      .flat()
      .filter((child) => typeof child?.type === 'string')
    for (const child of children.reverse()) left.push({ node: child, parent: node })
  }
}

/** The name of a property that stands in the text: `x.name` or `x['name']`. */
export function propertyName(node: AnyNode): string | null {
  if (node.type !== 'MemberExpression') return null
  const { property, computed } = node
  if (!computed && property.type === 'Identifier') return property.name
  return computed && property.type === 'Literal' && typeof property.value === 'string' ? property.value : null
}

/** Longer than any chain that a rule looks for. */
const MAX_CHAIN = 8

/** `event.check.metadata` of the nodes that say so, and `x.[]` of what takes one of several; null for what is no plain chain of a few names. */
export function chainOf(node: AnyNode, most = MAX_CHAIN): string | null {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression') return null
  const name = propertyName(node) ?? (node.computed ? '[]' : null)
  if (name === null || most === 1) return null
  const before = chainOf(node.object, most - 1)
  return before === null ? null : `${before}.${name}`
}

/** Identifiers that are read as variables, and that the script itself does not declare. */
export function freeNames(root: AnyNode): Identifier[] {
  const visits = [...nodesOf(root)]
  const declared = new Set(visits.flatMap(declaredBy))
  return visits.flatMap(({ node, parent }) =>
    node.type === 'Identifier' && isRead(node, parent) && !declared.has(node.name) ? [node] : [],
  )
}

function isRead(node: Identifier, parent: AnyNode | null): boolean {
  if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed
  if (parent?.type === 'Property') return parent.value === node
  return parent?.type !== 'LabeledStatement' && parent?.type !== 'BreakStatement' && parent?.type !== 'ContinueStatement'
}

function declaredBy({ node, parent }: Visit): string[] {
  if (node.type === 'Identifier') {
    const is_parameter =
      (parent?.type === 'FunctionDeclaration' ||
        parent?.type === 'FunctionExpression' ||
        parent?.type === 'ArrowFunctionExpression') &&
      parent.params.includes(node)
    const is_declared =
      (parent?.type === 'VariableDeclarator' && parent.id === node) ||
      ((parent?.type === 'FunctionDeclaration' || parent?.type === 'FunctionExpression') && parent.id === node) ||
      (parent?.type === 'CatchClause' && parent.param === node) ||
      (parent?.type === 'AssignmentExpression' && parent.left === node)
    return is_parameter || is_declared ? [node.name] : []
  }
  return []
}
