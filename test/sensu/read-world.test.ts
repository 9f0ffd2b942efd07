import { afterEach, describe, expect, it } from 'vitest'
import { identityFrom } from '../../lib/event/identity.ts'
import { validateEvent } from '../../lib/event/validate.ts'
import type { Access } from '../../lib/sensu/access.ts'
import { askOf } from '../../lib/sensu/ask.ts'
import { readWorld } from '../../lib/sensu/read-world.ts'
import { getFrom } from '../../lib/sensu/transport.ts'
import type { Reading, World } from '../../lib/sensu/world.ts'
import { EXECUTED, failingEvent, rawEvent } from '../support/event.ts'
import { type FakeSensuApi, type FakeSensuOptions, type Fault, SENSU_KEY, startFakeSensuApi } from '../support/fake-sensu-api.ts'
import { hurried } from '../support/sensu-time.ts'

const fakes: FakeSensuApi[] = []
afterEach(async () => {
  const complaints = fakes.flatMap((fake) => fake.complaints())
  await Promise.all(fakes.splice(0).map((fake) => fake.stop()))
  expect(complaints).toEqual([])
})

async function sensu(options: FakeSensuOptions = {}): Promise<FakeSensuApi> {
  const fake = await startFakeSensuApi(options)
  fakes.push(fake)
  return fake
}

interface Asked extends Partial<Access> {
  readonly namespaces?: readonly string[] | null
  /** As namespace/entity/check. */
  readonly wanted?: readonly string[]
  readonly budget_ms?: number
  readonly chance?: number
}

async function read(from: FakeSensuApi | readonly string[], asked: Asked = {}): Promise<{ reading: Reading; pauses: number[] }> {
  const { namespaces = ['prod'], wanted = [], budget_ms = 60_000, chance = 0.5, key = SENSU_KEY, ca = null, ...rest } = asked
  const urls = 'url' in from ? [from.url] : from
  const { time, pauses } = hurried(chance)
  const gets = urls.map((url) => getFrom(url, { urls, key, ca, ...rest }))
  const question = { namespaces, wanted: wanted.map(named) }
  const reading = await readWorld(askOf(gets, key, time, time.now() + budget_ms), question, EXECUTED, validateEvent)
  if (!reading.complete) expect(reading.why).not.toContain(key.slice(0, 12))
  return { reading, pauses }
}

function named(name: string) {
  const [namespace = '', entity = '', check = ''] = name.split('/')
  return { namespace, entity, check, identity: identityFrom(namespace, entity, check) }
}

async function world(from: FakeSensuApi | readonly string[], asked?: Asked): Promise<World> {
  const { reading } = await read(from, asked)
  if (!reading.complete) throw new Error(`incomplete: ${reading.why}`)
  return reading
}

async function whyNot(from: FakeSensuApi | readonly string[], asked?: Asked): Promise<string> {
  const { reading } = await read(from, asked)
  return reading.complete ? `complete, with ${reading.events.size} events` : reading.why
}

const of = (namespace: string, entity: string, check = 'http') => ({
  metadata: { namespace },
  entity: { metadata: { name: entity, namespace } },
  check: { metadata: { name: check, namespace } },
})
const failing = (entity: string, check = 'http', namespace = 'prod') => failingEvent(of(namespace, entity, check))
const passing = (entity: string, check = 'http', namespace = 'prod') => rawEvent(of(namespace, entity, check))
const many = (count: number) => Array.from({ length: count }, (_, index) => failing(`web-${String(index).padStart(4, '0')}`))
const GOOD = 'complete, with 1 events'

