import { cut, oneLine, withoutSecrets } from '../deliver/text.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { Reply } from './ask.ts'

export type Verdict =
  | { readonly kind: 'ok'; readonly value: unknown; readonly next: string }
  | { readonly kind: 'gone' }
  /** May pass later; `after` is what the server asked for, in seconds. */
  | { readonly kind: 'retry'; readonly after: number | null; readonly why: string }
  /** The key may not do this, at no backend. */
  | { readonly kind: 'denied'; readonly why: string }
  /** This address will not answer, another may. */
  | { readonly kind: 'unusable'; readonly why: string }

const MAX_WHY = 300

/**
 * What to make of a reply. `permission` is what the key needs for it. Nothing but a 200 with JSON counts as an
 * answer, so that half of one, or the page of a portal, is never taken for an empty one.
 */
export function verdictOf(reply: Reply, permission: string, key: string, now: number): Verdict {
  if ('error' in reply) {
    return reply.error === 'network' ? { kind: 'retry', after: null, why: reply.why } : { kind: 'unusable', why: reply.why }
  }
  const { host, status, text, next } = reply
  const after = retryAfter(reply.retry_after, now)
  const value = parsed(text)
  if (status === 200) {
    if (value !== undefined) return { kind: 'ok', value, next }
    return {
      kind: 'retry',
      after,
      why: `${host} answered with what is no JSON: is it the API of Sensu, and did all of it arrive?`,
    }
  }
  const why = (means: string) =>
    cut(oneLine(withoutSecrets([`${host} answered ${status}`, means, saidIn(value)].filter(Boolean).join(': '), [key])), MAX_WHY)
  // sensu-go backend/apid/middlewares: an unknown key is 401, a permission that no role gives is 403.
  if (status === 401) return { kind: 'denied', why: why('it does not know the key of SENSU_API_KEY') }
  if (status === 403) return { kind: 'denied', why: why(`the user of the key may not ${permission}`) }
  // Sensu's own 404 has a message and a code; that of a proxy, or of another server, says nothing about Sensu.
  if (status === 404 && saidIn(value) !== '') return { kind: 'gone' }
  if (status === 408 || status === 429 || status >= 500) return { kind: 'retry', after, why: why('') }
  if (status >= 300 && status < 400) return { kind: 'unusable', why: why('redirects are not followed') }
  return { kind: 'unusable', why: why('is that the address of the API of Sensu?') }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sensu's errors are `{"message": "...", "code": 3}`. */
function saidIn(value: unknown): string {
  const { message } = (typeof value === 'object' && value !== null ? value : {}) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}
