import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { globMatches } from '../event/glob.ts'
import { DamagedRecord } from './failure.ts'
import { inodeAt, inodeOf, type Place, syncFile, syncFolder } from './folder.ts'
import { migrate } from './schema.ts'

type Row = Record<string, SQLOutputValue>

/** An open file. Statements are prepared once. */
export interface Connection {
  readonly inode: string
  readonly get: (sql: string, ...values: SQLInputValue[]) => Row | undefined
  readonly all: (sql: string, ...values: SQLInputValue[]) => Row[]
  /** The number of rows that it changed. */
  readonly run: (sql: string, ...values: SQLInputValue[]) => number
  /** Everything that `act` does, or nothing. */
  readonly transaction: <T>(act: () => T) => T
  /** Resolves when all transactions until now have reached the disk. */
  readonly sync: () => Promise<void>
  /** Does another file, or none, stand at the path by now? What is written here then is lost. */
  readonly moved: () => boolean
  readonly close: () => void
}

const SETTINGS = `
  PRAGMA journal_size_limit = 8388608;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;
  PRAGMA trusted_schema = OFF;
`

/**
 * Opens the file that stands at the path; null when there is none, or when another took its place meanwhile. It makes none:
 * a new file appears only whole, by lib/state/create.ts. SQLite finds -wal and -shm by name and opens them with the first
 * statement: only when the file stands there still, they are its own.
 */
export function connect(place: Place): Connection | null {
  const inode = inodeOf(place)
  if (inode === null) return null
  const url = pathToFileURL(place.file)
  url.search = '?mode=rw'
  let database: DatabaseSync
  try {
    database = new DatabaseSync(url, { timeout: 0 })
  } catch (error) {
    if (inodeAt(place.file) === null) return null
    throw error
  }
  try {
    database.exec('PRAGMA schema_version')
    if (inodeAt(place.file) === inode) {
      database.exec(SETTINGS)
      migrate(database, place.file)
      // SQLite's GLOB knows more than the policy's globs, and may backtrack: names come from agents.
      database.function('glob_matches', { deterministic: true }, (glob, name) => Number(globMatches(String(glob), String(name))))
      return connection(database, inode, place.file)
    }
  } catch (error) {
    database.close()
    throw error
  }
  database.close()
  return null
}

/**
 * SQLite would wait for the disk with the file locked. Here the next process writes meanwhile, and one wait of the disk serves
 * all who wait; until `sync` nothing counts as done. A log that SQLite empties was copied to the file, and synced, before.
 */
function connection(database: DatabaseSync, inode: string, file: string): Connection {
  const logs = database.prepare('PRAGMA journal_mode').get()?.journal_mode === 'wal'
  // Some file systems have no shared memory, and then there is no log.
  database.exec(`PRAGMA synchronous = ${logs ? 'NORMAL' : 'FULL'}`)
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    statements.set(sql, made)
    return made
  }
  let folder_is_synced = false
  return {
    inode,
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    transaction(act) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const made = act()
        database.exec('COMMIT')
        return made
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    async sync() {
      if (!logs) return
      if (!folder_is_synced) syncFolder(dirname(file))
      folder_is_synced = true
      await syncFile(`${file}-wal`)
    },
    moved: () => inodeAt(file) !== inode,
    close: () => database.close(),
  }
}

/** A record as it was stored. */
export function recordOf<T>(text: SQLOutputValue | undefined): T {
  try {
    return JSON.parse(String(text))
  } catch (error) {
    throw new DamagedRecord('a record in it is no JSON', { cause: error })
  }
}
