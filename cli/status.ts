import type { Alert } from '../lib/alert/alert.ts'
import { isTicking, lastTick } from '../lib/alert/recall.ts'
import { pendingOf } from '../lib/alert/steps.ts'
import { TIERS, type Tier } from '../lib/event/settings.ts'
import type { Store } from '../lib/state/store.ts'

/**
 * Where an alert that is not over stands, what needs a person first. Each is in one of them only.
 * - `dead`: PagerDuty did not take it and it is not tried again. `queued`: not taken yet. `open`: taken.
 * - `held` `covered`: as in lib/alert/alert.ts.
 */
export const STATES = ['dead', 'queued', 'open', 'held', 'covered'] as const
export type State = (typeof STATES)[number]

/** The most urgent first; null for what has to be closed. */
export const ORDER = [...TIERS.toReversed(), null] as const

export interface Listed {
  readonly state: State
  /** What PagerDuty has not taken. */
  readonly waits: ReturnType<typeof pendingOf>
  readonly alert: Alert
}

export interface Status {
  /** Seconds since 1970, like all that follows. */
  readonly now: number
  /** 0 for never. */
  readonly last_tick: number
  /** Whether what may wait is held: there is a tick to release it. */
  readonly holds: boolean
  readonly spool: Awaited<ReturnType<Store['spoolSize']>>
  readonly alerts: readonly Listed[]
}

export async function statusOf(store: Store, now: number): Promise<Status> {
  const last_tick = await lastTick(store)
  const spool = await store.spoolSize()
  const alerts = (await store.alerts({ unfinished: true })).map(listed).sort(byUrgency)
  return { now, last_tick, holds: isTicking(last_tick, now), spool, alerts }
}

export function countOf({ alerts }: Status, tier: Tier | null, state: State): number {
  return alerts.filter((one) => one.state === state && one.alert.tier === tier).length
}

function listed(alert: Alert): Listed {
  const waits = pendingOf({ ...alert, dead: null })
  if (alert.dead !== null) return { state: 'dead', waits, alert }
  return { state: waits !== null || alert.want === 'closed' ? 'queued' : alert.want, waits, alert }
}

const WAITING = ['page', 'resolve', 'tidy', null]

function byUrgency(one: Listed, other: Listed): number {
  const ranks = ({ state, waits, alert }: Listed) => [
    STATES.indexOf(state),
    WAITING.indexOf(waits),
    ORDER.indexOf(alert.tier),
    alert.since,
  ]
  const theirs = ranks(other)
  const difference = ranks(one).map((rank, index) => rank - (theirs[index] ?? 0))
  return difference.find((rank) => rank !== 0) ?? (one.alert.identity < other.alert.identity ? -1 : 1)
}
