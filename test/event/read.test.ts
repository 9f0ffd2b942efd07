import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../lib/event/event.ts'
import { readEvent } from '../../lib/event/read.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import { REASONS } from '../../lib/triage/decision.ts'
import { Case, readSample, runCase } from '../support/case.ts'

const namesIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''))
const OURS = namesIn('../../assets/events/')
const THEIRS = namesIn('../samples/')

const read = (value: unknown) => readEvent(value, validateEvent)

function eventOf(value: unknown): Event {
  const reading = read(value)
  if ('refused' in reading) throw new Error(reading.refused)
  return reading.event
}

function checkOf(value: unknown) {
  const { check } = eventOf(value)
  if (check === null) throw new Error('no check')
  return check
}

const entity = { metadata: { name: 'web-03' } }
const check = { metadata: { name: 'disk' } }

describe('our own samples', () => {
  it.each(OURS)('%s is an event without a problem', (name) => {
    expect(eventOf(readSample(name)).problems).toEqual([])
  })

  it.each(OURS)('%s is dated in 2026 and names no secret', (name) => {
    const { timestamp } = eventOf(readSample(name))
    expect(new Date(timestamp * 1000).getUTCFullYear()).toBe(2026)
    expect(readFileSync(new URL(`../../assets/events/${name}.json`, import.meta.url), 'utf8')).not.toMatch(
      /[0-9a-zA-Z]{32}|AKIA|BEGIN [A-Z ]*KEY/,
    )
  })

  it.each(OURS)('%s counts as Sensu counts', (name) => {
    const raw = readSample(name) as { spec?: unknown; check?: unknown }
    const check = (raw.spec as typeof raw | undefined)?.check ?? raw.check
    const { history, status, executed, occurrences, last_ok, state } = (check ?? { history: [] }) as Record<string, unknown> & {
      history: { status: number; executed: number }[] | null
    }
    // Without a history there is nothing to count: metrics, notices, a deregistration.
    if (!history || history.length === 0) return
    expect(history.at(-1)).toEqual({ status, executed })
    const changed = history.findLastIndex((item) => item.status !== status)
    // Nothing but the same status: it may have been so for longer than 21 results.
    if (changed >= 0) expect(occurrences).toBe(history.length - 1 - changed)
    else expect(occurrences).toBeGreaterThanOrEqual(history.length)
    const oks = history.filter((item) => item.status === 0).map((item) => item.executed)
    if (state === 'flapping') expect(oks).toContain(last_ok)
    else expect(last_ok).toBe(oks.at(-1) ?? 0)
    expect(history.map((item) => item.executed)).toEqual(history.map((item) => item.executed).toSorted((a, b) => a - b))
  })
})

describe('the samples of other projects', () => {
  const REFUSED: Readonly<Record<string, string>> = {
    'sdk-event-invalid-json': 'no JSON',
    'sdk-event-no-entity': 'no entity: a Sensu event needs entity.metadata.name',
    'sdk-event-no-check': 'neither check nor metrics: there is nothing to decide about webserver01',
    'sdk-event-invalid-check': 'check.metadata.name is missing or empty',
    'sdk-event-invalid-entity': 'entity.metadata.name is missing or empty',
  }

  it.each(THEIRS)('%s gives a decision, or one line that says why not', (name) => {
    const refusal = refusalOf(name)
    if (name in REFUSED) {
      expect(refusal).toContain(REFUSED[name])
      expect(refusal).not.toMatch(/[\r\n]/)
      return
    }
    expect(refusal).toBeNull()
    const { decision } = runCase(Case.parse({ why: 'sample', event: name, expect: { action: 'page', tier: null, reason: 'ok' } }))
    expect(REASONS).toContain(decision.reason)
  })

  it.each(Object.keys(REFUSED))('%s is there', (name) => {
    expect(THEIRS).toContain(name)
  })

  function refusalOf(name: string): string | null {
    let value: unknown
    try {
      value = readSample(name)
    } catch {
      return 'no JSON'
    }
    const reading = read(value)
    return 'refused' in reading ? reading.refused : null
  }
})