describe('readWorld', () => {
  it('keeps what fails and what was asked for, and nothing else', async () => {
    const fake = await sensu({ events: [failing('web-1'), passing('web-2'), passing('web-3')] })
    const got = await world(fake, { wanted: ['prod/web-3/http'] })
    expect([...got.events.keys()]).toEqual(['prod/web-1/http', 'prod/web-3/http'])
    expect(got.events.get('prod/web-1/http')).toMatchObject({ interval: 60, event: { check: { status: 2 } } })
    expect(got).toMatchObject({ began: EXECUTED, namespaces: ['prod'], unnamed: 0 })
    expect([got.absent.size, got.unknown.size, fake.requests.length]).toEqual([0, 0, 1])
  })

  it('asks with a key, for pages, and without selectors', async () => {
    const fake = await sensu({ events: [failing('web-1')] })
    await world(fake)
    expect(fake.requests.map(({ path, query }) => `${path}?${query}`)).toEqual(['/api/core/v2/namespaces/prod/events?limit=200'])
    expect(fake.requests[0]?.headers.authorization).toBe(`Key ${SENSU_KEY}`)
  })

  it.each([
    ['one namespace', ['prod'], ['prod/web-1/http']],
    ['two', ['prod', 'staging'], ['prod/web-1/http', 'staging/web-1/http']],
    ['all', null, ['dev/web-1/http', 'prod/web-1/http', 'staging/web-1/http']],
  ])('reads %s', async (_, namespaces, expected) => {
    const fake = await sensu({ events: ['prod', 'staging', 'dev'].map((namespace) => failing('web-1', 'http', namespace)) })
    expect([...(await world(fake, { namespaces })).events.keys()]).toEqual(expected)
  })

  it('leaves no name in an address as it is', async () => {
    const fake = await sensu({ events: [failing('web-1')] })
    await world(fake, { namespaces: ['x/../prod'] })
    await world(fake, { wanted: ['prod/..%/http'] })
    expect(fake.requests.map(({ path }) => path.replace('/api/core/v2/namespaces/', ''))).toEqual([
      'x%2F..%2Fprod/events',
      'prod/events',
      'prod/events/..%25',
      'prod/entities/..%25',
    ])
  })

  it.each([
    ['etcd', 0, 1],
    ['etcd', 199, 1],
    ['etcd', 200, 1],
    ['etcd', 201, 2],
    ['etcd', 601, 4],
    ['postgres', 0, 1],
    ['postgres', 199, 1],
    ['postgres', 200, 2],
    ['postgres', 450, 3],
  ] as const)('reads all pages of %s: %d events in %d', async (store, count, pages) => {
    const fake = await sensu({ store, events: many(count) })
    expect((await world(fake)).events.size).toBe(count)
    expect(fake.requests).toHaveLength(pages)
  })

  it('reads answers that a proxy compressed', async () => {
    const fake = await sensu({ events: many(250), gzip: true })
    expect((await world(fake)).events.size).toBe(250)
  })

  it.each([
    ['a later page is newer', 60, 1],
    ['a later page is older', -60, 2],
  ])('takes the newer event where pages overlap: %s', async (_, later, status) => {
    const fake = await sensu({
      store: 'postgres',
      events: many(250),
      before: (_request, count) => {
        // What was created in front pushes the last of the first page into the second.
        if (count !== 2) return
        const last = fake.events.findIndex((event) => JSON.stringify(event).includes('"web-0199"'))
        fake.events[last] = failingEvent({
          ...of('prod', 'web-0199'),
          check: { ...of('prod', 'web-0199').check, status: 1, executed: EXECUTED + later },
        })
        fake.events.push(failing('aaa'))
      },
    })
    expect((await world(fake)).events.get('prod/web-0199/http')?.event.check?.status).toBe(status)
  })
})

