import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from '../../lib/deliver/pagerduty/pace.ts'
import { FRESH_KEY } from '../../lib/state/store.ts'
import { chanceOf } from '../support/chance.ts'
import { type FakePagerDuty, startFakePagerDuty, status } from '../support/fake-pagerduty.ts'
import { later } from '../support/later.ts'
import { born, nextEvent, type Word } from '../support/lives.ts'
import { KEYS, run, THREE_KEYS } from '../support/run.ts'
import { opened, put, stateFolder } from '../support/store.ts'
import { anAlert } from '../support/store-records.ts'

let fake: FakePagerDuty
beforeEach(async () => {
  fake = await startFakePagerDuty({ keys: [KEYS.first, KEYS.second, KEYS.third] })
})
afterEach(async () => {
  expect(fake.complaints()).toEqual([])
  await fake.stop()
})

const DOWN = 'http://127.0.0.1:9/v2/enqueue'
const IDENTITY = 'prod/web-1/http'
const KEPT = /it is kept and tried again\n/

/** The handler and the commands of one host, and a check there whose events are a minute apart. */
async function aHost() {
  const dir = stateFolder()
  const { store } = await opened(dir)
  const life = born('web-1', Math.floor(Date.now() / 1000) - 86_400)
  const env = { ...THREE_KEYS, TIERLINE_STATE_DIR: dir }
  const says = (word: Word, { url = fake.url, args = '', ...more }: Record<string, string> = {}) => {
    life.left = [word]
    const { stdin } = nextEvent(life, chanceOf(0))
    return run(`tierline-pagerduty -e ${url} ${args}`, { stdin, env: { ...env, ...more } })
  }
  const drain = (args = '', more = {}) =>
    run(`tierline drain --budget 4 ${args}`, { env: { ...env, PAGERDUTY_ALTERNATE_ENDPOINT: fake.url, ...more } })
  return { dir, store, says, drain }
}

/** Where something is open. */
function open(): string[] {
  return fake.open().map(({ routing_key }) => Object.entries(KEYS).find(([, key]) => key === routing_key)?.[0] ?? routing_key)
}

describe('an outage of PagerDuty', () => {
  it('keeps a page, which goes out after the pause and not before', async () => {
    const { says, drain, store } = await aHost()
    expect(await says('critical', { url: DOWN })).toMatchObject({ code: 0, stderr: expect.stringMatching(KEPT) })
    const next_at = (await store.alert(IDENTITY))?.next_at ?? 0
    expect(next_at - Date.now()).toBeGreaterThan(10_000)
    expect(await drain()).toMatchObject({ code: 1, stdout: expect.stringMatching(/^0 sent; 1 still wait, next try at 2/) })
    expect(fake.requests).toEqual([])
    await later(store)
    expect(await drain()).toMatchObject({ code: 0, stdout: '1 sent; nothing waits\n' })
    expect(open()).toEqual(['first'])
  })

  it('ends a drain with its time, though something is still due', { timeout: 60_000 }, async () => {
    const { dir, store } = await aHost()
    const waits = {
      accepted: null,
      rung: [],
      at: { first: 'unsure', second: 'closed', third: 'closed' },
      queued_since: 1000,
    } as const
    for (let index = 0; index < 300; index++) {
      const payload = { summary: 'http is critical', source: `web-${index}`, severity: 'critical' }
      const body = { event_action: 'trigger', dedup_key: `default/web-${index}/http`, payload }
      await put(store, anAlert({ entity: `web-${index}`, body, ...waits }))
    }
    const env = { ...THREE_KEYS, TIERLINE_STATE_DIR: dir, PAGERDUTY_ALTERNATE_ENDPOINT: fake.url }
    const ran = await run('timeout 20 tierline drain --budget 0.1', { env })
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/300 still wait/) })
  })

  it('of which the page and its end fall into it rings nobody', async () => {
    const { says, drain, store } = await aHost()
    await says('critical', { url: DOWN })
    expect(await says('recovery', { url: DOWN })).toMatchObject({ code: 0 })
    await later(store)
    expect(await drain()).toMatchObject({ code: 0 })
    expect(fake.pages).toEqual([])
    expect(fake.requests.map(({ effect }) => effect)).toEqual(['ignored', 'ignored', 'ignored'])
  })

  it('that keeps the end of a page back leaves no page of a higher tier when it fails anew', async () => {
    const { says, drain, store } = await aHost()
    await says('service')
    await says('recovery', { url: DOWN })
    await says('critical', { url: DOWN })
    await later(store)
    expect(await drain()).toMatchObject({ code: 0 })
    expect(open()).toEqual(['first'])
  })

  it('lets nobody hear twice: what is kept and sent again is not sent a third time', async () => {
    const { says, drain, store } = await aHost()
    fake.script({ kind: 'reset_after', processed: true }, { times: 3 })
    expect(await says('critical')).toMatchObject({ code: 0, stderr: expect.stringMatching(KEPT) })
    await later(store)
    expect(await drain()).toMatchObject({ code: 0, stdout: '1 sent; nothing waits\n' })
    expect(await drain()).toMatchObject({ code: 0, stdout: '0 sent; nothing waits\n' })
    expect(fake.requests).toHaveLength(4)
    expect(fake.pages).toHaveLength(1)
  })
})

