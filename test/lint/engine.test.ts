import { describe, expect, it } from 'vitest'
import { GLOBALS, METHODS, STATICS } from '../../lib/lint/missing-names.ts'
import { refusedByRe2 } from '../../lib/lint/re2.ts'
import { needing } from '../support/needing.ts'
import { ask, HAS_GO, OTTOS } from '../support/otto.ts'

const METHOD_OWNERS = ['String', 'Array', 'Number', 'RegExp', 'Date', 'Function']
/** What no script of a filter ever asks for, or what a method of another name does not stand for. */
const NOT_WORTH_A_WORD =
  /^(?:name|length|arguments|caller|__\w+|anchor|big|blink|bold|fontcolor|fontsize|fixed|italics|link|small|strike|sub|sup)$|^[$`'&+]|^(?:last|left|right)[A-Z]\w+$|^(?:input|escape|f16round|compile|toTemporalInstant)$/
/** Properties of a regular expression, which otto gives to each instead of to their prototype, or which nobody reads. */
const FLAGS = /^(?:dotAll|flags|global|hasIndices|ignoreCase|multiline|source|sticky|unicode|unicodeSets)$/

const PATTERNS = [
  ...['(a', 'a)', '[a', '[b-a]', 'a{2,1}', 'a**', 'a++', 'a|*', '(?:a', '(?#x)', '(?>a)', '{1}', '\\1', '(?=a)', '(?!a)'],
  ...['(?<=a)', '(?<!a)', '[^]', '[]', 'a{1001}', 'x{1,2}{3}'],
  ...[
    '(?i)a',
    '(?i:a)',
    '(?P<n>a)',
    'a{,5}',
    'a{1000}',
    '\\08',
    '\\cA',
    '[\\d-z]',
    '[[:alpha:]]',
    'x{',
    '\\u0041',
    'a+?',
    '[(?=a)]',
  ],
]

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

withOtto('what the linter says of the engine is so', () => {
  describe.each(OTTOS)('in otto $name', (otto) => {
    const holding = async (expressions: readonly string[]) => {
      const found = await ask(
        otto,
        expressions.map((expression) => ({ expression, scripts: [] })),
      )
      return expressions.filter((_, index) => found[index]?.truthy)
    }

    it('has none of the names', async () => {
      const names = [
        ...Object.keys(METHODS).flatMap((name) => [`"${name}" in String.prototype`, `"${name}" in Array.prototype`]),
        ...Object.entries(STATICS).flatMap(([owner, names]) => names.map((name) => `"${name}" in ${owner}`)),
        ...GLOBALS.map((name) => `typeof ${name} !== "undefined"`),
      ]
      expect(await holding(names)).toEqual([])
    })

    it('has every other method of Node', async () => {
      const owned = [
        ...Object.keys(STATICS).map((owner) => [owner, STATICS[owner] ?? []] as const),
        ...METHOD_OWNERS.map((owner) => [`${owner}.prototype`, Object.keys(METHODS)] as const),
      ]
      const names = owned.flatMap(([owner, listed]) => {
        const [root = '', part] = owner.split('.')
        const object = (globalThis as unknown as Record<string, Record<string, object>>)[root] as Record<string, object>
        return Object.getOwnPropertyNames(part === undefined ? object : object[part])
          .filter((name) => !listed.includes(name) && !NOT_WORTH_A_WORD.test(name) && !FLAGS.test(name))
          .map((name) => `!(${JSON.stringify(name)} in ${owner})`)
      })
      expect(names.length).toBeGreaterThan(100)
      expect(await holding(names)).toEqual([])
    })

    it('takes a regular expression or not', async () => {
      const taken = await holding(PATTERNS.map((pattern) => `/${pattern}/.test("a") || true`))
      const allowed = PATTERNS.filter((pattern) => refusedByRe2(pattern).length === 0)
      expect(taken).toEqual(allowed.map((pattern) => `/${pattern}/.test("a") || true`))
    })
  })
})
