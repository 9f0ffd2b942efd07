/**
 * What the JavaScript engine of Sensu (otto) does not have, with what to write instead. Found by running all of
 * these in the three revisions that Sensu has pinned.
 */

export const METHODS: Readonly<Record<string, string>> = {
  includes: 'indexOf(...) !== -1',
  startsWith: 'indexOf(...) === 0',
  endsWith: 'slice(-n) === ...',
  repeat: 'new Array(n + 1).join(...)',
  padStart: 'a loop',
  padEnd: 'a loop',
  trimStart: 'replace(/^\\s+/, "")',
  trimEnd: 'replace(/\\s+$/, "")',
  codePointAt: 'charCodeAt',
  normalize: 'nothing: there is none',
  matchAll: 'exec in a loop',
  replaceAll: 'split(...).join(...)',
  at: 'an index',
  find: 'filter(...)[0]',
  findIndex: 'a loop',
  findLast: 'a loop',
  findLastIndex: 'a loop',
  fill: 'a loop',
  flat: 'concat.apply([], ...)',
  flatMap: 'map and concat.apply',
  copyWithin: 'a loop',
}

export const STATICS: Readonly<Record<string, readonly string[]>> = {
  Object: ['assign', 'values', 'entries', 'fromEntries', 'setPrototypeOf', 'getOwnPropertySymbols'],
  Array: ['from', 'of'],
  Number: ['isInteger', 'isSafeInteger', 'parseFloat', 'parseInt', 'EPSILON', 'MAX_SAFE_INTEGER', 'MIN_SAFE_INTEGER'],
  Math: ['trunc', 'sign', 'log10', 'log2', 'hypot', 'cbrt', 'fround', 'clz32', 'imul'],
  String: ['raw', 'fromCodePoint'],
}

export const GLOBALS: readonly string[] = [
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Promise', 'Proxy', 'Reflect', 'BigInt', 'Intl'],
  ...['globalThis', 'window', 'process', 'Buffer', 'require', 'module', 'exports', 'fetch', 'setTimeout', 'setInterval'],
]
