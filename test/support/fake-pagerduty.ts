import { randomUUID } from 'node:crypto'
import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { checkBody } from '../../lib/deliver/pagerduty/check-body.ts'
import { BODY_BYTES } from '../../lib/deliver/pagerduty/schema.ts'
import { drip, reset } from './bad-answers.ts'
import { selfSigned } from './self-signed.ts'

/*
 * PagerDuty's Events API v2 as far as Tierline can tell it from the real one: stricter about requests, faithful
 * about deduplication, the rate limit and the shapes of answers, and able to fail in every way on demand.
 *
 *   const fake = await startFakePagerDuty({ keys: [FIRST, SECOND] })
 *   fake.script(status(429, { retry_after: 5 }), { times: 3, routing_key: FIRST })
 *   ... send to fake.url ...
 *   expect(fake.pagesOf(FIRST, 'default/web-1/disk')).toBe(1)
 *   expect(fake.open()).toEqual([])
 *   expect(fake.complaints()).toEqual([])
 *   await fake.stop()
 */

export interface FakeOptions {
  /** The keys that exist; without a list every well-formed key does. */
  readonly keys?: readonly string[]
  /** What a well-formed key that does not exist meets. PagerDuty does not document it: robusta-dev/robusta#571 saw the 400. */
  readonly unknown_key?: 'refuse' | 'drop'
  /** Calls a minute and key, in a sliding window. */
  readonly rate_limit?: number
  /** Milliseconds; the rate window and every `at` come from it. */
  readonly now?: () => number
  /** HTTPS with a self-signed certificate, which is `fake.certificate`. */
  readonly tls?: boolean
  readonly port?: number
  /** Called when a request has been dealt with and before it is answered: the place to check what must hold at every moment. */
  readonly after?: (request: FakeRequest) => void
}

/** What goes wrong with a request. `processed` says whether PagerDuty took the event in all the same. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retry_after?: string; readonly body: string }
  /** Reads the request and never answers. */
  | { readonly kind: 'hang'; readonly processed?: boolean }
  /** Breaks the connection off at the headers. The key is not known then, so this one cannot be for a single key. */
  | { readonly kind: 'reset_before' }
  | { readonly kind: 'reset_after'; readonly processed?: boolean }
  /** 202 and processed, but the JSON ends in the middle. */
  | { readonly kind: 'broken_json' }
  /** 202 and lost, as in PagerDuty's incidents. */
  | { readonly kind: 'drop' }
  /** 202 and processed, one byte of the answer at a time. */
  | { readonly kind: 'drip'; readonly interval_ms: number }
  | { readonly kind: 'redirect'; readonly status?: number; readonly location?: string }

/** The next `times` requests (1), only those with `routing_key` where it is given. */
interface Scope {
  readonly times?: number
  readonly routing_key?: string
}

/** One request, whatever became of it. */
export interface FakeRequest {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  /** The parsed JSON; undefined when it was none or was not read. */
  readonly body: unknown
  readonly bytes: number
  readonly routing_key: string | null
  /** What is wrong with the request itself, also where a fault hid it. */
  readonly complaints: readonly string[]
  readonly fault: Fault['kind'] | null
  /** What was answered; null when nothing was. */
  readonly status: number | null
  /** What the event did; null when it was not taken in. */
  readonly effect: Effect | null
}

/** `ignored`: an acknowledge or resolve of what is not open. */
type Effect = 'opened' | 'refreshed' | 'acknowledged' | 'resolved' | 'ignored'

interface Alert {
  readonly routing_key: string
  readonly dedup_key: string
  readonly state: 'triggered' | 'acknowledged'
  readonly severity: string
  /** Of the first event: later ones do not change what a responder sees (prometheus/alertmanager#1587). */
  readonly summary: string
}

/** Somebody's telephone rang. */
interface Page {
  readonly at: number
  readonly routing_key: string
  readonly dedup_key: string
  readonly severity: string
  readonly summary: string
}

export interface FakePagerDuty {
  /** Where events go: ends in /v2/enqueue. */
  readonly url: string
  readonly port: number
  /** PEM, to be trusted by a client that should not complain; null without TLS. */
  readonly certificate: string | null
  /** Every request in the order of arrival; `accepted` are those taken in, `refused` those answered 4xx. */
  readonly requests: readonly FakeRequest[]
  readonly accepted: readonly FakeRequest[]
  readonly refused: readonly FakeRequest[]
  readonly pages: readonly Page[]
  pagesOf(routing_key: string, dedup_key?: string): number
  /** The open alerts, of all keys or one. */
  open(routing_key?: string): Alert[]
  /** Everything found wrong with any request so far. */
  complaints(): string[]
  /** Faults for the requests to come, used up in order. */
  script(faults: Fault | readonly Fault[], scope?: Scope): void
  /** How many scripted faults have not been used. */
  pending(): number
  /** Forgets the scripted faults that have not been used. */
  calm(): void
  stop(): Promise<void>
}