describe('what no list had', () => {
  it.each([
    ['its event is gone, others are there', ['web-1/cpu'], ['prod/web-1'], 'event'],
    ['it has no event any more', [], ['prod/web-1'], 'event'],
    ['the entity is gone', [], [], 'entity'],
    // With etcd the address of one event answers with this one.
    ['only one whose name begins alike', ['web-1/http-healthz'], ['prod/web-1'], 'event'],
    ['only an entity whose name begins alike', ['web-10/http'], ['prod/web-10'], 'entity'],
  ])('is asked for: %s', async (_, events, entities, expected) => {
    const fake = await sensu({ events: events.map((name) => failing(...(name.split('/') as [string, string]))), entities })
    const got = await world(fake, { wanted: ['prod/web-1/http'] })
    expect([...got.absent]).toEqual([['prod/web-1/http', expected]])
    expect(got.unknown.size).toBe(0)
  })

  it('is found where deletions pushed it into a page that had been read', async () => {
    const fake = await sensu({
      store: 'postgres',
      events: many(250),
      before: (_request, count) => {
        if (count === 2) fake.events.splice(0, 1)
      },
    })
    const got = await world(fake, { wanted: ['prod/web-0200/http', 'prod/web-0000/http'] })
    expect(got.events.has('prod/web-0200/http')).toBe(true)
    // It was there when its page was read, so it counts as there until the next time.
    expect([...got.absent.keys()]).toEqual([])
  })

  it('is asked for once an entity', async () => {
    const fake = await sensu({ events: [failing('web-2')] })
    const got = await world(fake, { wanted: ['prod/web-1/http', 'prod/web-1/cpu', 'prod/web-2/cpu', 'prod/web-2/http'] })
    expect(fake.requests.slice(1).map(({ path }) => path.replace('/api/core/v2/namespaces/', ''))).toEqual([
      'prod/events/web-1',
      'prod/entities/web-1',
      'prod/events/web-2',
    ])
    expect([...got.absent]).toEqual([
      ['prod/web-1/http', 'entity'],
      ['prod/web-1/cpu', 'entity'],
      ['prod/web-2/cpu', 'event'],
    ])
  })

  it('is not asked for outside the namespaces that are read', async () => {
    const fake = await sensu()
    const got = await world(fake, { wanted: ['staging/web-1/http'] })
    expect([fake.requests.length, got.absent.size]).toEqual([1, 0])
  })

  const json = (body: unknown): Fault => ({ kind: 'body', body: JSON.stringify(body) })
  it.each<[string, (Fault | null)[], RegExp]>([
    ['no permission for events', [null, { kind: 'status', status: 403 }], /may not get events in prod/],
    ['no permission for entities', [null, null, { kind: 'status', status: 403 }], /may not get entities in prod/],
    ['a 404 for the list', [null, { kind: 'status', status: 404 }], /no list of the events of web-1/],
    ['what is no list', [null, json({ events: [] })], /no list of the events of web-1/],
    ['null', [null, json(null)], /no list of the events of web-1/],
    ['a list that goes on', [null, { kind: 'next', token: 'web-1/x\0' }], /no list of the events of web-1/],
    [
      'an item that cannot be read',
      [null, json([{ entity: { metadata: { name: 'web-1' } } }])],
      /an event of web-1 in Sensu cannot be read/,
    ],
    ['a 404 of a proxy', [null, null, { kind: 'status', status: 404, body: '<h1>no</h1>' }], /is that the address of the API/],
    ['no time', [null, { kind: 'hang' }], /did not answer in time/],
  ])('is unknown, not gone, after %s', async (_, faults, why) => {
    const fake = await sensu()
    fake.script(...faults)
    const got = await world(fake, { wanted: ['prod/web-1/http'], budget_ms: 700 })
    expect([...got.absent.keys()]).toEqual([])
    expect(got.unknown.get('prod/web-1/http')).toMatch(why)
    expect(fake.pending()).toBe(0)
  })
})

