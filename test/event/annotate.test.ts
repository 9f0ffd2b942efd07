import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annotated, type Marks } from '../../lib/event/annotate.ts'
import { readEvent } from '../../lib/event/read.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import { rawEvent } from '../support/event.ts'

const MARKS: Marks = { 'tierline/tier': 'first', 'tierline/reason': 'machine_down' }
const marks = JSON.stringify(MARKS)

describe('annotated', () => {
  it.each([
    ['beyond 2^53', '9007199254740993'],
    ['nanoseconds of statsd', '1777972901123456789'],
    ['a whole number with a point', '1.0'],
    ['beyond a double', '1e400'],
    ['below a double', '1e-400'],
    ['minus zero', '-0'],
    ['an exponent', '1E5'],
    ['more digits than a double has', '0.1000000000000000055511151231257827'],
    ['a hundred digits', '1'.repeat(100)],
  ])('keeps a number %s', (_, number) => {
    const text = `{"a":${number},"b":[${number},{"c":${number}}],"metadata":{"x":${number}}}`
    expect(annotated(text, MARKS)).toBe(
      `{"a":${number},"b":[${number},{"c":${number}}],"metadata":{"x":${number},"annotations":${marks}}}`,
    )
  })

  it.each([
    ['no metadata', '{"a":1}', `{"a":1,"metadata":{"annotations":${marks}}}`],
    ['metadata null', '{"metadata":null}', `{"metadata":{"annotations":${marks}}}`],
    ['metadata of another type', '{"metadata":[1]}', `{"metadata":{"annotations":${marks}}}`],
    ['metadata that is a number', '{"metadata":1.0}', `{"metadata":{"annotations":${marks}}}`],
    ['no annotations', '{"metadata":{"name":"x"}}', `{"metadata":{"name":"x","annotations":${marks}}}`],
    ['annotations null', '{"metadata":{"annotations":null}}', `{"metadata":{"annotations":${marks}}}`],
    ['annotations of another type', '{"metadata":{"annotations":"x"}}', `{"metadata":{"annotations":${marks}}}`],
    ['annotations that are a number', '{"metadata":{"annotations":1e400}}', `{"metadata":{"annotations":${marks}}}`],
    ['others', '{"metadata":{"annotations":{"a":"b"}}}', `{"metadata":{"annotations":{"a":"b",${marks.slice(1)}}}`],
    [
      'an older mark',
      '{"metadata":{"annotations":{"tierline/tier":"third","a":"b"}}}',
      '{"metadata":{"annotations":{"tierline/tier":"first","a":"b","tierline/reason":"machine_down"}}}',
    ],
    ['a wrapped event', '{"type":"Event","spec":{"a":1}}', `{"type":"Event","spec":{"a":1,"metadata":{"annotations":${marks}}}}`],
    [
      'a wrapped event with its metadata outside',
      '{"type":"Event","metadata":{"name":"x"},"spec":{"a":1}}',
      `{"type":"Event","metadata":{"name":"x","annotations":${marks}},"spec":{"a":1}}`,
    ],
    [
      'a field called type',
      '{"type":"Event","metadata":{},"spec":null}',
      `{"type":"Event","metadata":{"annotations":${marks}},"spec":null}`,
    ],
    [
      'keys that an object has by birth',
      '{"__proto__":{"x":1},"constructor":2,"metadata":{"__proto__":3,"annotations":{"__proto__":"y"}},"check":{"toString":"z"}}',
      `{"__proto__":{"x":1},"constructor":2,"metadata":{"__proto__":3,"annotations":{"__proto__":"y",${marks.slice(1)}},"check":{"toString":"z"}}`,
    ],
  ])('%s', (_, text, expected) => {
    expect(annotated(text, MARKS)).toBe(expected)
  })

  it.each(['null', '3', '1.0', '"x"', 'true', '[]', '[{"a":1}]', '{', ''])('throws on %s, which is no object', (text) => {
    expect(() => annotated(text, MARKS)).toThrow()
  })

  it.each([
    ['bare', rawEvent()],
    ['wrapped', { type: 'Event', api_version: 'core/v2', spec: rawEvent() }],
    ['wrapped, metadata outside', { type: 'Event', metadata: { namespace: 'prod' }, spec: { ...rawEvent(), metadata: null } }],
    ['wrapped, metadata on both sides', { type: 'Event', metadata: { namespace: 'prod' }, spec: rawEvent() }],
  ])('writes where the reader of events looks: %s', (_, raw) => {
    const reading = readEvent(JSON.parse(annotated(JSON.stringify(raw), MARKS)), validateEvent)
    expect('event' in reading && { ...reading.event.annotations }).toEqual(MARKS)
  })

  const key = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'metadata', 'annotations', 'rawJSON', 'type', 'spec', 'a', ''),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  const number = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value)),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
    fc.constantFrom('-0', '1.0', '1e400', '-1E+3', '0.10', '123456789012345678901234567890.50'),
  )
  const json = fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false', '[]', '{}'),
      number,
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      tie('object'),
    ),
    object: fc
      .uniqueArray(fc.tuple(key, tie('value')), { selector: ([name]) => name, maxLength: 5 })
      .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',\n')}}`),
  }))

  it('changes nothing but the annotations, down to the digits', () => {
    fc.assert(
      fc.property(json.object, (text) => {
        const before = read(text) as Read
        fc.pre(before.type !== '"Event"')
        const after = read(annotated(text, MARKS)) as Read
        const metadata = isRead(before.metadata) ? before.metadata : {}
        const annotations = isRead(metadata.annotations) ? metadata.annotations : {}
        expect(after).toEqual(
          with_(before, 'metadata', with_(metadata, 'annotations', { ...annotations, ...(read(marks) as Read) })),
        )
      }),
      { numRuns: 2000, examples: [['{"metadata":{"annotations":{"__proto__":1.0}}}']] },
    )
  })

  it('says the same when it is run twice', () => {
    fc.assert(
      fc.property(json.object, (text) => {
        const once = annotated(text, MARKS)
        expect(annotated(once, MARKS)).toBe(once)
      }),
    )
  })
})

type Read = { [key: string]: unknown }

/** An own property of any name, `__proto__` too. */
function with_(object: Read, name: string, value: unknown): Read {
  return Object.defineProperty({ ...object }, name, { value, enumerable: true, configurable: true, writable: true })
}

function isRead(value: unknown): value is Read {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads JSON keeping every literal as its text, so that 1.0 and 1 differ; strings by their meaning. */
function read(text: string): unknown {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\]:,]|[^\s{}[\]:,"]+/g) ?? []
  let at = 0
  const value = (): unknown => {
    const token = tokens[at++] ?? ''
    if (token === '[') {
      const items: unknown[] = []
      while (tokens[at] !== ']') {
        items.push(value())
        if (tokens[at] === ',') at++
      }
      at++
      return items
    }
    if (token !== '{') return token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token
    let object: Read = {}
    while (tokens[at] !== '}') {
      const name = JSON.parse(tokens[at++] ?? '')
      at++
      object = with_(object, name, value())
      if (tokens[at] === ',') at++
    }
    at++
    return object
  }
  return value()
}
