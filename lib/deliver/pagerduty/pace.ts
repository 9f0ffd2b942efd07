import { createHash } from 'node:crypto'
import type { KeyState } from '../../state/store.ts'

/**
 * PagerDuty takes about 120 requests a minute for each key, in a window that slides (facts of the rate limits:
 * https://developer.pagerduty.com/docs/events-api-v2/overview/#api-limits). Of the share that is used here, resolves leave
 * some for new pages, and refreshes leave some for both.
 */
const SHARE = { page: 1, resolve: 0.9, refresh: 0.6 } as const
export type Urgency = keyof typeof SHARE

const WINDOW_MS = 60_000

/** 30 s, 60, 120, 240 and 300 from then on, each up to a fifth less or more, so that backends do not come back together. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 300_000
/** Nobody may keep pages back for longer; and a rest that seems longer is of a clock that was set back since. */
const LONGEST_REST_MS = 2 * LONGEST_PAUSE_MS

/** What a key is called in the memory, which must not hold it. */
export function fingerprint(key: string): string {
  return createHash('sha256').update(`tierline ${key}`).digest('hex').slice(0, 16)
}

/** Takes the right to make one request now, or says until when (ms since 1970) there is none. */
export function permit(
  state: KeyState,
  urgency: Urgency,
  per_minute: number,
  now: number,
): { readonly state?: KeyState; readonly result: number | null } {
  if (isResting(state, now)) return { result: state.until }
  const sent = state.sent.filter((at) => at > now - WINDOW_MS && at <= now)
  const most = Math.max(1, Math.floor(per_minute * SHARE[urgency]))
  const oldest = sent[sent.length - most]
  if (oldest !== undefined) return { result: oldest + WINDOW_MS }
  return { state: { ...state, sent: [...sent, now] }, result: null }
}

/** After an attempt that failed for a reason that may pass; `asked` is what the server wanted, in seconds. */
export function paused(state: KeyState, asked: number | null, now: number, random: () => number): KeyState {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(state.failures, 10), LONGEST_PAUSE_MS) * (0.8 + 0.4 * random())
  const until = now + (asked === null ? pause : Math.min(asked * 1000, LONGEST_REST_MS))
  // Many requests under way at once fail together, and that is one failure.
  if (isResting(state, now)) return asked === null ? state : { ...state, until: Math.max(state.until, until) }
  return { ...state, failures: state.failures + 1, until }
}

/** After an answer that shows that PagerDuty takes requests; while the key rests, it is to a request from before. */
export function resumed(state: KeyState, now: number): KeyState {
  return isResting(state, now) ? state : { ...state, failures: 0, until: 0 }
}

/** A clock that was set back must not stop everything until it has caught up. */
function isResting({ until }: KeyState, now: number): boolean {
  return until > now && until - now <= LONGEST_REST_MS
}
