import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Document, decode, documentsOf } from '../../lib/event/text.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const bytes = (...parts: (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : part)))
const utf16 = (text: string, order: 'le' | 'be') => {
  const buffer = Buffer.from(`\ufeff${text}`, 'utf16le')
  return Uint8Array.from(order === 'le' ? buffer : buffer.swap16())
}

describe('decode', () => {
  it.each<[string, Uint8Array, string, boolean]>([
    ['plain', bytes('{"a":1}'), '{"a":1}', false],
    ['nothing', bytes(), '', false],
    ['one byte', bytes([0x7b]), '{', false],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '{}'), '{}', false],
    ['all of Unicode', bytes('"zürich 🔥"'), '"zürich 🔥"', false],
    ['UTF-16 as PowerShell writes it', utf16('{"a":"ü🔥"}', 'le'), '{"a":"ü🔥"}', false],
    ['UTF-16, the other way round', utf16('{"a":"ü🔥"}', 'be'), '{"a":"ü🔥"}', false],
    ['Latin-1', bytes('"z', [0xfc], 'rich"'), '"z\ufffdrich"', true],
    ['a character cut in half', bytes('"', [0xf0, 0x9f], '"'), '"\ufffd"', true],
    ['an encoded surrogate', bytes('"', [0xed, 0xa0, 0x80], '"'), '"\ufffd\ufffd\ufffd"', true],
  ])('%s', (_, input, text, is_odd) => {
    expect(decode(input)).toEqual({ text, problem: is_odd ? expect.stringContaining('not valid UTF-8') : null })
  })

  it('takes any bytes, and gives back any text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        expect(decode(input).text.isWellFormed()).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decode(utf8(`x${text}`))).toEqual({ text: `x${text}`, problem: null })
      }),
    )
  })
})

/** What became of a document: its value, or how its refusal begins. */
const outcome = (document: Document) =>
  'value' in document ? [document.where, document.value] : [document.where, document.refused.split(':')[0]]

const EMPTY = ['', 'the input is empty']
const EMPTY_LIST = ['', 'the input is an empty list']
const BROKEN = ['', 'not JSON']
const pretty = (...values: unknown[]) => values.map((value) => JSON.stringify(value, null, 2)).join('\n')
const one = { a: { b: [1] } }
const other = { c: '}' }

