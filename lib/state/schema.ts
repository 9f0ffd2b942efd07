import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store.ts'

/**
 * One entry per version, never changed once released. A process of the version before may be at work while a file is brought
 * up to date, so they only add. Records are JSON; columns are what queries ask for, see lib/state/alerts.ts and journal.ts.
 */
const VERSIONS = [
  `
  CREATE TABLE alerts (
    identity TEXT PRIMARY KEY,
    want TEXT NOT NULL,
    tier TEXT,
    namespace TEXT NOT NULL,
    entity TEXT NOT NULL,
    pending INTEGER,
    queued_since REAL NOT NULL,
    next_at REAL NOT NULL,
    lease_until REAL NOT NULL,
    until REAL,
    covered_by TEXT,
    accepted_at REAL,
    ended_at REAL,
    dead INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX alerts_pending ON alerts (pending, queued_since, next_at, lease_until, tier) WHERE pending IS NOT NULL;
  CREATE INDEX alerts_accepted ON alerts (accepted_at) WHERE want = 'open' AND pending IS NULL AND dead = 0;
  CREATE INDEX alerts_until ON alerts (until) WHERE until IS NOT NULL;
  CREATE INDEX alerts_covered_by ON alerts (covered_by) WHERE covered_by IS NOT NULL;
  CREATE INDEX alerts_ended ON alerts (ended_at) WHERE ended_at IS NOT NULL;
  CREATE INDEX alerts_dead ON alerts (tier) WHERE dead = 1;
  CREATE INDEX alerts_want ON alerts (want);
  CREATE INDEX alerts_namespace ON alerts (namespace);

  CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT,
    reason TEXT NOT NULL,
    entity TEXT NOT NULL,
    check_name TEXT NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX journal_find ON journal (at, id, kind, tier, reason, entity, check_name);

  CREATE TABLE keys (fingerprint TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    line_count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    lines TEXT NOT NULL
  );
  CREATE TABLE spool_size (line_count INTEGER NOT NULL, bytes INTEGER NOT NULL);
  INSERT INTO spool_size VALUES (0, 0);
  CREATE TRIGGER spool_grows AFTER INSERT ON spool BEGIN
    UPDATE spool_size SET line_count = line_count + new.line_count, bytes = bytes + new.bytes;
  END;
  CREATE TRIGGER spool_shrinks AFTER DELETE ON spool BEGIN
    UPDATE spool_size SET line_count = line_count - old.line_count, bytes = bytes - old.bytes;
  END;
  `,
]

/** Brings the file up to this version, whichever of several processes comes first; refuses what a newer one made. */
export function migrate(database: DatabaseSync, path: string): void {
  const found = versionOf(database)
  if (found > VERSIONS.length)
    throw new StoreError(
      'newer',
      `state ${path}: a newer Tierline made it (version ${found}, this one knows ${VERSIONS.length}): install that version again`,
    )
  if (found === VERSIONS.length) return
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const version of VERSIONS.slice(versionOf(database))) database.exec(version)
    database.exec(`PRAGMA user_version = ${VERSIONS.length}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version)
}
