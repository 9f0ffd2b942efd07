import type { Post, Reply, Time } from '../../lib/deliver/pagerduty/attempt.ts'
import type { PagerDutyEvent } from '../../lib/deliver/pagerduty/schema.ts'

/** One answer of the script: a status with its text, an error, or a hang; and how long it takes, 10 ms if nothing is said. */
export type Line =
  | { readonly status: number; readonly text?: string; readonly retry_after?: string; readonly ms?: number }
  | { readonly error: 'network' | 'tls'; readonly ms?: number }
  | { readonly hangs: true }

interface Sending {
  readonly body: PagerDutyEvent
  /** When it was sent and what time it was given, milliseconds. */
  readonly at: number
  readonly limit: number
}

export interface Play {
  readonly post: Post
  readonly time: Time
  readonly sent: Sending[]
  /** Every pause, milliseconds. */
  readonly pauses: number[]
  readonly now: () => number
}

export const START = Date.UTC(2026, 4, 5)
export const OK: Line = { status: 202, text: '{"status":"success"}' }
export const refusal = (...errors: string[]): Line => ({ status: 400, text: JSON.stringify({ status: 'invalid event', errors }) })
export const BAD_KEY = refusal('Invalid routing key')
export const BAD_FIELD = refusal("'payload.custom_details' is odd")

/** A PagerDuty that answers by a script (its last line again and again), and a clock that only it moves. */
export function play(script: readonly Line[] | ((event: PagerDutyEvent) => Line), chance = 0.5): Play {
  let now = START
  const sent: Sending[] = []
  const pauses: number[] = []
  const post: Post = async (body, limit): Promise<Reply> => {
    const line = typeof script === 'function' ? script(body) : (script[sent.length] ?? script.at(-1) ?? OK)
    sent.push({ body, at: now, limit })
    const took = 'hangs' in line ? Number.POSITIVE_INFINITY : (line.ms ?? 10)
    now += Math.min(took, limit)
    if ('hangs' in line || took > limit) return { error: 'network', why: 'no answer in time' }
    if ('error' in line) return { error: line.error, why: `${line.error} trouble` }
    return { status: line.status, retry_after: line.retry_after, text: line.text ?? '' }
  }
  const time: Time = {
    now: () => now,
    sleep: async (ms) => {
      pauses.push(ms)
      now += ms
    },
    random: () => chance,
  }
  return { post, time, sent, pauses, now: () => now }
}