const html = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`

const bodies = {
  json: (code: number) =>
    code === 429
      ? '{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.  Please retry later.","errors":["Enhance Your Calm."]}'
      : JSON.stringify({ status: 'error', message: http.STATUS_CODES[code] ?? 'Unknown', errors: [] }),
  html: (code: number) => html(`${code} ${http.STATUS_CODES[code] ?? 'Unknown'}`),
  empty: () => '',
}

/** A scripted answer. `body` is one of the shapes met in the wild, or `text` is sent as it is. */
export function status(
  code: number,
  { retry_after, body = 'json', text }: { retry_after?: string | number; body?: keyof typeof bodies; text?: string } = {},
): Fault {
  return {
    kind: 'status',
    status: code,
    body: text ?? bodies[body](code),
    ...(retry_after === undefined ? {} : { retry_after: String(retry_after) }),
  }
}

export async function startFakePagerDuty(options: FakeOptions = {}): Promise<FakePagerDuty> {
  const { keys, unknown_key = 'refuse', rate_limit = 120, now = Date.now, after } = options
  const requests: FakeRequest[] = []
  const ledger = startLedger()
  const admits = startRateWindow(rate_limit)
  const faults: { fault: Fault; routing_key: string | undefined }[] = []
  const tls = options.tls ? selfSigned() : null
  let oversized = 0

  const server = tls ? https.createServer({ key: tls.key, cert: tls.certificate }, serve) : http.createServer(serve)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    socket.on('error', () => {})
  })

  function takeFault(wanted: (entry: (typeof faults)[number]) => boolean): Fault | null {
    const index = faults.findIndex(wanted)
    return index < 0 ? null : (faults.splice(index, 1)[0]?.fault ?? null)
  }

  function serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const first = faults.find(({ routing_key }) => routing_key === undefined)
    if (first?.fault.kind === 'reset_before') {
      takeFault((entry) => entry === first)
      record(request, {
        body: undefined,
        bytes: 0,
        routing_key: null,
        complaints: [],
        fault: 'reset_before',
        status: null,
        effect: null,
      })
      reset(request.socket)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => answer(request, response, Buffer.concat(chunks)))
  }

  function answer(request: http.IncomingMessage, response: http.ServerResponse, raw: Buffer): void {
    const body = parsed(raw)
    const routing_key = textAt(body, 'routing_key')
    const complaints = [...checkRequest(request), ...checkBody(body, raw.byteLength)]
    const seen: Seen = { body, bytes: raw.byteLength, routing_key, complaints }
    const fault = takeFault((entry) => entry.fault.kind !== 'reset_before' && (entry.routing_key ?? routing_key) === routing_key)
    const reply = fault ? faulty(fault, seen) : judged(isEnqueue(request), seen)
    record(request, { ...seen, fault: fault?.kind ?? null, status: reply.status, effect: reply.effect ?? null })
    if (reply.status !== null) send(response, reply.status, reply.text ?? '', reply)
    else if (fault?.kind !== 'hang') reset(request.socket)
  }

  /** What the real one would answer. */
  function judged(found: boolean, seen: Seen): Reply {
    const { routing_key, complaints, bytes, body } = seen
    if (!found) return { status: 404, text: bodies.json(404) }
    if (routing_key !== null && !admits(routing_key, now())) return { status: 429, text: bodies.json(429) }
    // Which of the two it is stands nowhere, so both have to be understood.
    if (bytes > BODY_BYTES && oversized++ % 2 === 1) return { status: 413, text: bodies.html(413) }
    if (complaints.length > 0) return { status: 400, text: refusal(complaints) }
    if (!isKnown(routing_key) && unknown_key === 'refuse') return { status: 400, text: refusal(['Invalid routing key']) }
    return { status: 202, text: acceptance(body), effect: takeIn(seen) }
  }

  function faulty(fault: Fault, seen: Seen): Reply {
    const text = acceptance(seen.body)
    switch (fault.kind) {
      case 'status':
        return {
          status: fault.status,
          text: fault.body,
          headers: fault.retry_after === undefined ? {} : { 'Retry-After': fault.retry_after },
        }
      case 'redirect':
        return { status: fault.status ?? 307, headers: { Location: fault.location ?? `${origin}/elsewhere` } }
      case 'drop':
        return { status: 202, text }
      case 'broken_json':
        return { status: 202, text: text.slice(0, 20), effect: takeIn(seen) }
      case 'drip':
        return { status: 202, text, drip_ms: fault.interval_ms, effect: takeIn(seen) }
      case 'reset_before':
        return { status: null }
      case 'hang':
      case 'reset_after':
        return { status: null, effect: fault.processed ? takeIn(seen) : null }
    }
  }

  function takeIn({ body, complaints, routing_key }: Seen): Effect | null {
    return complaints.length === 0 && isKnown(routing_key) ? ledger.take(body as Event, now()) : null
  }

  function isKnown(routing_key: string | null): boolean {
    return keys === undefined || (routing_key !== null && keys.includes(routing_key))
  }

  function record(request: http.IncomingMessage, rest: Omit<FakeRequest, 'at' | 'method' | 'path' | 'headers'>): void {
    const seen: FakeRequest = {
      at: now(),
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      ...rest,
    }
    requests.push(seen)
    after?.(seen)
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  return {
    url: `${origin}/v2/enqueue`,
    port,
    certificate: tls?.certificate ?? null,
    requests,
    get accepted() {
      return requests.filter(({ effect }) => effect !== null)
    },
    get refused() {
      return requests.filter(({ status }) => status !== null && status >= 400 && status < 500)
    },
    pages: ledger.pages,
    pagesOf: (routing_key, dedup_key) =>
      ledger.pages.filter((page) => page.routing_key === routing_key && (dedup_key ?? page.dedup_key) === page.dedup_key).length,
    open: (routing_key) =>
      [...ledger.alerts.values()].filter((alert) => (routing_key ?? alert.routing_key) === alert.routing_key),
    complaints: () => requests.flatMap(({ complaints }) => complaints),
    script(given, { times = 1, routing_key } = {}) {
      const list = [given].flat() as readonly Fault[]
      if (routing_key !== undefined && list.some(({ kind }) => kind === 'reset_before')) {
        throw new Error('reset_before cannot be for one key: it happens before the key is read')
      }
      for (let time = 0; time < times; time++) faults.push(...list.map((fault) => ({ fault, routing_key })))
    },
    pending: () => faults.length,
    calm: () => void faults.splice(0),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Seen = Pick<FakeRequest, 'body' | 'bytes' | 'routing_key' | 'complaints'>

interface Reply {
  /** null: none, ever. */
  readonly status: number | null
  readonly text?: string
  readonly headers?: http.OutgoingHttpHeaders
  readonly drip_ms?: number
  readonly effect?: Effect | null
}

interface Event {
  readonly routing_key: string
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key?: string
  readonly payload?: { readonly severity?: string; readonly summary?: string }
}

/** What is open. An alert belongs to (routing key, dedup key): even two keys of one service do not share it. */
function startLedger() {
  const alerts = new Map<string, Alert>()
  const pages: Page[] = []

  function take({ routing_key, event_action, dedup_key = randomUUID(), payload }: Event, at: number): Effect {
    const id = JSON.stringify([routing_key, dedup_key])
    const alert = alerts.get(id)
    if (event_action === 'trigger') {
      const { severity = '', summary = '' } = payload ?? {}
      alerts.set(id, alert ? { ...alert, severity } : { routing_key, dedup_key, state: 'triggered', severity, summary })
      if (alert) return 'refreshed'
      pages.push({ at, routing_key, dedup_key, severity, summary })
      return 'opened'
    }
    if (!alert) return 'ignored'
    if (event_action === 'resolve') {
      alerts.delete(id)
      return 'resolved'
    }
    alerts.set(id, { ...alert, state: 'acknowledged' })
    return 'acknowledged'
  }

  return { alerts, pages, take }
}

/** A sliding minute for each key. What was turned away does not count, or a client that tries again would never get through. */
function startRateWindow(limit: number): (key: string, at: number) => boolean {
  const calls = new Map<string, number[]>()
  return (key, at) => {
    const recent = (calls.get(key) ?? []).filter((call) => call > at - 60_000)
    const admitted = recent.length < limit
    calls.set(key, admitted ? [...recent, at] : recent)
    return admitted
  }
}

function isEnqueue({ method, url }: http.IncomingMessage): boolean {
  return method === 'POST' && url === '/v2/enqueue'
}

function checkRequest(request: http.IncomingMessage): string[] {
  const type = request.headers['content-type'] ?? ''
  return [
    ...(isEnqueue(request) ? [] : [`${request.method} ${request.url} instead of POST /v2/enqueue`]),
    ...(/^application\/json\s*(;|$)/i.test(type) ? [] : [`Content-Type is '${type}' instead of application/json`]),
    ...(request.headers.authorization === undefined ? [] : ['an Authorization header, which the Events API does not have']),
  ]
}

function refusal(errors: readonly string[]): string {
  return errors.includes('JSON parse error')
    ? JSON.stringify({ status: 'unrecognized object', message: 'Event object format is unrecognized', errors })
    : JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors })
}

function acceptance(body: unknown): string {
  return JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: textAt(body, 'dedup_key') ?? randomUUID() })
}

function send(response: http.ServerResponse, code: number, text: string, { headers = {}, drip_ms }: Omit<Reply, 'status'>): void {
  const type = text === '' ? {} : { 'Content-Type': text.startsWith('<') ? 'text/html' : 'application/json' }
  response.writeHead(code, { ...type, 'Content-Length': Buffer.byteLength(text), ...headers })
  if (drip_ms === undefined) response.end(text)
  else drip(response, Buffer.from(text), drip_ms)
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

function textAt(body: unknown, name: string): string | null {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : null
}
