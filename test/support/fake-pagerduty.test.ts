import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import * as tls from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { startConnectProxy } from './connect-proxy.ts'
import { type FakeOptions, type Fault, startFakePagerDuty, status } from './fake-pagerduty.ts'

const FIRST = `${'1'.repeat(28)}1st1`
const SECOND = `${'2'.repeat(28)}2nd2`
const DISK = 'default/web-1/disk'

const running: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})

async function start(options?: FakeOptions) {
  const fake = await startFakePagerDuty(options)
  running.push(fake)
  return fake
}

function trigger(routing_key = FIRST, dedup_key = DISK, change: object = {}) {
  return {
    routing_key,
    event_action: 'trigger',
    dedup_key,
    payload: { summary: 'full', source: 'web-1', severity: 'error', ...change },
  }
}
const resolve = (routing_key = FIRST, dedup_key = DISK) => ({ routing_key, event_action: 'resolve', dedup_key })
const acknowledge = (routing_key = FIRST, dedup_key = DISK) => ({ routing_key, event_action: 'acknowledge', dedup_key })

interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** A client that follows no redirect and keeps no connection; a broken one rejects with its code. */
async function post(url: string, body: unknown, options: https.RequestOptions = {}): Promise<Answer> {
  const client = url.startsWith('https') ? https : http
  const request = client.request(url, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/json' },
    ...options,
  })
  const response = new Promise<http.IncomingMessage>((resolve, reject) => request.once('response', resolve).on('error', reject))
  request.end(typeof body === 'string' ? body : JSON.stringify(body))
  const answer = await response
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await textOf(answer) }
}

const json = (answer: Answer) => ({ status: answer.status, body: JSON.parse(answer.text) })

describe('answers', () => {
  it('202 with the dedup key', async () => {
    const fake = await start()
    expect(json(await post(fake.url, trigger()))).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: DISK },
    })
    expect(fake.requests).toMatchObject([
      { method: 'POST', path: '/v2/enqueue', routing_key: FIRST, status: 202, effect: 'opened' },
    ])
  })

  it('a dedup key of its own when there is none', async () => {
    const fake = await start()
    const { body } = json(await post(fake.url, { ...trigger(), dedup_key: undefined }))
    expect(body.dedup_key).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('400 with the complaints', async () => {
    const fake = await start()
    expect(json(await post(fake.url, trigger(FIRST, DISK, { severity: 'ok', source: '' })))).toEqual({
      status: 400,
      body: {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: [
          "'payload.source' is missing or blank",
          "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
        ],
      },
    })
    expect(fake.complaints()).toHaveLength(2)
    expect(fake.refused).toHaveLength(1)
    expect(fake.accepted).toEqual([])
  })

  it('400 to what is no JSON', async () => {
    const fake = await start()
    expect(json(await post(fake.url, '{"routing_key":'))).toEqual({
      status: 400,
      body: { status: 'unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
    })
  })

  it('400 and 413 in turn to what is too large', async () => {
    const fake = await start()
    const large = trigger(FIRST, DISK, { custom_details: { output: 'x'.repeat(512_000) } })
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await post(fake.url, large)).status)
    expect(statuses).toEqual([400, 413, 400, 413])
    expect(fake.pages).toEqual([])
  })

  it.each<[string, https.RequestOptions, string, number]>([
    ['another path', { path: '/v2/change/enqueue' }, 'POST /v2/change/enqueue instead of POST /v2/enqueue', 404],
    ['another method', { method: 'PUT' }, 'PUT /v2/enqueue instead of POST /v2/enqueue', 404],
    [
      'another type',
      { headers: { 'Content-Type': 'text/plain' } },
      "Content-Type is 'text/plain' instead of application/json",
      400,
    ],
    [
      'a header with a token',
      { headers: { 'Content-Type': 'application/json', Authorization: 'Token token=x' } },
      'an Authorization header, which the Events API does not have',
      400,
    ],
  ])('complains of %s', async (_, options, complaint, code) => {
    const fake = await start()
    expect((await post(fake.url, trigger(), options)).status).toBe(code)
    expect(fake.complaints()).toEqual([complaint])
    expect(fake.pages).toEqual([])
  })
})

