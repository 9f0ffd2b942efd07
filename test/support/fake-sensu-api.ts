import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { drip, reset } from './bad-answers.ts'
import { selfSigned } from './self-signed.ts'

/*
 * The API of a Sensu Go 6 backend as far as `lib/sensu` uses it (sensu-go backend/apid, backend/store): lists of events of
 * one namespace, of all, of one entity, and one entity; `limit` and `continue`; API keys and permissions.
 *
 *   const fake = await startFakeSensuApi({ events: [rawEvent()] })
 *   fake.script({ kind: 'status', status: 503 })
 *   ... read from fake.url with the key SENSU_KEY ...
 *   expect(fake.complaints()).toEqual([])
 *   await fake.stop()
 */

export const SENSU_KEY = '83abef1e-e7d7-4beb-91fc-79ad90084d5b'

type Raw = { readonly [key: string]: unknown }

export interface FakeSensuOptions {
  readonly events?: readonly unknown[]
  /** Names as `namespace/entity`; without, the entities of the events. */
  readonly entities?: readonly string[]
  /** What the continue token is: the key of the last item (etcd), or an offset (PostgreSQL, with a licence). */
  readonly store?: 'etcd' | 'postgres'
  /** Paths that the user of the key may not read. */
  readonly forbids?: (path: string) => boolean
  readonly tls?: boolean
  /** As a proxy in front does; Sensu itself does not. */
  readonly gzip?: boolean
  /** Called before a request is answered. */
  readonly before?: (request: FakeRequest, count: number) => void
}

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retry_after?: string; readonly body?: string }
  | { readonly kind: 'hang' }
  /** Breaks the connection off at once. */
  | { readonly kind: 'reset' }
  /** Breaks it off in the middle of the page; `close` without an error, where only the length tells. */
  | { readonly kind: 'cut'; readonly how: 'reset' | 'close' | 'chunked' }
  | { readonly kind: 'drip'; readonly interval_ms: number }
  /** The first half of the answer as if it were all. */
  | { readonly kind: 'half' }
  | { readonly kind: 'body'; readonly body: string; readonly type?: string }
  /** The answer as it should be, but with this continue token. */
  | { readonly kind: 'next'; readonly token: string }

interface FakeRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: http.IncomingHttpHeaders
}

export interface FakeSensuApi {
  readonly url: string
  /** PEM; null without TLS. */
  readonly certificate: string | null
  readonly requests: readonly FakeRequest[]
  /** What Sensu stores; a test may change it between pages. */
  readonly events: unknown[]
  readonly entities: Set<string>
  /** What no request of ours may do. */
  complaints(): string[]
  /** Faults for the next requests; null lets one pass. */
  script(...faults: (Fault | null)[]): void
  pending(): number
  stop(): Promise<void>
}

