import type { Alert } from '../alert/alert.ts'
import { closeEmptyDigest } from '../alert/digest.ts'
import type { Turn } from '../alert/news.ts'
import { recall } from '../alert/recall.ts'
import { record } from '../alert/record.ts'
import type { Outcome } from '../deliver/outcome.ts'
import { drain } from '../deliver/pagerduty/drain.ts'
import { fulfil } from '../deliver/pagerduty/fulfil.ts'
import type { Means } from '../deliver/pagerduty/means.ts'
import type { Outside } from '../facts/facts.ts'
import type { Store } from '../state/store.ts'
import { instant } from '../triage/words.ts'
import { atOnce, type Paging } from './at-once.ts'
import type { Courier } from './handler.ts'
import type { Judged } from './judge.ts'
import { holder, openMemory, withStore } from './memory.ts'
import { prune } from './prune.ts'

/** What a handler gives to what earlier runs have left: its worker in Sensu has other events waiting. */
const LEFTOVERS_MS = 2000
const LEFTOVERS = 16

/** Writes each event into the record of its identity and sends what that asks for, as `by`; without a memory, what the event alone asks for. */
export async function rememberingCourier(dir: string, paging: Paging, by = holder()): Promise<Courier> {
  const { log, time, deadline } = paging
  const memory = await openMemory(dir, deadline - time.now())
  const known = new Map<string, Alert | null>()
  for (const note of memory.notes) log.warn(note)
  return {
    recall: (event, now) =>
      withStore<Partial<Outside>>(
        memory,
        async (store) => {
          const recalled = await recall(store, event, now)
          if (recalled.known !== null) known.set(recalled.known.identity, recalled.known)
          return recalled.facts
        },
        () => ({ problems: memory.problems }),
      ),
    deliver: (judged) =>
      withStore(
        memory,
        (store) => remembered(judged, meansOf(store, paging, by), paging, known.get(judged.facts.identity) ?? null),
        () => atOnce(judged, paging, memory.problems),
      ),
    finish: async () => {
      await withStore(
        memory,
        async (store) => {
          await drain(meansOf(store, paging, by), deadline, { most: LEFTOVERS, start_until: time.now() + LEFTOVERS_MS })
          await prune(store, paging.policy, Math.floor(time.now() / 1000))
          store.close()
        },
        () => {},
      )
      for (const problem of memory.problems) log.warn(problem)
    },
  }
}

export function meansOf(store: Store, { policy, keys, post, time }: Omit<Paging, 'deadline' | 'log'>, by: string): Means {
  const { calls_per_minute, refresh, last_resort_after } = policy.pagerduty
  return { store, keys, post, time, by, per_minute: calls_per_minute, patience: { refresh, last_resort: last_resort_after } }
}

async function remembered(judged: Judged, means: Means, paging: Paging, known: Alert | null): Promise<readonly Outcome[]> {
  const { policy, deadline } = paging
  const { store } = means
  const { alert, turn } = await record(store, { ...judged, policy }, known, { settles: true })
  if (alert === null || turn === 'late') return [skipped(judged, alert, turn)]
  const outcomes = await fulfil(alert.identity, means, deadline)
  const cover = known?.covered_by ?? null
  if (cover !== null && alert.want !== 'covered' && (await closeEmptyDigest(store, cover, judged.facts.now))) {
    await fulfil(cover, means, deadline)
  }
  return outcomes.length > 0 ? outcomes : [skipped(judged, alert, turn)]
}

function skipped({ decision }: Judged, alert: Alert | null, turn: Turn): Outcome {
  return { outcome: 'skipped', tiers: [], says: sayingOf(alert, turn) ?? decision.says, tries: 0 }
}

function sayingOf(alert: Alert | null, turn: Turn): string | null {
  if (turn === 'late') return 'a newer result of this check has been dealt with, so nothing changes'
  if (alert === null) return null
  if (turn === 'settling' && alert.until !== null) return `it flaps, so its page closes at ${instant(alert.until)} if it stays OK`
  if (turn === 'covered') return `${alert.covered_by} stands for it`
  if (turn === 'kept' && alert.want === 'open' && alert.accepted !== null) {
    return `${alert.accepted.tier} line has its page since ${instant(alert.since)}`
  }
  return null
}