describe('keys that do not exist', () => {
  it('are refused', async () => {
    const fake = await start({ keys: [FIRST] })
    expect(json(await post(fake.url, trigger(SECOND)))).toMatchObject({ status: 400, body: { errors: ['Invalid routing key'] } })
    expect((await post(fake.url, trigger(FIRST))).status).toBe(202)
    expect(fake.pages).toHaveLength(1)
  })

  it('are taken and dropped', async () => {
    const fake = await start({ keys: [FIRST], unknown_key: 'drop' })
    expect((await post(fake.url, trigger(SECOND))).status).toBe(202)
    expect(fake.accepted).toEqual([])
    expect(fake.open()).toEqual([])
    expect(fake.pages).toEqual([])
  })
})

describe('deduplication', () => {
  /** What each event does, from an empty ledger. */
  it.each<[string, ReturnType<typeof resolve>[], string[], number]>([
    ['one page while it is open', [trigger(), trigger(), trigger()], ['opened', 'refreshed', 'refreshed'], 1],
    ['another page after a resolve', [trigger(), resolve(), trigger()], ['opened', 'resolved', 'opened'], 2],
    ['no page while acknowledged', [trigger(), acknowledge(), trigger()], ['opened', 'acknowledged', 'refreshed'], 1],
    ['a resolve of nothing', [resolve()], ['ignored'], 0],
    ['an acknowledge of nothing', [acknowledge()], ['ignored'], 0],
    ['a second resolve', [trigger(), resolve(), resolve()], ['opened', 'resolved', 'ignored'], 1],
    ['another key is another alert', [trigger(FIRST), trigger(SECOND)], ['opened', 'opened'], 2],
    ['a resolve with another key', [trigger(FIRST), resolve(SECOND)], ['opened', 'ignored'], 1],
    ['dedup keys differ by case', [trigger(FIRST, 'a'), trigger(FIRST, 'A')], ['opened', 'opened'], 2],
    ['a resolve after an acknowledge', [trigger(), acknowledge(), resolve()], ['opened', 'acknowledged', 'resolved'], 1],
  ])('%s', async (_, events, effects, pages) => {
    const fake = await start()
    for (const event of events) expect((await post(fake.url, event)).status).toBe(202)
    expect(fake.requests.map(({ effect }) => effect)).toEqual(effects)
    expect(fake.pages).toHaveLength(pages)
  })

  it('tells pages and open alerts by key', async () => {
    const fake = await start()
    for (const event of [trigger(FIRST, 'a'), trigger(FIRST, 'b'), trigger(SECOND, 'a'), resolve(FIRST, 'b')])
      await post(fake.url, event)
    expect([fake.pagesOf(FIRST), fake.pagesOf(FIRST, 'b'), fake.pagesOf(SECOND), fake.pagesOf(SECOND, 'b')]).toEqual([2, 1, 1, 0])
    expect(fake.open().map(({ routing_key, dedup_key }) => [routing_key, dedup_key])).toEqual([
      [FIRST, 'a'],
      [SECOND, 'a'],
    ])
    expect(fake.open(SECOND)).toEqual([
      { routing_key: SECOND, dedup_key: 'a', state: 'triggered', severity: 'error', summary: 'full' },
    ])
  })

  it('keeps the first summary and takes the last severity', async () => {
    const fake = await start()
    await post(fake.url, trigger(FIRST, DISK, { summary: 'one', severity: 'warning' }))
    await post(fake.url, trigger(FIRST, DISK, { summary: 'two', severity: 'critical' }))
    expect(fake.open()).toMatchObject([{ summary: 'one', severity: 'critical' }])
  })
})

