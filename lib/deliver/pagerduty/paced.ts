import type { Post } from './attempt.ts'
import type { Send } from './deliver.ts'
import type { Means } from './means.ts'
import { fingerprint, paused, permit, resumed, type Urgency } from './pace.ts'

/** Sending at the pace that all processes keep together for each key. */
export interface Paced {
  readonly post: Post
  readonly send: (send: Send) => Send
  /** The earliest moment at which what failed may be tried again, ms since 1970; 0 when nothing had to wait. */
  readonly next_at: () => number
}

export function paced(
  { store, post, time, per_minute }: Pick<Means, 'store' | 'post' | 'time' | 'per_minute'>,
  urgency: Urgency,
): Paced {
  let next_at = 0
  const rest = (until: number) => {
    next_at = Math.max(next_at, until)
  }
  return {
    next_at: () => next_at,
    post: async (body, limit) => {
      const until = await store.changeKey(fingerprint(body.routing_key), (state) =>
        permit(state, urgency, per_minute, time.now()),
      )
      if (until === null) return post(body, limit)
      rest(until)
      return { error: 'paused', why: 'its key has to rest, or had its requests for this minute' }
    },
    send: (send) => async (body, key) => {
      const sent = await send(body, key)
      const { kind } = sent.verdict
      if (sent.tries > 0) {
        const until = await store.changeKey(fingerprint(key), (state) => {
          if (kind !== 'failed' && kind !== 'refused')
            return state.failures === 0 ? { result: 0 } : { state: resumed(state, time.now()), result: 0 }
          const asked = sent.verdict.kind === 'failed' ? sent.verdict.after : null
          const next = paused(state, asked, time.now(), time.random)
          return { state: next, result: next.until }
        })
        rest(until)
      }
      return sent
    },
  }
}
