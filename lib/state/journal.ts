import { type Connection, recordOf } from './connection.ts'
import type { JournalEntry, JournalQuery } from './store.ts'

const WRITE = 'INSERT INTO journal (at, kind, tier, reason, entity, check_name, record) VALUES (?, ?, ?, ?, ?, ?, ?)'

export function writeJournal(db: Connection, entries: readonly JournalEntry[]): void {
  for (const entry of entries)
    db.run(WRITE, entry.at, entry.kind, entry.tier, entry.reason, entry.entity, entry.check, JSON.stringify(entry))
}

const CONDITIONS = {
  since: 'at >= ?',
  kind: 'kind = ?',
  tier: 'tier = ?',
  reason: 'reason = ?',
  entity: 'glob_matches(?, entity)',
  check: 'glob_matches(?, check_name)',
} as const satisfies Partial<Record<keyof JournalQuery, string>>

/** Everything that is asked for stands in one index, so that only what is found is read from the table. */
export function findJournal(db: Connection, query: JournalQuery): JournalEntry[] {
  const conditions = ['TRUE']
  const values: (string | number)[] = []
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = query[name as keyof typeof CONDITIONS]
    if (value === undefined) continue
    conditions.push(condition)
    values.push(value)
  }
  const found = `SELECT id FROM journal INDEXED BY journal_find WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT ?`
  const sql = `SELECT record FROM journal WHERE id IN (${found}) ORDER BY at DESC, id DESC`
  return db.all(sql, ...values, query.limit).map((row) => recordOf(row.record))
}

/** The first entry, from the newest, that is one too many. */
const SURPLUS = 'SELECT at, id FROM journal ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?'
const DROP = 'DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE at < ? OR (at, id) <= (?, ?) ORDER BY at, id LIMIT ?)'

/** How many went: those before `before` and all but the newest `rows`, at most `limit` at once. */
export function dropJournal(db: Connection, before: number, rows: number, limit: number): number {
  const { at, id } = db.get(SURPLUS, rows) ?? { at: before, id: 0 }
  return db.run(DROP, before, Number(at), Number(id), limit)
}