describe('the rate limit', () => {
  it('is 120 a key in any 60 seconds', async () => {
    let now = 1_000_000
    const fake = await start({ now: () => now })
    const send = async (key: string) => (await post(fake.url, trigger(key))).status
    for (let i = 0; i < 60; i++) expect(await send(FIRST)).toBe(202)
    now += 30_000
    for (let i = 0; i < 60; i++) expect(await send(FIRST)).toBe(202)
    expect(await send(FIRST)).toBe(429)
    expect(await send(SECOND)).toBe(202)
    now += 29_999
    expect(await send(FIRST)).toBe(429)
    now += 1
    for (let i = 0; i < 60; i++) expect(await send(FIRST)).toBe(202)
    expect(await send(FIRST)).toBe(429)
    expect(fake.requests.filter(({ status }) => status === 429)).toMatchObject([
      { effect: null },
      { effect: null },
      { effect: null },
    ])
  })

  it('answers like PagerDuty and takes nothing in', async () => {
    const fake = await start({ rate_limit: 0 })
    expect(json(await post(fake.url, trigger()))).toMatchObject({
      status: 429,
      body: { status: 'throttle exceeded', errors: ['Enhance Your Calm.'] },
    })
    expect(fake.open()).toEqual([])
  })
})

describe('faults', () => {
  it.each<[string, Fault, { status: number; text: RegExp; type?: string; retry_after?: string; location?: RegExp }, boolean]>([
    ['429 with JSON', status(429), { status: 429, text: /"throttle exceeded"/, type: 'application/json' }, false],
    ['429 with Retry-After', status(429, { retry_after: 7 }), { status: 429, text: /./, retry_after: '7' }, false],
    [
      '503 with HTML',
      status(503, { body: 'html' }),
      { status: 503, text: /<title>503 Service Unavailable/, type: 'text/html' },
      false,
    ],
    ['500 with nothing', status(500, { body: 'empty' }), { status: 500, text: /^$/ }, false],
    ['a text of its own', status(502, { text: 'oops' }), { status: 502, text: /^oops$/ }, false],
    ['broken JSON', { kind: 'broken_json' }, { status: 202, text: /^\{"status":"success",?$/ }, true],
    ['taken and dropped', { kind: 'drop' }, { status: 202, text: /"success"/ }, false],
    ['a slow drip', { kind: 'drip', interval_ms: 1 }, { status: 202, text: /^\{"status":"success".*\}$/ }, true],
    ['a redirect', { kind: 'redirect' }, { status: 307, text: /^$/, location: /\/elsewhere$/ }, false],
    [
      'a redirect of choice',
      { kind: 'redirect', status: 302, location: 'http://a.example/' },
      { status: 302, text: /^$/, location: /a\.example/ },
      false,
    ],
  ])('%s', async (_, fault, expected, processed) => {
    const fake = await start()
    fake.script(fault)
    const answer = await post(fake.url, trigger())
    expect(answer.status).toBe(expected.status)
    expect(answer.text).toMatch(expected.text)
    if (expected.type) expect(answer.headers['content-type']).toBe(expected.type)
    expect(answer.headers['retry-after']).toBe(expected.retry_after)
    if (expected.location) expect(answer.headers.location).toMatch(expected.location)
    expect(fake.open()).toHaveLength(processed ? 1 : 0)
    expect(fake.requests).toMatchObject([{ fault: fault.kind, status: expected.status, effect: processed ? 'opened' : null }])
    // Used up.
    expect((await post(fake.url, resolve())).status).toBe(202)
  })

  it.each<[string, Fault, boolean]>([
    ['reset before the body', { kind: 'reset_before' }, false],
    ['reset after the body', { kind: 'reset_after' }, false],
    ['reset after it was processed', { kind: 'reset_after', processed: true }, true],
  ])('%s', async (_, fault, processed) => {
    const fake = await start()
    fake.script(fault)
    await expect(post(fake.url, trigger())).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(fake.open()).toHaveLength(processed ? 1 : 0)
    expect(fake.requests).toMatchObject([
      { fault: fault.kind, status: null, bytes: fault.kind === 'reset_before' ? 0 : expect.any(Number) },
    ])
    expect((await post(fake.url, trigger())).status).toBe(202)
  })

  it.each([false, true])('hangs until the client gives up, processed: %s', async (processed) => {
    const fake = await start()
    fake.script({ kind: 'hang', processed })
    const got = await post(fake.url, trigger(), { signal: AbortSignal.timeout(150) }).catch((error: Error) => error.name)
    expect(got).toBe('AbortError')
    expect(fake.requests).toMatchObject([{ fault: 'hang', status: null }])
    expect(fake.open()).toHaveLength(processed ? 1 : 0)
  })

  it('drips slowly', async () => {
    const fake = await start()
    fake.script({ kind: 'drip', interval_ms: 15 })
    const began = performance.now()
    const got = await fetch(fake.url, {
      method: 'POST',
      body: JSON.stringify(trigger()),
      headers: { 'Content-Type': 'application/json' },
    })
    // The status is there at once, the text takes its time.
    expect(got.status).toBe(202)
    await got.text()
    expect(performance.now() - began).toBeGreaterThan(800)
  })

  it('come in order, for as many requests as asked', async () => {
    const fake = await start()
    fake.script([status(500), status(503)], { times: 2 })
    expect(fake.pending()).toBe(4)
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await post(fake.url, trigger())).status)
    expect(statuses).toEqual([500, 503, 500, 503, 202])
    expect(fake.pending()).toBe(0)
  })

  it('can be for one key', async () => {
    const fake = await start()
    fake.script(status(500), { routing_key: FIRST })
    expect((await post(fake.url, trigger(SECOND))).status).toBe(202)
    expect((await post(fake.url, trigger(FIRST))).status).toBe(500)
    expect((await post(fake.url, trigger(FIRST))).status).toBe(202)
    expect(() => fake.script({ kind: 'reset_before' }, { routing_key: FIRST })).toThrow('before the key is read')
  })

  it('hide no complaint, and a bad request is never processed', async () => {
    const fake = await start({ keys: [FIRST] })
    fake.script([{ kind: 'broken_json' }, { kind: 'broken_json' }])
    await post(fake.url, trigger(FIRST, DISK, { severity: 'ok' }))
    await post(fake.url, trigger(SECOND))
    expect(fake.complaints()).toHaveLength(1)
    expect(fake.open()).toEqual([])
  })
})

