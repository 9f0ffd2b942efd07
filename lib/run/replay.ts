import { type Carbon, sendLines } from '../deliver/graphite/send.ts'
import type { Store } from '../state/store.ts'

/** Lines of one connection. Few enough that a slow one gets them through before a deadline, or none would ever leave. */
const BATCH = 1000
/** With less time than that no connection is begun. */
const LEAST_MS = 100

/** Where to send what is kept, and what is too old for it. */
export interface Replaying {
  readonly carbon: Omit<Carbon, 'timeout'>
  /** Seconds; 0 for any age. As for points of an event: what carbon's retentions no longer hold is not worth sending. */
  readonly max_age: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Replayed {
  readonly sent: number
  /** Too old by now. */
  readonly dropped: number
  readonly left: number
  /** Why sending stopped, in one line; null when it was for time or number. */
  readonly trouble: string | null
}

/**
 * Sends the oldest lines that are kept until none is left, `deadline` (ms since 1970) has come or `most` lines were dealt with.
 * They leave the store only after carbon has read them, so that a crash in between, or two processes at once, send some twice.
 * That is harmless: of two values for one second of a series carbon keeps the last, and these two are equal.
 * Over udp nothing is ever confirmed, and there they go when the system has taken them.
 */
export async function replay(
  store: Store,
  { carbon, max_age, now }: Replaying,
  deadline: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Replayed> {
  let sent = 0
  let dropped = 0
  let trouble: string | null = null
  while (sent + dropped < most && deadline - now() >= LEAST_MS) {
    const rows = await store.spooled(Math.min(BATCH, most - sent - dropped))
    if (rows.length === 0) break
    const all = rows.flatMap(({ lines }) => lines)
    const lines = all.filter((line) => max_age === 0 || secondOf(line) >= Math.floor(now() / 1000) - max_age)
    const outcome = await sendLines(lines, { ...carbon, timeout: (deadline - now()) / 1000 })
    if (outcome.outcome === 'failed') {
      trouble = outcome.reason
      break
    }
    await store.unspool(rows.map(({ id }) => id))
    await store.count({ 'graphite.points_replayed': lines.length, 'graphite.points_dropped': all.length - lines.length })
    sent += lines.length
    dropped += all.length - lines.length
  }
  return { sent, dropped, left: (await store.spoolSize()).lines, trouble }
}

/** A line of carbon's ends in its time. */
function secondOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1))
}
