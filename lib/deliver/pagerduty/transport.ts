import axios, { type AxiosError } from 'axios'
import { agents } from '../../http/agents.ts'
import { explain } from '../../http/explain.ts'
import { withoutSecrets } from '../text.ts'
import type { Post, Reply } from './attempt.ts'

const CURE = 'if a proxy with its own CA stands between, name the CA file in NODE_EXTRA_CA_CERTS'
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
  const own = agents({ keepAlive: false })
  const { host } = new URL(url)
  return async (body, limit): Promise<Reply> => {
    const limit_ms = Math.ceil(limit)
    // axios's own timeout starts anew with every byte, so a slow drip would never meet it.
    const signal = AbortSignal.timeout(limit_ms)
    try {
      const answer = await axios.post<string>(url, JSON.stringify(body), {
        headers: { 'Content-Type': 'application/json', 'User-Agent': `tierline/${TIERLINE_VERSION}` },
        ...own,
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
      const reply = explain(error as AxiosError, host, signal.aborted, CURE)
      if (proxy_variable === null || reply.error === 'tls') return reply
      return { ...reply, why: `${reply.why}; ${proxy_variable} names a proxy: is that right, and up?` }
    }
  }
}
