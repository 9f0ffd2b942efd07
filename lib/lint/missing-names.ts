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
  trimStart: 'trimLeft()',
  trimEnd: 'trimRight()',
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
  Object: [
    'assign',
    'values',
    'entries',
    'fromEntries',
    'setPrototypeOf',
    'getOwnPropertySymbols',
    'getOwnPropertyDescriptors',
    'is',
  ],
  Array: ['from', 'of'],
  Number: ['isInteger', 'isSafeInteger', 'isFinite', 'parseFloat', 'parseInt', 'EPSILON', 'MAX_SAFE_INTEGER', 'MIN_SAFE_INTEGER'],
  Math: ['trunc', 'sign', 'log10', 'log2', 'hypot', 'cbrt', 'fround', 'clz32', 'imul', 'expm1', 'log1p', 'sinh', 'cosh', 'tanh'],
  String: ['raw', 'fromCodePoint'],
}

export const GLOBALS: readonly string[] = [
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Promise', 'Proxy', 'Reflect', 'BigInt', 'Intl'],
  ...['globalThis', 'window', 'process', 'Buffer', 'require', 'module', 'exports', 'fetch', 'setTimeout', 'setInterval'],
  ...['ArrayBuffer', 'Uint8Array', 'DataView', 'URL'],
]
