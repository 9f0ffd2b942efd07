import { hostname } from 'node:os'
import { openStore } from '../state/sqlite.ts'
import { type Store, StoreError } from '../state/store.ts'

/** The memory of this host as one run sees it: a store, or none and why. */
export interface Memory {
  /** Null from the moment it cannot be used. */
  store: Store | null
  /** What a page has to tell about it. */
  readonly problems: string[]
  /** What only the log has to tell; more may come while it is open. */
  readonly notes: readonly string[]
}

/** The share of its time that a run may wait for others: a page has to go out without the memory too. */
const WAIT_SHARE = 1 / 2
/** And what it waits when no time is left to send: what is remembered then goes out later, all else is lost. */
const LEAST_WAIT_MS = 2000

/**
 * Opens the state. That it cannot be used is a fact and stops nothing: what would have been kept back pages now, and what
 * cannot be sent is lost with a message. `left_ms` is the time that the run has.
 */
export async function openMemory(dir: string, left_ms: number): Promise<Memory> {
  const busy_ms = Math.max(LEAST_WAIT_MS, left_ms * WAIT_SHARE)
  const uid = process.getuid?.() ?? null
  try {
    const { store, notes } = await openStore(dir, { now: Date.now, chance: Math.random, uid, busy_ms })
    return { store, problems: [], notes }
  } catch (error) {
    return { store: null, problems: [troubleWith(error)], notes: [] }
  }
}

/** Uses the store, or what is left to do without one when it fails: its trouble is then told and it is not asked again. */
export async function withStore<T>(
  memory: Memory,
  use: (store: Store) => Promise<T>,
  otherwise: () => T | Promise<T>,
): Promise<T> {
  if (memory.store === null) return otherwise()
  try {
    return await use(memory.store)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    memory.store = null
    memory.problems.push(troubleWith(error))
    return otherwise()
  }
}

function troubleWith(error: unknown): string {
  if (!(error instanceof StoreError)) throw error
  return `nothing is remembered between runs: ${error.message}`
}

/** A name for this process among all that share a state. */
export function holder(): string {
  return `${hostname()}:${process.pid}:${Math.random().toString(36).slice(2, 8)}`
}