export async function startFakeSensuApi(options: FakeSensuOptions = {}): Promise<FakeSensuApi> {
  const { store = 'etcd', forbids = () => false, gzip = false, before } = options
  const events = [...(options.events ?? [])]
  const entities = new Set(options.entities ?? events.map((event) => keyOf(event).split('/').slice(0, 2).join('/')))
  const requests: FakeRequest[] = []
  const complaints: string[] = []
  const faults: (Fault | null)[] = []
  const tls = options.tls ? selfSigned() : null
  const server = tls ? https.createServer({ key: tls.key, cert: tls.certificate }, serve) : http.createServer(serve)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    socket.on('error', () => {})
  })

  function serve(message: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(message.url ?? '/', 'http://fake')
    const request: FakeRequest = { path: url.pathname, query: url.searchParams, headers: message.headers }
    requests.push(request)
    complaints.push(...complaintsAbout(message, request))
    before?.(request, requests.length)
    const fault = faults.shift() ?? null
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'reset') reset(message.socket)
    else
      send(response, gzip && fault === null, fault, fault?.kind === 'status' ? statusAnswer(fault, message.url) : answer(request))
  }

  function answer({ path, query, headers }: FakeRequest): Reply {
    if (headers.authorization !== `Key ${SENSU_KEY}`) return refusal(401, 'bad credentials')
    if (forbids(path)) return refusal(403, '')
    const [, namespace, what, entity] =
      /^\/api\/core\/v2(?:\/namespaces\/([^/]+))?\/(events|entities)(?:\/([^/]+))?$/.exec(path) ?? []
    const [space, name] = [namespace, entity].map((part) => (part === undefined ? undefined : decodeURIComponent(part)))
    if (what === 'entities' && space !== undefined && name !== undefined) {
      if (!entities.has(`${space}/${name}`)) return refusal(404, 'not found', 3)
      return { status: 200, body: JSON.stringify({ entity_class: 'agent', metadata: { name, namespace: space } }) }
    }
    if (what !== 'events' || (space === undefined && name !== undefined)) return refusal(404, 'not found', 3)
    const prefix = [space, name].filter((part) => part !== undefined).map((part) => `${part}/`)
    return page(
      events.filter((event) => keyOf(event).startsWith(prefix.join(''))),
      query,
    )
  }

  /** In the order of keys. A limit that is no number is none, and so is a token that is no base64. */
  function page(found: readonly unknown[], query: URLSearchParams): Reply {
    const sorted = [...found].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const limit = Number.parseInt(query.get('limit') ?? '', 10) || 0
    const token = Buffer.from(query.get('continue') ?? '', 'base64url').toString()
    if (store === 'etcd') {
      const rest = sorted.filter((event) => keyOf(event) >= token)
      const items = limit === 0 ? rest : rest.slice(0, limit)
      const next = items.length < rest.length ? `${keyOf(items.at(-1))}\0` : ''
      return { status: 200, body: JSON.stringify(items), next }
    }
    const offset = token === '' ? 0 : (JSON.parse(token) as { offset: number }).offset
    const items = limit === 0 ? sorted : sorted.slice(offset, offset + limit)
    // A full page has a next one, though that may be empty: PostgreSQL is not asked how many there are.
    return {
      status: 200,
      body: JSON.stringify(items),
      next: limit > 0 && items.length === limit ? `{"offset":${offset + limit}}` : '',
    }
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate: tls?.certificate ?? null,
    requests,
    events,
    entities,
    complaints: () => complaints,
    script: (...more) => faults.push(...more),
    pending: () => faults.length,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Reply {
  readonly status: number
  readonly body: string
  readonly next?: string
  readonly headers?: http.OutgoingHttpHeaders
}

function complaintsAbout({ method }: http.IncomingMessage, { path, query, headers }: FakeRequest): string[] {
  const strange = [...query.keys()].filter((name) => name !== 'limit' && name !== 'continue')
  return [
    ...(method === 'GET' ? [] : [`${method} instead of GET`]),
    ...strange.map((name) => `the parameter ${name}, which Sensu ignores`),
    ...(`${path}?${query}`.includes(SENSU_KEY) ? ['the key in an address, which logs keep'] : []),
    ...(/^tierline\/\S+$/.test(headers['user-agent'] ?? '') ? [] : [`the user agent ${headers['user-agent']}`]),
  ]
}

function refusal(status: number, message: string, code = 0): Reply {
  return { status, body: JSON.stringify({ message, code }) }
}

/** A redirect leads to the same address, where the right answer would be. */
function statusAnswer({ status, retry_after, body }: Extract<Fault, { kind: 'status' }>, url: string | undefined): Reply {
  const headers = {
    ...(retry_after === undefined ? {} : { 'Retry-After': retry_after }),
    ...(status >= 300 && status < 400 ? { Location: url } : {}),
  }
  return { ...(body === undefined ? refusal(status, http.STATUS_CODES[status] ?? '') : { status, body }), headers }
}

function send(response: http.ServerResponse, gzip: boolean, fault: Fault | null, reply: Reply): void {
  const next = fault?.kind === 'next' ? fault.token : (reply.next ?? '')
  const whole = Buffer.from(fault?.kind === 'body' ? fault.body : reply.body)
  const bytes = gzip ? gzipSync(whole) : fault?.kind === 'half' ? whole.subarray(0, whole.length / 2) : whole
  const chunked = fault?.kind === 'cut' && fault.how === 'chunked'
  response.writeHead(reply.status, {
    'Content-Type': fault?.kind === 'body' ? (fault.type ?? 'application/json') : 'application/json',
    ...(chunked ? {} : { 'Content-Length': bytes.length }),
    ...(next === '' ? {} : { 'Sensu-Continue': Buffer.from(next).toString('base64url') }),
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    ...reply.headers,
  })
  if (fault?.kind === 'cut') {
    const { socket } = response
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      if (socket && fault.how === 'reset') reset(socket)
      else socket?.end()
    })
  } else if (fault?.kind === 'drip') drip(response, bytes, fault.interval_ms)
  else response.end(bytes)
}

/** As etcd has it below `/sensu.io/events/`. What is no event lies at the end of the namespace `prod`. */
function keyOf(event: unknown): string {
  const { entity, check } = (event ?? {}) as { entity?: { metadata?: Raw }; check?: { metadata?: Raw } }
  return `${entity?.metadata?.namespace ?? 'prod'}/${entity?.metadata?.name ?? '~'}/${check?.metadata?.name ?? '~'}`
}