describe('a key that has to rest', () => {
  it('keeps nothing open on the services of the others', async () => {
    const { store, drain } = await aHost()
    const at = { first: 'open', second: 'unsure', third: 'unsure' } as const
    for (let index = 0; index < 30; index++) {
      const identity = `default/web-${index}/http`
      const body = { event_action: 'resolve', dedup_key: identity }
      await put(store, {
        ...anAlert({ want: 'closed', tier: null, accepted: null, at, queued_since: 1000 + index, body }),
        identity,
      })
    }
    await store.changeKey(fingerprint(KEYS.third), () => ({ state: { ...FRESH_KEY, until: Date.now() + 200_000 }, result: null }))
    expect(await drain()).toMatchObject({ code: 1, stdout: expect.stringMatching(/30 still wait/) })
    expect(fake.requests.filter(({ routing_key }) => routing_key === KEYS.first)).toHaveLength(30)
    expect(fake.requests.filter(({ routing_key }) => routing_key === KEYS.third)).toEqual([])
  })
})

describe('what is kept for later', () => {
  it('by a timeout that leaves no room for another try', async () => {
    const { says } = await aHost()
    fake.script({ kind: 'hang' }, { times: 3 })
    const ran = await says('critical', { args: '--timeout 2' })
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(KEPT) })
    expect(ran.ms).toBeLessThan(5000)
  })

  it('by a certificate that nobody vouches for', async () => {
    const secure = await startFakePagerDuty({ tls: true })
    const { says, store, drain } = await aHost()
    const ran = await says('critical', { url: secure.url })
    await secure.stop()
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/certificate that cannot be trusted/) })
    await later(store)
    expect(await drain()).toMatchObject({ code: 0, stdout: '1 sent; nothing waits\n' })
    expect(open()).toEqual(['first'])
  })

  it('when every key is refused', async () => {
    const { says, drain, store } = await aHost()
    const wrong = {
      PAGERDUTY_TOKEN_FIRST: 'a'.repeat(32),
      PAGERDUTY_TOKEN_SECOND: 'b'.repeat(32),
      PAGERDUTY_TOKEN_THIRD: 'c'.repeat(32),
    }
    const ran = await says('critical', wrong)
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(KEPT) })
    expect(ran.stderr).toMatch(/PAGERDUTY_TOKEN_FIRST was refused: .*Invalid routing key/)
    await later(store)
    expect(await drain()).toMatchObject({ code: 0, stdout: '1 sent; nothing waits\n' })
    expect(open()).toEqual(['first'])
  })

  it('not when one key is refused: the next tier rings, and it closes there', async () => {
    const { says } = await aHost()
    const wrong = { PAGERDUTY_TOKEN_FIRST: 'a'.repeat(32) }
    const ran = await says('critical', wrong)
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/: paged second line\n/) })
    expect(fake.pages.map(({ summary }) => summary)).toEqual([expect.stringMatching(/^\[key of first line refused\] /)])
    expect(await says('critical', wrong)).toMatchObject({ code: 0 })
    expect(fake.pages).toHaveLength(1)
    expect(await says('recovery', wrong)).toMatchObject({ code: 0 })
    expect(open()).toEqual([])
  })

  it('by PagerDuty, which refuses: 403 is tried again, and what it finds fault with only when told to', async () => {
    const { says, drain, store } = await aHost()
    fake.script(status(403))
    expect(await says('critical')).toMatchObject({ code: 0, stderr: expect.stringMatching(/PagerDuty answered 403/) })
    await later(store)
    const odd = status(400, { text: '{"status":"invalid event","errors":["\'payload.links\' is odd"]}' })
    fake.script(odd, { times: 2 })
    expect(await drain()).toMatchObject({ stdout: expect.stringMatching(/1 dead letters \(--requeue tries them again\)/) })
    await later(store)
    expect(await drain()).toMatchObject({ stdout: expect.stringMatching(/^0 sent/) })
    expect(fake.pages).toEqual([])
    expect(await drain('--requeue')).toMatchObject({ code: 0, stdout: '1 dead letters are tried again\n1 sent; nothing waits\n' })
    expect(open()).toEqual(['first'])
  })
})