describe('readEvent', () => {
  it.each<[string, unknown, RegExp]>([
    ['null', null, /^not a Sensu event but null$/],
    ['a list', [entity], /^not a Sensu event but a list$/],
    ['a text', 'event', /^not a Sensu event but a string$/],
    ['a number', 7, /^not a Sensu event but a number$/],
    ['an empty object', {}, /^no entity: .* \(it is an empty object\)$/],
    ['an alert of another tool', { alerts: [], status: 'firing' }, /^no entity: .* \(found alerts, status\)$/],
    ['an entity that is a text', { entity: 'web-03', check }, /^no entity/],
    ['an entity without a name', { entity: { metadata: {} }, check }, /^entity\.metadata\.name is missing or empty/],
    ['a name that is a number', { entity: { metadata: { name: 5 } }, check }, /^entity\.metadata\.name is missing or empty/],
    ['neither check nor metrics', { entity }, /^neither check nor metrics: there is nothing to decide about web-03/],
    ['a check that is a text', { entity, check: 'disk', metrics: { points: null } }, /^check is a string and not an object/],
    ['a check without a name', { entity, check: {} }, /^check\.metadata\.name is missing or empty: which check of web-03/],
    ['a check of 2.0 Sensu', { client: { name: 'web' }, check: { name: 'disk' } }, /^no entity: .*found client, check/],
    [
      'another resource',
      { type: 'CheckConfig', spec: { command: 'x' } },
      /^a Sensu resource of type "CheckConfig", not an Event$/,
    ],
    ['a resource with a name of many lines', { type: 'a\nb', spec: {} }, /^a Sensu resource of type "a\\nb", not an Event$/],
  ])('refuses %s in one line', (_, value, expected) => {
    const reading = read(value)
    expect(reading).toHaveProperty('refused')
    expect('refused' in reading && reading.refused).toMatch(expected)
  })

  it.each<[string, unknown]>([
    ['a field with a name of two lines', { 'a\nb': 1 }],
    ['an entity with a name of two lines', { entity: { metadata: { name: 'web\n03' } } }],
    ['an entity with a name of two lines and a nameless check', { entity: { metadata: { name: 'web\r\n03' } }, check: {} }],
  ])('keeps the refusal to one line: %s', (_, value) => {
    const reading = read(value)
    expect('refused' in reading && reading.refused).not.toMatch(/[\r\n]/)
  })

  it('one wrong label is one problem, and nothing that is not so', () => {
    const { problems } = eventOf({ entity: { metadata: { name: 'web-03', labels: { count: 5 } } }, check })
    expect(problems).toEqual(['entity.metadata.labels.count must be string, which is not what Sensu sends'])
  })

  it('keeps every problem to one line', () => {
    const { problems } = eventOf({ entity: { metadata: { name: 'web-03', labels: { 'a\nb': 5 } } }, check })
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.join('')).not.toMatch(/[\r\n]/)
  })

  it.each<[string, unknown, string]>([
    ['of the event', { metadata: { namespace: 'a' }, entity: { metadata: { name: 'x', namespace: 'b' } }, check }, 'a'],
    ['of the entity', { metadata: {}, entity: { metadata: { name: 'x', namespace: 'b' } }, check }, 'b'],
    ['of the check', { metadata: null, entity, check: { metadata: { name: 'disk', namespace: 'c' } } }, 'c'],
    ['by default', { entity, check }, 'default'],
    ['that is empty', { metadata: { namespace: '' }, entity, check }, 'default'],
  ])('takes the namespace %s', (_, value, expected) => {
    expect(eventOf(value).namespace).toBe(expected)
  })

  it.each<[string, unknown]>([
    ['absent', {}],
    ['null', { labels: null, annotations: null }],
    ['lists', { labels: [], annotations: ['a'] }],
    ['texts', { labels: 'a', annotations: 'b' }],
  ])('labels and annotations that are %s are empty', (_, metadata) => {
    const event = eventOf({ entity: { metadata: { name: 'x', ...(metadata as object) } }, check, metadata })
    expect(Object.keys(event.entity.labels)).toEqual([])
    expect(Object.keys(event.annotations)).toEqual([])
  })

  it('makes text of labels that are numbers, and leaves the rest out', () => {
    const labels = { count: 5, on: true, list: [1], nothing: null, name: 'x' }
    const event = eventOf({ entity: { metadata: { name: 'x', labels } }, check })
    expect({ ...event.entity.labels }).toEqual({ count: '5', on: 'true', name: 'x' })
    expect(event.problems.join('\n')).toContain('entity.metadata.labels.count')
  })

  it('a label called __proto__ or constructor is a label and nothing else', () => {
    const labels = JSON.parse('{"__proto__": "a", "constructor": "b"}')
    const { labels: read } = eventOf({ entity: { metadata: { name: 'x', labels } }, check }).entity
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(read)).toBeNull()
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  it.each<[unknown, number | null]>([
    [0, 0],
    [2, 2],
    [4_294_967_295, 4_294_967_295],
    [-1, -1],
    [null, 0],
    [undefined, 0],
    ['2', null],
    [1.5, null],
    [true, null],
    [[], null],
    // What JSON.parse makes of 1e999.
    [Number.POSITIVE_INFINITY, null],
  ])('reads status %s as %s', (status, expected) => {
    expect(checkOf({ entity, check: { ...check, status } }).status).toBe(expected)
  })

  it('counts a number without an end as absent, and says so', () => {
    const endless = { ...check, duration: Number.POSITIVE_INFINITY }
    const event = eventOf({ entity, check: endless })
    expect(event.check).toMatchObject({ duration: 0 })
    expect(event.problems.join('\n')).toContain('check.duration')
  })

  it.each<[string, unknown, readonly unknown[]]>([
    ['null', null, []],
    ['a text', 'x', []],
    ['items without a status', [{ executed: 5 }], [{ status: 0, executed: 5 }]],
    [
      'items that cannot be read',
      [7, null],
      [
        { status: 1, executed: 0 },
        { status: 1, executed: 0 },
      ],
    ],
    ['a status that is a text', [{ status: '0', executed: 5 }], [{ status: 1, executed: 5 }]],
    ['times in milliseconds', [{ status: 0, executed: 1_777_972_901_000 }], [{ status: 0, executed: 1_777_972_901 }]],
  ])('reads a history of %s', (_, history, expected) => {
    expect(checkOf({ entity, check: { ...check, history } }).history).toEqual(expected)
  })

  it.each<[string, unknown, readonly string[]]>([
    ['absent', undefined, []],
    ['null', null, []],
    ['a text', 'all', []],
    ['names', ['a', '', 5, 'b'], ['a', 'b']],
  ])('reads silences that are %s', (_, silenced, expected) => {
    expect(checkOf({ entity, check: { ...check, silenced, is_silenced: true } }).silenced).toEqual(expected)
  })

  it.each<[string, unknown, unknown]>([
    ['no metrics', undefined, null],
    ['points that are null', { points: null }, []],
    [
      'a tag without a value',
      { points: [{ name: 'a', value: 1, timestamp: 5, tags: [{ name: 't' }] }] },
      [{ name: 'a', value: 1, timestamp: 5, tags: [{ name: 't', value: '' }] }],
    ],
    [
      'tags that are null',
      { points: [{ name: 'a', value: 1, timestamp: 5, tags: null }] },
      [{ name: 'a', value: 1, timestamp: 5, tags: [] }],
    ],
    [
      'a value that is a text',
      { points: [{ name: 'a', value: '1' }] },
      [{ name: 'a', value: Number.NaN, timestamp: 0, tags: [] }],
    ],
  ])('reads %s', (_, metrics, expected) => {
    expect(eventOf({ entity, check, metrics }).metrics).toEqual(expected)
  })

  it('reads an event in type and spec, with the namespace of the wrapper', () => {
    const spec = { entity, check }
    expect(eventOf({ type: 'Event', api_version: 'core/v2', metadata: { namespace: 'prod' }, spec }).namespace).toBe('prod')
    expect(
      eventOf({ type: 'Event', metadata: { namespace: 'prod' }, spec: { ...spec, metadata: { namespace: 'dev' } } }).namespace,
    ).toBe('dev')
  })

  it('names at most five problems and counts the rest', () => {
    const wrong = { executed: 'a', issued: 'a', last_ok: 'a', interval: 'a', ttl: 'a', duration: 'a', occurrences: 'a' }
    const { problems } = eventOf({ entity, check: { ...check, ...wrong } })
    expect(problems).toHaveLength(6)
    expect(problems[0]).toContain('check.executed')
    expect(problems[5]).toBe('2 more fields of the event have a wrong type')
  })

  const oddText = fc.oneof(
    fc.string(),
    fc.constantFrom('', 'a\nb', '\r\n', '__proto__', 'constructor', 'Event', 'keepalive', '\u2028', '1'),
  )
  const { value: anyJson } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, 0, -1, 1.5, 1e300, 4_294_967_295, Number.POSITIVE_INFINITY),
      oddText,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(oddText, fc.constantFrom('entity', 'check', 'metrics', 'metadata', 'name', 'type', 'spec')),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }))

  function checkReading(value: unknown): void {
    const reading = read(value)
    if ('refused' in reading) {
      expect(reading.refused).not.toBe('')
      expect(reading.refused).not.toMatch(/[\r\n]/)
      return
    }
    const { event } = reading
    expect(event.entity.name).not.toBe('')
    expect(event.namespace).not.toBe('')
    expect(event.check === null && event.metrics === null).toBe(false)
    for (const number of [event.timestamp, event.check?.executed ?? 0, event.check?.last_ok ?? 0]) {
      expect(Number.isSafeInteger(number) && number >= 0).toBe(true)
    }
    for (const problem of event.problems) expect(problem).not.toMatch(/[\r\n]/)
    expect(event.problems.length).toBeLessThanOrEqual(6)
  }

  it('gives an event or a one-line refusal for any JSON value', () => {
    fc.assert(fc.property(anyJson, checkReading), { numRuns: 2000, examples: [[{ 'a\nb': 1 }]] })
  })

  it('bears any JSON value in any place of an event', () => {
    const places = OURS.flatMap((name) => pathsOf(readSample(name)).map((path) => [name, path] as const))
    fc.assert(
      fc.property(fc.constantFrom(...places), anyJson, ([name, path], value) =>
        checkReading(replaced(readSample(name), path, value)),
      ),
      { numRuns: 2000 },
    )
  })
})

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  return Object.entries(value).flatMap(([key, item]) => [[key], ...pathsOf(item).map((rest) => [key, ...rest])])
}

function replaced(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof target !== 'object' || target === null) return value
  const copy = structuredClone(target) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, value)
  return copy
}