describe('an item that cannot be read', () => {
  const broken = (change: object) => failingEvent({ ...of('prod', 'web-1'), check: { ...of('prod', 'web-1').check, ...change } })
  const { check: _, ...no_check } = passing('web-1') as Record<string, unknown>

  it.each([
    ['a text for a status', broken({ status: 'OK' }), /status in Sensu cannot be read/],
    ['no status', broken({ status: undefined }), /status in Sensu cannot be read/],
    ['null for a status', broken({ status: null }), /status in Sensu cannot be read/],
    ['half a status', broken({ status: 0.5 }), /status in Sensu cannot be read/],
    ['another namespace', passing('web-1', 'http', 'staging'), /the list of prod has it as one of staging/],
  ])('is unknown: %s', async (_, item, why) => {
    const fake = await sensu()
    fake.script({ kind: 'body', body: JSON.stringify([passing('web-1'), item, passing('web-1')]) })
    const got = await world(fake, { wanted: ['prod/web-1/http'] })
    expect(got.unknown.get('prod/web-1/http')).toMatch(why)
    expect([got.events.size, got.absent.size]).toEqual([0, 0])
  })

  it.each([
    ['null', null],
    ['a text', 'event'],
    ['no entity', { check: { metadata: { name: 'http' }, status: 0 } }],
    ['no check', no_check],
    ['a check without a name', broken({ metadata: { name: '' } })],
  ])('is counted where it does not say which event it is: %s', async (_, item) => {
    const fake = await sensu()
    fake.script({ kind: 'body', body: JSON.stringify([item, failing('web-2')]) })
    const got = await world(fake)
    expect([got.unnamed, [...got.events.keys()]]).toEqual([1, ['prod/web-2/http']])
  })

  it('is read where Sensu 7 wraps it', async () => {
    const fake = await sensu()
    fake.script({ kind: 'body', body: JSON.stringify([{ type: 'Event', api_version: 'core/v2', spec: failing('web-1') }]) })
    expect([...(await world(fake)).events.keys()]).toEqual(['prod/web-1/http'])
  })
})

describe('a list that does not come to its end', () => {
  const html: Fault = { kind: 'body', body: '<html>Sign in</html>', type: 'text/html' }
  it.each<[string, Fault[], RegExp]>([
    [
      'an unknown key',
      [{ kind: 'status', status: 401 }],
      /answered 401: it does not know the key of SENSU_API_KEY: Unauthorized$/,
    ],
    ['a 403', [{ kind: 'status', status: 403 }], /answered 403: the user of the key may not list events in prod/],
    ['a 404 of Sensu', [{ kind: 'status', status: 404 }], /Sensu has no .*prod\/events: is the address of its API right/],
    [
      'a 404 of a web server',
      [{ kind: 'status', status: 404, body: '<h1>404</h1>' }],
      /answered 404: is that the address of the API of Sensu/,
    ],
    ['a redirect', [{ kind: 'status', status: 302 }], /answered 302: redirects are not followed/],
    ['a 204', [{ kind: 'status', status: 204, body: '' }], /answered 204: is that the address/],
    ['500 three times', Array(3).fill({ kind: 'status', status: 500 }), /answered 500: Internal Server Error/],
    ['429 three times', Array(3).fill({ kind: 'status', status: 429 }), /answered 429/],
    ['a sign-in page', Array(3).fill(html), /what is no JSON/],
    ['nothing at all', Array(3).fill({ kind: 'body', body: '' }), /what is no JSON/],
    ['half an answer that looks whole', Array(3).fill({ kind: 'half' }), /what is no JSON/],
    ['an object', [{ kind: 'body', body: '{"events":[]}' }], /what is no list/],
    ['null', [{ kind: 'body', body: 'null' }], /what is no list/],
    ['a text', [{ kind: 'body', body: '"[]"' }], /what is no list/],
    ['broken connections', Array(3).fill({ kind: 'reset' }), /127\.0\.0\.1:\d+ broke the connection off/],
    ['resets within the page', Array(3).fill({ kind: 'cut', how: 'reset' }), /127\.0\.0\.1:\d+/],
    ['a page shorter than its length', Array(3).fill({ kind: 'cut', how: 'close' }), /127\.0\.0\.1:\d+/],
    ['chunks without a last one', Array(3).fill({ kind: 'cut', how: 'chunked' }), /127\.0\.0\.1:\d+/],
  ])('is incomplete: %s', async (_, faults, why) => {
    for (const page of [1, 2]) {
      const fake = await sensu({ events: many(201) })
      fake.script(...(page === 2 ? [null] : []), ...faults)
      expect(await whyNot(fake)).toMatch(why)
      expect([fake.pending(), fake.requests.length]).toEqual([0, page - 1 + faults.length])
    }
  })

  it('is incomplete when the same next page is named again', async () => {
    const fake = await sensu({ events: many(450) })
    fake.script(null, { kind: 'next', token: 'prod/web-0199/http\0' })
    expect(await whyNot(fake)).toMatch(/names the same next page/)
  })

  it('is incomplete when the next pages come in turns for ever', async () => {
    const fake = await sensu({ events: many(450) })
    fake.script(null, null, { kind: 'next', token: 'prod/web-0199/http\0' })
    expect(await whyNot(fake)).toMatch(/names the same next page/)
  })

  it.each([
    ['plain', false],
    ['compressed', true],
  ])('is incomplete when a page is too large, %s', async (_, gzip) => {
    const fake = await sensu({ events: many(100), gzip })
    expect(await whyNot(fake, { max_page_bytes: 20_000 })).toMatch(/sent more than 0 MB for one page/)
    expect(fake.requests).toHaveLength(1)
  })

  it('is incomplete when one of two namespaces cannot be listed', async () => {
    const fake = await sensu({ events: [failing('web-1')], forbids: (path) => path.includes('/staging/') })
    expect(await whyNot(fake, { namespaces: ['prod', 'staging'] })).toMatch(/may not list events in staging$/)
  })

  it('says what reading all namespaces takes', async () => {
    const fake = await sensu({ forbids: (path) => !path.includes('/namespaces/') })
    expect(await whyNot(fake, { namespaces: null })).toMatch(/may not list events of all namespaces, which takes a ClusterRole$/)
  })

  it('never shows the key, whatever the answer quotes', async () => {
    const quote = JSON.stringify({ message: `no such key ${SENSU_KEY}`, code: 5 })
    for (const status of [401, 403, 400, 500]) {
      const fake = await sensu()
      fake.script(...Array(3).fill({ kind: 'status', status, body: quote }))
      expect(await whyNot(fake)).toMatch(/no such key \[key\]/)
    }
  })

  it('is not read with another key', async () => {
    const fake = await sensu({ events: [failing('web-1')] })
    expect(await whyNot(fake, { key: '00000000-e7d7-4beb-91fc-79ad90084d5b' })).toMatch(/bad credentials/)
  })
})