it('calls `after` once the ledger is up to date and before the client knows', async () => {
  const seen: [string | null, number][] = []
  const fake = await start({ after: ({ effect }) => seen.push([effect, fake.open().length]) })
  for (const event of [trigger(), trigger(FIRST, 'b'), resolve()]) {
    const before = seen.length
    await post(fake.url, event)
    expect(seen.length).toBe(before + 1)
  }
  expect(seen).toEqual([
    ['opened', 1],
    ['opened', 2],
    ['resolved', 1],
  ])
})

describe('TLS', () => {
  it('is refused by who does not trust the certificate', async () => {
    const fake = await start({ tls: true })
    await expect(post(fake.url, trigger())).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(fake.requests).toEqual([])
  })

  it('works for who does, faults included', async () => {
    const fake = await start({ tls: true })
    const ca = fake.certificate ?? ''
    expect((await post(fake.url, trigger(), { ca })).status).toBe(202)
    fake.script([{ kind: 'reset_before' }, { kind: 'reset_after' }])
    await expect(post(fake.url, trigger(), { ca })).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect(post(fake.url, trigger(), { ca })).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('the proxy', () => {
  const auth = { username: 'user', password: 'p:ss w@rd' }
  const login = `Basic ${Buffer.from('user:p:ss w@rd').toString('base64')}`

  async function proxy(options?: Parameters<typeof startConnectProxy>[0]) {
    const started = await startConnectProxy(options)
    running.push(started)
    return started
  }

  /** Opens a tunnel by hand; the status and, where there is one, the socket. */
  async function tunnel(
    port: number,
    target: string,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<{ status: number; socket: Socket }> {
    const request = http.request({ port, host: '127.0.0.1', method: 'CONNECT', path: target, headers, agent: false }).end()
    const [response, socket] = (await once(request, 'connect')) as [http.IncomingMessage, Socket]
    return { status: response.statusCode ?? 0, socket }
  }

  it('tunnels HTTPS, and sees no more than the name', async () => {
    const fake = await start({ tls: true })
    const { port, asked } = await proxy()
    const { status, socket } = await tunnel(port, `127.0.0.1:${fake.port}`)
    expect(status).toBe(200)
    const createConnection = () => tls.connect({ socket, ca: fake.certificate ?? '', host: '127.0.0.1' })
    expect((await post(fake.url, trigger(), { createConnection, agent: undefined })).status).toBe(202)
    expect(asked).toEqual([{ method: 'CONNECT', target: `127.0.0.1:${fake.port}`, authorized: true }])
    expect(fake.pages).toHaveLength(1)
  })

  it('forwards plain requests with an absolute address, without its own headers', async () => {
    const fake = await start()
    const { port, asked } = await proxy({ auth })
    const headers = { 'Content-Type': 'application/json', 'Proxy-Authorization': login, Host: `127.0.0.1:${fake.port}` }
    const answer = await post(`http://127.0.0.1:${port}`, trigger(), { path: fake.url, headers })
    expect(json(answer)).toMatchObject({ status: 202, body: { dedup_key: DISK } })
    expect(asked).toEqual([{ method: 'POST', target: fake.url, authorized: true }])
    expect(fake.requests).toMatchObject([{ path: '/v2/enqueue', complaints: [] }])
    expect(fake.requests[0]?.headers).not.toHaveProperty('proxy-authorization')
  })

  it('asks for a password', async () => {
    const fake = await start()
    const { url, port, asked } = await proxy({ auth })
    expect(new URL(url)).toMatchObject({ username: 'user', password: encodeURIComponent(auth.password) })
    const target = `127.0.0.1:${fake.port}`
    expect((await tunnel(port, target)).status).toBe(407)
    expect((await tunnel(port, target, { 'Proxy-Authorization': 'Basic d3Jvbmc=' })).status).toBe(407)
    const granted = await tunnel(port, target, { 'Proxy-Authorization': login })
    expect(granted.status).toBe(200)
    expect((await post(`http://127.0.0.1:${port}`, trigger(), { path: fake.url })).status).toBe(407)
    expect(asked.map(({ authorized }) => authorized)).toEqual([false, false, true, false])
    expect(fake.requests).toEqual([])
  })

  it('says when it cannot reach the other side', async () => {
    const fake = await start()
    const { port } = await proxy()
    await fake.stop()
    running.splice(running.indexOf(fake), 1)
    expect((await tunnel(port, `127.0.0.1:${fake.port}`)).status).toBe(502)
    expect((await post(`http://127.0.0.1:${port}`, trigger(), { path: fake.url })).status).toBe(502)
    expect((await post(`http://127.0.0.1:${port}`, trigger(), { path: '/v2/enqueue' })).status).toBe(400)
  })
})

describe('scripts/fake-pagerduty.ts', () => {
  function run(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, ['scripts/fake-pagerduty.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    running.push({ stop: async () => child.kill('SIGKILL') })
    return child
  }

  it('prints a line a request without the key, and stops on SIGTERM', async () => {
    const child = run('--port', '0', '--script', '429,drop')
    if (!child.stdout || !child.stderr) throw new Error('no pipes')
    const [hello] = (await once(createInterface(child.stderr), 'line')) as [string]
    const url = /http:\S+(?=;)/.exec(hello)?.[0] ?? ''
    const output = textOf(child.stdout)
    expect((await post(url, trigger())).status).toBe(429)
    expect((await post(url, trigger())).status).toBe(202)
    expect((await post(url, trigger())).status).toBe(202)
    expect((await post(url, { routing_key: 'u+secret', event_action: 'trigger' })).status).toBe(400)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    const printed = (await output).trim().split('\n')
    expect(printed.map((line) => JSON.parse(line))).toMatchObject([
      {
        routing_key: '…1st1',
        event_action: 'trigger',
        dedup_key: DISK,
        severity: 'error',
        status: 429,
        effect: null,
        complaints: [],
      },
      { status: 202, fault: 'drop', effect: null },
      { status: 202, effect: 'opened' },
      { routing_key: '…', status: 400 },
    ])
    expect(printed.join()).not.toMatch(/11111|secret/)
  })

  it.each([[['--script', '429,nonsense']], [['--port', 'x']], [['--unknown']]])('refuses %j', async (args) => {
    const child = run(...args)
    if (!child.stderr) throw new Error('no pipe')
    const [said, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')])
    expect(code).toBe(2)
    expect(said).toMatch(/^fake-pagerduty: .*\n$/)
  })
})
