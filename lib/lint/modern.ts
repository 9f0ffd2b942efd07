import type { AnyNode } from 'acorn'

/** What a piece of syntax newer than ES5 is called; null for what ES5 has. */
export function newerThanEs5(node: AnyNode): string | null {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.kind === 'var' ? null : node.kind
    case 'ArrowFunctionExpression':
      return 'an arrow function'
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node.async ? 'an async function' : node.generator ? 'a generator' : null
    case 'ClassDeclaration':
    case 'ClassExpression':
      return 'a class'
    case 'Property':
      return property(node)
    case 'ChainExpression':
      return '`?.`'
    case 'LogicalExpression':
      return node.operator === '??' ? '`??`' : null
    case 'BinaryExpression':
      return node.operator === '**' ? '`**`' : null
    case 'AssignmentExpression':
      return ['**=', '&&=', '||=', '??='].includes(node.operator) ? `\`${node.operator}\`` : null
    case 'CatchClause':
      return node.param ? null : '`catch` without a name'
    case 'Literal':
      return /^0[bo]|n$/i.test(node.raw ?? '') && typeof node.value !== 'string' && !('regex' in node && node.regex)
        ? 'this kind of number'
        : null
    default:
      return NAMES[node.type] ?? null
  }
}

const NAMES: Readonly<Record<string, string>> = {
  TemplateLiteral: 'a template literal',
  SpreadElement: 'spread',
  RestElement: 'a rest parameter',
  AssignmentPattern: 'a default value',
  ObjectPattern: 'destructuring',
  ArrayPattern: 'destructuring',
  ForOfStatement: '`for ... of`',
  ImportExpression: '`import()`',
  MetaProperty: '`new.target`',
}

function property(node: AnyNode & { type: 'Property' }): string | null {
  if (node.shorthand) return 'a shorthand property'
  if (node.computed) return 'a computed property name'
  return node.method ? 'a method in an object' : null
}
