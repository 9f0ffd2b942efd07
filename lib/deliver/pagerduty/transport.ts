import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import axios, { type AxiosError } from 'axios'
import { oneLine, withoutSecrets } from '../text.ts'
import type { Post, Reply } from './attempt.ts'

const CONNECT_MS = 3000
const MAX_ANSWER_BYTES = 1_000_000

export interface Surroundings {
  /** The variable that names a proxy for this address; null when none is set. */
  readonly proxy_variable: string | null
  /** Taken out of every answer: a proxy's page may quote the request. */
  readonly secrets: readonly string[]
}

/**
 * POSTs to PagerDuty with axios, which takes HTTPS_PROXY, HTTP_PROXY and NO_PROXY from the environment; Node
 * itself reads NODE_EXTRA_CA_CERTS. Redirects are not followed: they would take the key elsewhere.
 */
export function postTo(url: string, { proxy_variable, secrets }: Surroundings): Post {
  const httpAgent = impatient(new http.Agent({ keepAlive: false }))
  const httpsAgent = impatient(new https.Agent({ keepAlive: false }))
  const { host } = new URL(url)
  return async (body, limit): Promise<Reply> => {
    const limit_ms = Math.ceil(limit)
    // axios's own timeout starts anew with every byte, so a slow drip would never meet it.
    const signal = AbortSignal.timeout(limit_ms)
    try {
      const answer = await axios.post<string>(url, JSON.stringify(body), {
        headers: { 'Content-Type': 'application/json', 'User-Agent': `tierline/${TIERLINE_VERSION}` },
        httpAgent,
        httpsAgent,
        signal,
        timeout: limit_ms,
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'text',
        transformResponse: [(text: unknown) => text],
        validateStatus: () => true,
      })
      const retry_after = answer.headers['retry-after']
      return {
        status: answer.status,
        retry_after: typeof retry_after === 'string' ? retry_after : undefined,
        text: typeof answer.data === 'string' ? withoutSecrets(answer.data, secrets) : '',
      }
    } catch (error) {
      const reply = explain(error as AxiosError, host, signal.aborted)
      if (proxy_variable === null || reply.error === 'tls') return reply
      return { ...reply, why: `${reply.why}; ${proxy_variable} names a proxy: is that right, and up?` }
    }
  }
}

/** An agent whose sockets give up when they have not connected within CONNECT_MS. */
function impatient<A extends http.Agent>(agent: A): A {
  const connect = agent.createConnection
  agent.createConnection = function createConnection(this: A, ...args: Parameters<typeof connect>) {
    const socket = connect.apply(this, args) as Socket | undefined
    if (socket) {
      const timer = setTimeout(() => socket.destroy(Object.assign(new Error('connect'), { code: 'ECONNECT_SLOW' })), CONNECT_MS)
      for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer))
    }
    return socket
  } as typeof connect
  return agent
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: is the address right?',
  ECONNRESET: 'broke the connection off',
  ECONNECT_SLOW: `did not take the connection within ${CONNECT_MS / 1000} s: does a firewall or proxy stand between?`,
  ENOTFOUND: 'has no address in DNS: check the name and the resolver',
  EAI_AGAIN: 'could not be looked up: the resolver does not answer',
  ENETUNREACH: 'cannot be reached: there is no route to it',
  EHOSTUNREACH: 'cannot be reached: there is no route to it',
}

function explain(error: AxiosError, host: string, late: boolean): Exclude<Reply, { status: number }> {
  const code = error.code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (isCertificateError(code)) {
    const cure = 'if a proxy with its own CA stands between, name the CA file in NODE_EXTRA_CA_CERTS'
    return { error: 'tls', why: `${host} has a certificate that cannot be trusted (${code}): ${cure}` }
  }
  if (/^(EPROTO|ERR_SSL_)/.test(code)) {
    return { error: 'tls', why: `${host} does not speak TLS (${code}): is it an http address, or another port?` }
  }
  if (late || code === 'ECONNABORTED' || code === 'ETIMEDOUT') return { error: 'network', why: `${host} did not answer in time` }
  const words = WORDS[code]
  return { error: 'network', why: words === undefined ? `${host}: ${oneLine(error.message).slice(0, 200)}` : `${host} ${words}` }
}

function isCertificateError(code: string): boolean {
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|HOSTNAME_MISMATCH)/.test(code)
}
