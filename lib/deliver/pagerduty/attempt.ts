import type { PagerDutyEvent } from './schema.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/**
 * PagerDuty's answer, or why there was none. A `tls` error is final: another try meets the same certificate. `paused` means that
 * no request went out, because the key has to rest.
 */
export type Reply =
  | { readonly status: number; readonly retry_after: string | undefined; readonly text: string }
  | { readonly error: 'network' | 'tls' | 'paused'; readonly why: string }

export type Post = (body: PagerDutyEvent, limit_ms: number) => Promise<Reply>

/** The clock, the pause and the chance that an attempt uses; milliseconds. */
export interface Time {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly random: () => number
}

export interface Attempt {
  /** `after` is the pause that the server asked for, in seconds. */
  readonly verdict:
    | Exclude<Verdict, { kind: 'retry' }>
    | { readonly kind: 'failed'; readonly why: string; readonly after: number | null }
  readonly tries: number
}

const MAX_TRIES = 3
/** Before the second and the third try; PagerDuty names no figure for so short a while. */
const PAUSES_MS = [300, 1200]
const LEAST_TRY_MS = 250

/**
 * Sends one body with up to three tries before `deadline`. Only what may pass is tried again: no answer, 408, 429
 * and 5xx. The first try gets half of the time, or more where the later ones need less: PagerDuty may be slow and
 * still take it.
 */
export async function attempt(body: PagerDutyEvent, post: Post, time: Time, deadline: number): Promise<Attempt> {
  let failed = { kind: 'failed' as const, why: 'no time was left to try', after: null as number | null }
  for (let tries = 1; ; tries++) {
    const left = deadline - time.now()
    if (left < LEAST_TRY_MS) return { verdict: failed, tries: tries - 1 }
    const reply = await post(body, Math.max(left - reserve(tries), tries === 1 ? left / 2 : 0, LEAST_TRY_MS))
    if ('error' in reply && reply.error === 'paused') {
      return { verdict: tries === 1 ? { ...failed, why: reply.why } : failed, tries: tries - 1 }
    }
    if ('error' in reply && reply.error === 'tls') return { verdict: { kind: 'refused', why: reply.why }, tries }
    const verdict = 'error' in reply ? unanswered(reply.why) : verdictOf(reply, time.now())
    if (verdict.kind !== 'retry') return { verdict, tries }
    failed = { ...verdict, kind: 'failed' }
    const pause = verdict.after === null ? jittered(PAUSES_MS[tries - 1] ?? 0, time) : verdict.after * 1000
    if (tries === MAX_TRIES || time.now() + pause + LEAST_TRY_MS > deadline) return { verdict: failed, tries }
    await time.sleep(pause)
  }
}

/** What the tries after this one need at the least. */
function reserve(tries: number): number {
  return PAUSES_MS.slice(tries - 1).reduce((sum, pause) => sum + pause * 1.2 + LEAST_TRY_MS, 0)
}

function unanswered(why: string): Verdict {
  return { kind: 'retry', after: null, why }
}

function jittered(ms: number, time: Time): number {
  return ms * (0.8 + 0.4 * time.random())
}
