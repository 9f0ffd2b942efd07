import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distinctKeys, keyProblem, keysOf, secretsOf, tiersToTry } from '../../../lib/deliver/pagerduty/keys.ts'
import { TIERS, type Tier } from '../../../lib/event/settings.ts'

const A = 'a'.repeat(32)
const B = 'B'.repeat(32)
const C = '0123456789abcdef0123456789abcdef'
const REST = 'u+AbCdEf_GhIjKlMnOp-'

interface Texts {
  readonly shared?: string
  readonly first?: string
  readonly second?: string
  readonly third?: string
}
const sources = (texts: Texts) => ({
  own: {
    first: { name: 'FIRST', text: texts.first },
    second: { name: 'SECOND', text: texts.second },
    third: { name: 'THIRD', text: texts.third },
  },
  shared: { name: 'SHARED', text: texts.shared },
})

/** `[key, source]` of each tier. */
const chosen = (texts: Texts) => {
  const { keys } = keysOf(sources(texts))
  return TIERS.map((tier) => [keys[tier].key, keys[tier].source])
}
const errorOf = (texts: Texts) => keysOf(sources(texts)).error

describe('keysOf', () => {
  it.each<[string, Texts, unknown[][]]>([
    [
      'one for all',
      { shared: A },
      [
        [A, 'SHARED'],
        [A, 'SHARED'],
        [A, 'SHARED'],
      ],
    ],
    [
      'one each',
      { first: A, second: B, third: C },
      [
        [A, 'FIRST'],
        [B, 'SECOND'],
        [C, 'THIRD'],
      ],
    ],
    [
      "the shared one is then the first line's",
      { shared: A, second: B, third: C },
      [
        [A, 'SHARED'],
        [B, 'SECOND'],
        [C, 'THIRD'],
      ],
    ],
    [
      'unless that has its own',
      { shared: C, first: A, second: B },
      [
        [A, 'FIRST'],
        [B, 'SECOND'],
        [null, 'THIRD'],
      ],
    ],
    [
      'only one has any',
      { third: C },
      [
        [null, 'FIRST'],
        [null, 'SECOND'],
        [C, 'THIRD'],
      ],
    ],
    [
      'none at all',
      {},
      [
        [null, 'SHARED'],
        [null, 'SHARED'],
        [null, 'SHARED'],
      ],
    ],
    [
      'blanks are none',
      { shared: A, first: '', second: ' \n' },
      [
        [A, 'SHARED'],
        [A, 'SHARED'],
        [A, 'SHARED'],
      ],
    ],
    [
      'space around goes',
      { shared: `\n${A} ` },
      [
        [A, 'SHARED'],
        [A, 'SHARED'],
        [A, 'SHARED'],
      ],
    ],
    [
      'a bad one is none, and hides no other',
      { shared: A, second: 'oops' },
      [
        [A, 'SHARED'],
        [null, 'SECOND'],
        [null, 'THIRD'],
      ],
    ],
  ])('%s', (_, texts, expected) => {
    expect(chosen(texts)).toEqual(expected)
  })

  it.each<[string, Texts, string | null]>([
    ['one for all', { shared: A }, null],
    ['three of their own', { first: A, second: B, third: C }, null],
    ['first and second', { first: A, second: A, third: C }, 'FIRST and SECOND hold the same key'],
    ['first and third', { first: A, second: B, third: A }, 'FIRST and THIRD hold the same key'],
    ['second and third', { second: B, third: B }, 'SECOND and THIRD hold the same key'],
    ['shared and second', { shared: A, second: A, third: C }, 'SHARED and SECOND hold the same key'],
    ['but for the space around', { first: A, second: ` ${A}\n` }, 'FIRST and SECOND hold the same key'],
    ['a shared one that nobody uses', { shared: B, first: A, second: B, third: C }, null],
    ['two that are missing', { first: A }, null],
    ['two that are no keys', { first: 'oops', second: 'oops', third: A }, null],
    ['in another case', { first: 'a'.repeat(32), second: 'A'.repeat(32) }, null],
  ])('equal keys: %s', (_, texts, expected) => {
    expect(errorOf(texts)).toEqual(expected === null ? null : expect.stringContaining(expected))
  })

  it('says what is wrong with each, and never what it is', () => {
    const { keys } = keysOf(sources({ first: 'hunter22hunter22', second: REST }))
    expect(TIERS.map((tier) => keys[tier].problem)).toEqual([
      'FIRST has 16 characters: a PagerDuty integration key is 32 letters and digits',
      expect.stringMatching(/^SECOND looks like a token of the REST API/),
      'THIRD is not set',
    ])
  })

  const text = fc.constantFrom(undefined, '', ' ', A, B, C, `${A}\n`, 'oops', REST)

  it('has a key or a problem for every tier, never a key of the wrong shape, and prints none', () => {
    fc.assert(
      fc.property(fc.record({ shared: text, first: text, second: text, third: text }), (texts) => {
        const { keys, error } = keysOf(sources(texts as Texts))
        for (const tier of TIERS) {
          const { key, problem } = keys[tier]
          expect(key === null).toBe(problem !== null)
          if (key !== null) expect(key).toMatch(/^[A-Za-z0-9]{32}$/)
        }
        const said = JSON.stringify([error, TIERS.map((tier) => [keys[tier].problem, keys[tier].source])])
        for (const secret of [A, B, C, REST, 'oops']) expect(said).not.toContain(secret)
        const used = TIERS.map((tier) => keys[tier].key).filter((key) => key !== null)
        const own = TIERS.some((tier) => texts[tier]?.trim())
        expect(error !== null).toBe(own && new Set(used).size < used.length)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('keyProblem', () => {
  it.each([A, B, C, 'R0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123'])('takes %s', (key) => {
    expect(keyProblem(key)).toBeNull()
  })

  it.each([
    [A.slice(1), 'has 31 characters'],
    [`${A}a`, 'has 33 characters'],
    [`"${A}"`, 'has characters other than letters and digits'],
    [`${A.slice(1)}-`, 'has characters other than letters and digits'],
    [`${A.slice(1)}é`, 'has characters other than letters and digits'],
    [`${A}\n`, 'has characters other than letters and digits'],
    [REST, 'looks like a token of the REST API'],
    ['y_NbAkKc66ryYTWUXYEu', 'looks like a token of the REST API'],
    ['e+XXXXXXXXXXXXXXXXXX', 'looks like a token of the REST API'],
  ])('%j %s', (key, problem) => {
    expect(keyProblem(key)).toContain(problem)
    expect(keyProblem(key)).not.toContain(key)
  })
})

describe('tiersToTry', () => {
  it.each<[Tier, Tier[]]>([
    ['first', ['first', 'second', 'third']],
    ['second', ['second', 'third', 'first']],
    ['third', ['third', 'second', 'first']],
  ])('%s: %j', (tier, expected) => {
    expect(tiersToTry(tier)).toEqual(expected)
  })
})

describe('distinctKeys', () => {
  it.each<[string, Texts, unknown[]]>([
    ['shared', { shared: A }, [{ tiers: ['first', 'second', 'third'], key: A }]],
    [
      'three',
      { first: A, second: B, third: C },
      [
        { tiers: ['first'], key: A },
        { tiers: ['second'], key: B },
        { tiers: ['third'], key: C },
      ],
    ],
    [
      'equal ones count once',
      { first: A, second: B, third: A },
      [
        { tiers: ['first', 'third'], key: A },
        { tiers: ['second'], key: B },
      ],
    ],
    [
      'one missing',
      { first: A, third: C },
      [
        { tiers: ['first'], key: A },
        { tiers: ['third'], key: C },
      ],
    ],
    ['none', {}, []],
  ])('%s', (_, texts, expected) => {
    expect(distinctKeys(keysOf(sources(texts)).keys)).toEqual(expected)
  })
})

describe('secretsOf', () => {
  it.each<[string, Texts, string[]]>([
    ['every text, used or not', { shared: A, first: B, second: C }, [A, B, C]],
    ['bad ones too', { shared: REST, first: ` ${A}-\n` }, [REST, `${A}-`]],
    ['nothing so short that it would spoil every line', { shared: 'a', first: '', second: 'seven77' }, []],
  ])('%s', (_, texts, expected) => {
    expect(secretsOf(sources(texts))).toEqual(expected)
  })
})