describe('trying again', () => {
  it.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429 }],
    ['408', { kind: 'status', status: 408 }],
    ['a reset', { kind: 'reset' }],
    ['a page cut off', { kind: 'cut', how: 'close' }],
    ['half a page', { kind: 'half' }],
  ])('cures %s, once and twice', async (_, fault) => {
    for (const times of [1, 2]) {
      const fake = await sensu({ events: many(250) })
      fake.script(null, ...Array<Fault>(times).fill(fault))
      const { reading, pauses } = await read(fake)
      expect(reading).toMatchObject({ complete: true })
      expect((reading as World).events.size).toBe(250)
      expect(pauses).toEqual([500, 2000].slice(0, times))
    }
  })

  it.each([
    [0, [400, 1600]],
    [1, [600, 2400]],
  ])('pauses by chance %d', async (chance, expected) => {
    const fake = await sensu()
    fake.script({ kind: 'status', status: 500 }, { kind: 'status', status: 500 })
    expect((await read(fake, { chance })).pauses.map(Math.round)).toEqual(expected)
  })

  it.each([
    ['as long as asked', '7', [7000], true],
    ['at least as long as usual', '0', [500], true],
    ['not beyond the deadline', '120', [], false],
  ])('waits %s', async (_, retry_after, expected, complete) => {
    const fake = await sensu()
    fake.script({ kind: 'status', status: 429, retry_after })
    const { reading, pauses } = await read(fake)
    expect([pauses, reading.complete]).toEqual([expected, complete])
  })

  it.each<[string, Fault]>([
    ['a backend that hangs', { kind: 'hang' }],
    ['a slow drip', { kind: 'drip', interval_ms: 20 }],
  ])('ends at the deadline with %s', async (_, fault) => {
    const fake = await sensu({ events: many(20) })
    fake.script(...Array<Fault>(5).fill(fault))
    const started = performance.now()
    expect(await whyNot(fake, { budget_ms: 600 })).toMatch(/did not answer in time/)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('does not begin without time', async () => {
    const fake = await sensu()
    expect(await whyNot(fake, { budget_ms: 200 })).toBe('no time was left to ask Sensu')
    expect(fake.requests).toHaveLength(0)
  })
})

