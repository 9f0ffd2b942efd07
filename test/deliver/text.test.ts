import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueWithoutSecrets } from '../../lib/deliver/redact-value.ts'
import { cut, lines, oneLine, withoutSecrets } from '../../lib/deliver/text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '\r', '\t', '\u0000', '\u001b', '\u00a0', '\u2028', '🔥', '\ud83d', '\udd25'),
    maxLength: 60,
  }),
)

describe('cut', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['', 1, ''],
    ['ab', 1, '…'],
    ['a🔥', 3, 'a🔥'],
    ['a🔥b', 3, 'a…'],
    ['a🔥bc', 4, 'a🔥…'],
    ['🔥🔥', 2, '…'],
  ])('%j to %i is %j', (text, units, expected) => {
    expect(cut(text, units)).toBe(expected)
  })

  it('is never too long, begins like the text, and splits no character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 70 }), (text, units) => {
        const short = cut(text, units)
        expect(short.length).toBeLessThanOrEqual(units)
        expect(text.startsWith(short.replace(/…$/, ''))).toBe(true)
        if (text.isWellFormed()) expect(short.isWellFormed()).toBe(true)
        if (text.length <= units) expect(short).toBe(text)
        else expect(short.length).toBeGreaterThanOrEqual(Math.max(1, units - 1))
      }),
    )
  })
})

describe('oneLine', () => {
  it.each([
    ['a b', 'a b'],
    ['  a \r\n\t b  ', 'a b'],
    ['a\u0000\u001b[31mb\u007f\u0085c', 'a [31mb c'],
    ['a\u00a0\u2028\u2029b', 'a b'],
    ['a\ud83db\udd25', 'a\ufffdb\ufffd'],
    ['zürich 🔥', 'zürich 🔥'],
    ['\n', ''],
  ])('%j is %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected)
  })

  it('is one well-formed line, and stays as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = oneLine(text)
        expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]*$/u)
        expect(line.isWellFormed()).toBe(true)
        expect(oneLine(line)).toBe(line)
      }),
    )
  })
})

describe('lines', () => {
  it.each([
    ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['a\tb', 'a\tb'],
    ['\u0000a\u001b[1mb\u007f', 'a[1mb'],
    ['a\ud83d', 'a\ufffd'],
  ])('%j is %j', (text, expected) => {
    expect(lines(text)).toBe(expected)
  })

  it('costs no more than its bytes and one more a line or quote, as JSON', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = lines(text)
        expect(JSON.stringify(clean)).not.toMatch(/\\u/)
        expect(Buffer.byteLength(JSON.stringify(clean))).toBeLessThanOrEqual(Buffer.byteLength(clean) * 2 + 2)
      }),
    )
  })
})

describe('withoutSecrets', () => {
  it.each<[string, string[], string]>([
    ['nothing to hide', [], 'nothing to hide'],
    ['key s3cretkey, s3cretkey!', ['s3cretkey'], 'key [key], [key]!'],
    ['one-key-1 and two-key-2', ['one-key-1', 'two-key-2'], '[key] and [key]'],
    ['a.c abc', ['a.c'], '[key] abc'],
    ['costs $& each', ['$&'], 'costs [key] each'],
  ])('%j without %j is %j', (text, secrets, expected) => {
    expect(withoutSecrets(text, secrets)).toBe(expected)
  })
})

describe('valueWithoutSecrets', () => {
  const key = '0123456789abcdef'

  it.each<[string, unknown, string[], unknown]>([
    ['nothing to hide', { a: [1, null] }, [key], { a: [1, null] }],
    ['no secret', { a: key }, [], { a: key }],
    [
      'in texts and names',
      { [`x${key}`]: [key, { a: `b ${key} ${key}` }] },
      [key],
      { 'x[key]': ['[key]', { a: 'b [key] [key]' }] },
    ],
    ['in a text alone', key, [key], '[key]'],
    ['with quotes, inside a text', { a: `use "${key}"` }, [`"${key}"`], { a: 'use [key]' }],
    ['with quotes, where the text has none', { a: key }, [`"${key}"`], { a: key }],
    ['with a backslash', { a: `x\\${key}` }, [`\\${key}`], { a: 'x[key]' }],
    [
      'of digits, like a time of the event',
      { executed: 1777972901, a: 'at 1777972901' },
      ['1777972901'],
      { executed: 1777972901, a: 'at [key]' },
    ],
    ['of a piece of JSON', { a: '', b: [] }, ['"a":"","b"'], { a: '', b: [] }],
  ])('%s', (_, value, secrets, expected) => {
    expect(valueWithoutSecrets(value, secrets)).toEqual(expected)
  })

  it('never throws, and leaves no secret in a text', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '{', ':', '1', 'a', 'n'), minLength: 1, maxLength: 3 })),
        (value, secrets) => {
          const clean = JSON.stringify(valueWithoutSecrets({ value, note: secrets.join(' ') }, secrets))
          JSON.parse(clean, (_, item) => {
            for (const secret of secrets) if (typeof item === 'string') expect(item).not.toContain(secret)
            return item
          })
        },
      ),
    )
  })

  it('takes any depth that JSON.parse takes', () => {
    const deep = JSON.parse(`{"note":"${key}","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    expect(valueWithoutSecrets(deep, [key])).toHaveProperty('note', '[key]')
  })
})