describe('documentsOf', () => {
  it.each<[string, string, unknown[]]>([
    ['one value', '{"a":1}', [['', { a: 1 }]]],
    ['one value over several lines', pretty(one), [['', one]]],
    ['one value with CRLF', pretty(one).replaceAll('\n', '\r\n'), [['', one]]],
    ['no object at all', '"x"', [['', 'x']]],
    ['nothing', '', [EMPTY]],
    ['white space', ' \r\n\t\n', [EMPTY]],
    ['an empty list', ' [] ', [EMPTY_LIST]],
    ['a list of one', '[{"a":1}]', [['', { a: 1 }]]],
    [
      'a list of two',
      '[{"a":1}, null]',
      [
        ['item 1', { a: 1 }],
        ['item 2', null],
      ],
    ],
    [
      'a value a line',
      '{"a":1}\n{"b":2}\n',
      [
        ['line 1', { a: 1 }],
        ['line 2', { b: 2 }],
      ],
    ],
    [
      'a value a line, with CRLF and empty lines',
      '\r\n{"a":1}\r\n\r\n{"b":2}\r\n',
      [
        ['line 2', { a: 1 }],
        ['line 4', { b: 2 }],
      ],
    ],
    [
      'a broken line among good ones',
      '{"a":1}\n{"b":\n{"c":3}',
      [
        ['line 1', { a: 1 }],
        ['line 2', 'not JSON'],
        ['line 3', { c: 3 }],
      ],
    ],
    [
      'a broken line before a good one',
      '{"a":1\n{"b":2}',
      [
        ['line 1', 'not JSON'],
        ['line 2', { b: 2 }],
      ],
    ],
    [
      'values after one another',
      pretty(one, other),
      [
        ['line 1', one],
        ['line 8', other],
      ],
    ],
    [
      'values after one another, with CRLF',
      pretty(one, other).replaceAll('\n', '\r\n'),
      [
        ['line 1', one],
        ['line 8', other],
      ],
    ],
    [
      'values after one another on one line',
      '{"a":1} {"b":2}',
      [
        ['line 1', { a: 1 }],
        ['line 1', { b: 2 }],
      ],
    ],
    [
      'lists after one another',
      '[\n{"a":1}\n]\n[\n2,\n3\n]',
      [
        ['line 1, item 1', { a: 1 }],
        ['line 4, item 1', 2],
        ['line 4, item 2', 3],
      ],
    ],
    [
      'braces and quotes inside strings',
      pretty({ a: '}{' }, { b: '\\"]' }),
      [
        ['line 1', { a: '}{' }],
        ['line 4', { b: '\\"]' }],
      ],
    ],
    [
      'a broken value after a good one',
      `${pretty(one)}\n{\n"x": \n}`,
      [
        ['line 1', one],
        ['line 8', 'not JSON'],
      ],
    ],
    [
      'a value that is cut off after a good one',
      `${pretty(one)}\n{\n"x": {`,
      [
        ['line 1', one],
        ['line 8', 'not JSON'],
      ],
    ],
    ['one value cut off', pretty(one).slice(0, -3), [BROKEN]],
    ['one value with a comma too many', '{\n  "a": {},\n  "b": {},\n}', [BROKEN]],
    ['a line feed in a string', '{\n"a": "x\ny"\n}', [BROKEN]],
    ['a value and more', '{"a":1} junk', [BROKEN]],
    ['no JSON', 'check failed: {oops}', [BROKEN]],
  ])('%s', (_, text, expected) => {
    expect(documentsOf(text).map(outcome)).toEqual(expected)
  })

  it('leaves no value out without a word', () => {
    expect(documentsOf(`${pretty(one)}\n[]`)).toHaveLength(2)
  })

  it('takes lists on lines apart like lists over lines', () => {
    expect(documentsOf('[{"a":1},{"b":2}]\n[{"c":3}]').map((document) => 'value' in document && document.value)).toEqual([
      { a: 1 },
      { b: 2 },
      { c: 3 },
    ])
  })

  const jsonish = fc.string({
    unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '1', 'a', ' ', '\n', '\r', '\u2028', '\u0000', '🔥', '\ud83d'),
    maxLength: 40,
  })

  it('never throws, always says something, and refuses in one line', () => {
    fc.assert(
      fc.property(fc.oneof(jsonish, fc.string({ unit: 'binary' })), (text) => {
        const documents = documentsOf(text)
        expect(documents.length).toBeGreaterThan(0)
        for (const document of documents) {
          if ('refused' in document) expect(document.refused).toMatch(/^[^\p{Cc}\u2028\u2029]{1,300}$/u)
        }
      }),
      { numRuns: 2000, examples: [['{"a":1}\n[]'], ['{\n"a":1}\n{}'], ['\u0085'], ['\u2028']] },
    )
  })

  const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 })
  const filled = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 4 })

  it('finds as many values as there are lines', () => {
    fc.assert(
      fc.property(fc.array(object, { minLength: 2, maxLength: 20 }), (values) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n')
        expect(documentsOf(text)).toEqual(
          values.map((value, index) => ({ where: `line ${index + 1}`, value: JSON.parse(JSON.stringify(value)) })),
        )
      }),
    )
  })

  it('finds as many values as were printed after one another', () => {
    fc.assert(
      fc.property(fc.array(filled, { minLength: 2, maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\n\n'), (values, end) => {
        const text = values.map((value) => JSON.stringify(value, null, 2).replaceAll('\n', end)).join(end)
        expect(documentsOf(text).map((document) => 'value' in document && document.value)).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value))),
        )
      }),
    )
  })

  it('keeps every good line beside a broken one', () => {
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 10 }), fc.nat(), (values, place) => {
        const lines = values.map((value) => JSON.stringify(value))
        lines.splice(place % (lines.length + 1), 0, '{"broken"')
        const documents = documentsOf(lines.join('\n'))
        expect(documents).toHaveLength(lines.length)
        expect(documents.filter((document) => 'refused' in document)).toHaveLength(1)
      }),
    )
  })

  it('is quick with a long broken text', () => {
    const started = performance.now()
    expect(documentsOf(`{"a":[${'{"b":"}"},\n'.repeat(100_000)}`)).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
