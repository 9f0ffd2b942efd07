import type { Carbon } from '../deliver/graphite/send.ts'
import type { Outcome } from '../deliver/outcome.ts'
import type { Policy } from '../policy/schema.ts'
import type { Log } from './log.ts'
import { openMemory, withStore } from './memory.ts'
import { replay } from './replay.ts'

/** What a handler gives to what earlier runs have left: its worker in Sensu has other events waiting. */
const LEFTOVERS_MS = 2000
const LEFTOVERS = 5000

/** The points that carbon did not take, as one run of a handler uses them. */
export interface Spool {
  /** Keeps lines for a later run. `reason` says why carbon does not have them. */
  readonly keep: (lines: readonly string[], reason: string) => Promise<Outcome>
  /** Sends some of what is kept. */
  readonly send: (carbon: Omit<Carbon, 'timeout'>) => Promise<void>
  readonly close: () => void
}

export async function openSpool(dir: string, { state, graphite }: Policy, deadline: number, log: Log): Promise<Spool> {
  const memory = await openMemory(dir, deadline - Date.now())
  for (const note of memory.notes) log.warn(note)
  return {
    async keep(lines, reason) {
      const at = Math.floor(Date.now() / 1000)
      const dropped = await withStore<number | null>(
        memory,
        (store) => store.spool(lines, at, state.spool_mb * 1_000_000),
        () => null,
      )
      const what = `${lines.length} lines not written`
      if (dropped === null) return { outcome: 'failed', tiers: [], says: `${what}: ${reason}`, tries: 1 }
      const counts = { 'graphite.points_spooled': lines.length, 'graphite.points_dropped': dropped }
      // They are kept, whether or not that can be counted.
      await withStore(
        memory,
        (store) => store.count(counts),
        () => {},
      )
      const full = dropped === 0 ? '' : `; for want of room (state.spool_mb) the ${dropped} oldest lines are gone`
      return { outcome: 'queued', tiers: [], says: `${what} but kept, and sent by a later run: ${reason}${full}`, tries: 1 }
    },
    send: (carbon) =>
      withStore(
        memory,
        async (store) => {
          const until = Math.min(deadline, Date.now() + LEFTOVERS_MS)
          const to = { carbon, max_age: graphite.max_age, now: Date.now }
          const { sent, dropped, left, trouble } = await replay(store, to, until, LEFTOVERS)
          if (sent > 0) log.info(`wrote ${sent} lines that were kept, ${left} are left`)
          if (dropped > 0) log.warn(`${dropped} lines that were kept are gone: older than graphite.max_age by now`)
          if (trouble !== null) log.warn(`${left} lines stay kept: ${trouble}`)
        },
        () => {},
      ),
    close() {
      for (const problem of memory.problems) log.warn(problem)
      memory.store?.close()
    },
  }
}
