import type { Time } from '../deliver/pagerduty/attempt.ts'
import { verdictOf } from './verdict.ts'

/** What came back from a backend, or why nothing did. A `tls` error and an answer `too_large` are final for that backend. */
export type Reply =
  | {
      readonly host: string
      readonly status: number
      readonly retry_after: string | undefined
      /** Of `Sensu-Continue`; empty at the end of a list. */
      readonly next: string
      readonly text: string
    }
  | { readonly host: string; readonly error: 'network' | 'tls' | 'too_large'; readonly why: string }

/** One GET from one backend, in at most `limit_ms`. */
export type Get = (path: string, limit_ms: number) => Promise<Reply>

/** `gone` is a 404 of Sensu's own. */
type Answer =
  | { readonly kind: 'ok'; readonly value: unknown; readonly next: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly why: string }

/** Asks the cluster for one path, for which the key needs the permission that is named. */
export type Ask = (path: string, permission: string) => Promise<Answer>

/** Sensu itself gives up writing an answer after 15 s (sensu-go backend/apid, `WriteTimeout`). */
const REQUEST_MS = 20_000
const LEAST_TRY_MS = 250
const ROUNDS = 3
/** Before the second and the third round. */
const PAUSES_MS = [500, 2000]

/**
 * Asks the backends of one cluster in order until one answers, up to three rounds before `deadline`. What may pass
 * is tried again: no answer, 408, 429, 5xx, what is no JSON. The backend that answered last is asked first the next time.
 */
export function askOf(backends: readonly Get[], key: string, time: Time, deadline: number): Ask {
  let usable = [...backends]
  let lost = ''
  return async (path, permission) => {
    let why = lost
    for (let round = 0; round < ROUNDS; round++) {
      let pause = jittered(PAUSES_MS[round] ?? 0, time)
      for (const get of [...usable]) {
        const left = deadline - time.now()
        if (left < LEAST_TRY_MS)
          return { kind: 'failed', why: why === '' ? 'no time was left to ask Sensu' : `no time was left (${why})` }
        const verdict = verdictOf(await get(path, Math.min(left, REQUEST_MS)), permission, key, time.now())
        if (verdict.kind === 'ok' || verdict.kind === 'gone') {
          usable = [get, ...usable.filter((other) => other !== get)]
          return verdict
        }
        why = verdict.why
        // The key is the same at every backend of a cluster.
        if (verdict.kind === 'denied') return { kind: 'failed', why }
        if (verdict.kind === 'unusable') usable = usable.filter((other) => other !== get)
        else if (verdict.after !== null) pause = Math.max(pause, verdict.after * 1000)
      }
      if (usable.length === 0) {
        lost = why
        return { kind: 'failed', why }
      }
      if (round + 1 === ROUNDS || time.now() + pause + LEAST_TRY_MS > deadline) break
      await time.sleep(pause)
    }
    return { kind: 'failed', why }
  }
}

function jittered(ms: number, time: Time): number {
  return ms * (0.8 + 0.4 * time.random())
}