describe('several backends', () => {
  it.each<[string, Fault]>([
    ['is down for a while', { kind: 'status', status: 503 }],
    ['breaks off', { kind: 'reset' }],
    ['redirects', { kind: 'status', status: 301 }],
    ['is something else', { kind: 'status', status: 404, body: 'nginx' }],
  ])('the second is asked, without a pause, when the first %s', async (_, fault) => {
    const [first, second] = [await sensu({ events: [failing('web-1')] }), await sensu({ events: [failing('web-1')] })]
    first.script(fault)
    const { reading, pauses } = await read([first.url, second.url])
    expect([reading.complete, pauses, first.requests.length, second.requests.length]).toEqual([true, [], 1, 1])
  })

  it('the first is asked alone while it answers', async () => {
    const [first, second] = [await sensu({ events: many(450) }), await sensu()]
    await world([first.url, second.url])
    expect([first.requests.length, second.requests.length]).toEqual([3, 0])
  })

  it('the one that answered is asked first for the next page', async () => {
    const [first, second] = [await sensu({ events: many(450) }), await sensu({ events: many(450) })]
    first.script({ kind: 'status', status: 503 })
    expect((await world([first.url, second.url])).events.size).toBe(450)
    expect([first.requests.length, second.requests.length]).toEqual([1, 3])
  })

  it('one that is not there costs nothing but its try', async () => {
    const gone = await sensu()
    await gone.stop()
    fakes.splice(fakes.indexOf(gone), 1)
    const there = await sensu({ events: [failing('web-1')] })
    expect(await whyNot([gone.url, there.url])).toBe(GOOD)
    expect(await whyNot([gone.url])).toMatch(/refused the connection/)
  })

  it('no other is asked when the key is unknown', async () => {
    const [first, second] = [await sensu(), await sensu()]
    expect(await whyNot([first.url, second.url], { key: 'wrong-wrong-wrong' })).toMatch(/bad credentials/)
    expect([first.requests.length, second.requests.length]).toEqual([1, 0])
  })

  it('says why of all that is asked when none is left any more', async () => {
    const fake = await sensu()
    fake.script(null, { kind: 'status', status: 301 })
    const got = await world(fake, { wanted: ['prod/web-1/http', 'prod/web-2/http'] })
    expect([...got.unknown.values()]).toEqual(Array(2).fill(expect.stringMatching(/redirects are not followed/)))
    expect(fake.requests).toHaveLength(2)
  })

  it('says why when none is left', async () => {
    const [first, second] = [await sensu(), await sensu()]
    first.script({ kind: 'status', status: 301 })
    second.script({ kind: 'status', status: 400 })
    expect(await whyNot([first.url, second.url])).toMatch(/answered 400/)
  })
})

describe('TLS', () => {
  it('trusts the CA that is named', async () => {
    const fake = await sensu({ events: [failing('web-1')], tls: true })
    expect(await whyNot(fake, { ca: fake.certificate })).toBe(GOOD)
  })

  it('trusts no other, and says what to do, at once', async () => {
    const fake = await sensu({ tls: true })
    const { reading, pauses } = await read(fake)
    expect(reading).toMatchObject({
      complete: false,
      why: expect.stringMatching(/cannot be trusted \(\w+\): name the CA file in SENSU_CA_FILE$/),
    })
    expect([pauses, fake.requests.length]).toEqual([[], 0])
  })

  it('says when the backend does not speak it', async () => {
    const fake = await sensu()
    expect(await whyNot([fake.url.replace('http:', 'https:')])).toMatch(/does not speak TLS/)
  })
})
