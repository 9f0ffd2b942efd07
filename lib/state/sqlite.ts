import {
  backlogOf,
  dropAlerts,
  dueIdentities,
  findAlerts,
  nextDue,
  readAlert,
  readRecord,
  removeAlert,
  ripeIdentities,
  writeAlert,
} from './alerts.ts'
import { recordOf } from './connection.ts'
import { addCounts, readCounts, readNote, writeNote } from './counters.ts'
import { callersOwn } from './failure.ts'
import { makeFile, type Place, prepareFolder } from './folder.ts'
import { dropJournal, findJournal, writeJournal } from './journal.ts'
import { readKey, writeKey } from './keys.ts'
import { clearMarker, setMarker } from './marker.ts'
import { openSession, type Session } from './session.ts'
import { addLines, oldestLines, removeLines, sizeOf } from './spool.ts'
import { type Store, StoreError } from './store.ts'

export interface StoreOptions {
  /** How long one operation may wait for other processes. */
  readonly busy_ms?: number
  /** ms since 1970. */
  readonly now: () => number
  /** From 0 up to 1; spreads processes that wait for each other. */
  readonly chance: () => number
  /** Who runs this; null where the system knows no such thing. */
  readonly uid: number | null
  /** false for who looks only: no folder and no file is made, and a damaged file stays where it is. */
  readonly create?: boolean
}

const BUSY_MS = 5000
/** Rows that go in one transaction: others wait for it. */
const BATCH = 500
/** Longer than who waits for the file sleeps. */
const BREATH_MS = 25

/**
 * The store in one file of SQLite in `dir`. `notes` are for people, such as that a damaged file was moved aside; more may come
 * to it as long as the store is open.
 */
export async function openStore(
  dir: string,
  { busy_ms = BUSY_MS, now, chance, uid, create = true }: StoreOptions,
): Promise<{ store: Store; notes: readonly string[] }> {
  const notes: string[] = []
  const place = prepareFolder(dir, uid, create)
  const session = await openSession(place, { busy_ms, now, chance }, notes, create)
  return { store: storeOf(session, place, now), notes }
}

function storeOf({ read, write, close }: Session, place: Place, now: () => number): Store {
  const make = (path: string) => makeFile(path, place)
  return {
    alert: (identity) => read((db) => readAlert(db, identity)),
    async change(identity, change) {
      const made = (text: string | null) => callersOwn(() => change(text === null ? null : recordOf(text)))
      // What the caller makes of it may take long, and nobody should wait for that. It stands unless another came between.
      const [seen, early] = await read((db) => {
        const text = readRecord(db, identity)
        return [text, made(text)] as const
      })
      return write(true, (db) => {
        const text = readRecord(db, identity)
        const { alert, journal = [], count = {}, result } = text === seen ? early : made(text)
        if (alert === null) removeAlert(db, identity)
        else if (alert !== undefined) writeAlert(db, named(alert, identity))
        writeJournal(db, journal)
        addCounts(db, count)
        return result
      })
    },
    alerts: (query) => read((db) => findAlerts(db, query)),
    due: (now_ms, refresh_before, limit, skip = []) => read((db) => dueIdentities(db, now_ms, refresh_before, limit, skip)),
    nextDue: () => read(nextDue),
    ripe: (now, limit) => read((db) => ripeIdentities(db, now, limit)),
    backlog: () => read(backlogOf),
    changeKey: (fingerprint, change) =>
      write(false, (db) => {
        const { state, result } = callersOwn(() => change(readKey(db, fingerprint)))
        if (state !== undefined) writeKey(db, fingerprint, state)
        return result
      }),
    journal: (entries) => write(false, (db) => writeJournal(db, entries)),
    journaled: (query) => read((db) => findJournal(db, query)),
    count: (additions) => write(false, (db) => addCounts(db, additions)),
    counters: () => read(readCounts),
    note: (name) => read((db) => readNote(db, name)),
    setNote: (name, value) => write(false, (db) => writeNote(db, name, value)),
    async spool(lines, at, max_bytes) {
      const dropped = await write(false, (db) => addLines(db, lines, at, max_bytes))
      setMarker(place.folder, make)
      return dropped
    },
    async spooled(max_lines) {
      const found = await read((db) => oldestLines(db, max_lines))
      if (found.length === 0) await clearMarker(place.folder, async () => (await read(sizeOf)).lines > 0, make)
      return found
    },
    unspool: (ids) => write(false, (db) => removeLines(db, ids)),
    spoolSize: () => read(sizeOf),
    async prune({ before, rows, closed_before }) {
      await inBatches(() => write(false, (db) => dropJournal(db, before, rows, BATCH)))
      await inBatches(() => write(false, (db) => dropAlerts(db, closed_before, now(), BATCH)))
    },
    close,
  }
}

async function inBatches(drop: () => Promise<number>): Promise<void> {
  while ((await drop()) === BATCH) await new Promise((resolve) => setTimeout(resolve, BREATH_MS))
}

function named<T extends { identity: string }>(alert: T, identity: string): T {
  // The file keeps names as UTF-8, in which a lone half of a character has no form.
  if (alert.identity.toWellFormed() === identity.toWellFormed()) return alert
  throw new StoreError('bug', `a change of ${identity} made a record of ${alert.identity}; please report it`)
}
