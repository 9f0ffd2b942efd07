import { getCACertificates } from 'node:tls'
import axios, { type AxiosError } from 'axios'
import { withoutSecrets } from '../deliver/text.ts'
import { agents } from '../http/agents.ts'
import { explain } from '../http/explain.ts'
import type { Access } from './access.ts'
import type { Get, Reply } from './ask.ts'

/** An event in etcd has at most 1.5 MB (`etcd-max-request-bytes`), most have some kB; a page of them has at most this. */
const MAX_PAGE_BYTES = 64_000_000
const CURE = 'name the CA file in SENSU_CA_FILE'

/**
 * GETs from the API of one Sensu backend with axios, which takes HTTPS_PROXY, HTTP_PROXY and NO_PROXY from the
 * environment. Redirects are not followed: they would take the key elsewhere.
 */
export function getFrom(url: string, { key, ca, max_page_bytes = MAX_PAGE_BYTES }: Access): Get {
  const { host } = new URL(url)
  // `ca` replaces what Node trusts, NODE_EXTRA_CA_CERTS included, so that is put beside it.
  const trusted = ca === null ? {} : { ca: [...getCACertificates('default'), ca] }
  const own = agents({ keepAlive: true, ...trusted })
  return async (path, limit): Promise<Reply> => {
    const limit_ms = Math.ceil(limit)
    // axios's own timeout starts anew with every byte, so a slow drip would never meet it.
    const signal = AbortSignal.timeout(limit_ms)
    try {
      const answer = await axios.get<string>(`${url}${path}`, {
        headers: { Authorization: `Key ${key}`, Accept: 'application/json', 'User-Agent': `tierline/${TIERLINE_VERSION}` },
        ...own,
        signal,
        timeout: limit_ms,
        maxRedirects: 0,
        maxContentLength: max_page_bytes,
        responseType: 'text',
        transformResponse: [(text: unknown) => text],
        validateStatus: () => true,
      })
      return {
        host,
        status: answer.status,
        retry_after: headerOf(answer.headers['retry-after']),
        next: headerOf(answer.headers['sensu-continue']) ?? '',
        text: typeof answer.data === 'string' ? answer.data : '',
      }
    } catch (error) {
      if (/^maxContentLength /.test((error as Error).message)) {
        return { host, error: 'too_large', why: `${host} sent more than ${Math.floor(max_page_bytes / 1e6)} MB for one page` }
      }
      const { error: kind, why } = explain(error as AxiosError, host, signal.aborted, CURE)
      return { host, error: kind, why: withoutSecrets(why, [key]) }
    }
  }
}

function headerOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
