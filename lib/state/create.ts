import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isBusy, isDamage, storeErrorOf } from './failure.ts'
import { makeFile, type Place, syncFolder } from './folder.ts'
import { type Patience, patiently } from './patience.ts'
import { migrate } from './schema.ts'

/** Files that SQLite keeps beside its own, and finds by name. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const

/**
 * Does what no two processes may do at once. The lock is SQLite's own on an empty file, so it ends with its process, however
 * that ends; `act` waits for nothing. null when it is not `needed`, or not any more.
 */
export async function alone<T>(place: Place, calm: Patience, needed: () => boolean, act: () => T): Promise<T | null> {
  try {
    makeFile(place.lock, place)
    return await patiently(() => {
      if (!needed()) return null
      const lock = new DatabaseSync(place.lock, { timeout: 0 })
      try {
        lock.exec('BEGIN EXCLUSIVE')
        return needed() ? act() : null
      } finally {
        lock.close()
      }
    }, calm)
  } catch (error) {
    throw storeErrorOf(error, isBusy(error) || isDamage(error) ? place.lock : place.folder, calm.waited())
  }
}

/** Puts a new file where there is none; only in `alone`. It appears whole: nobody ever sees half of one. */
export function create(place: Place): void {
  const fresh = `${place.file}.new`
  for (const left of ['', ...COMPANIONS]) rmSync(fresh + left, { force: true })
  // Of a file that is no more. SQLite would take them for the new one's.
  for (const left of COMPANIONS) rmSync(place.file + left, { force: true })
  makeFile(fresh, place)
  const database = new DatabaseSync(fresh)
  try {
    migrate(database, place.file)
  } finally {
    database.close()
  }
  renameSync(fresh, place.file)
  syncFolder(place.folder)
}
