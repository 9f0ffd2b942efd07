import { type Connection, recordOf } from './connection.ts'
import type { SpooledPoints } from './store.ts'

/** Lines of one row: what is taken out, or dropped, at once. */
const LINES_PER_ROW = 200
const ROWS_PER_LOOK = 100

const WRITE = 'INSERT INTO spool (at, line_count, bytes, lines) VALUES (?, ?, ?, ?)'

/** Adds lines, then drops the oldest until at most `max_bytes` (as carbon will read them) are left. The number of lines dropped. */
export function addLines(db: Connection, lines: readonly string[], at: number, max_bytes: number): number {
  for (let start = 0; start < lines.length; start += LINES_PER_ROW) {
    const part = lines.slice(start, start + LINES_PER_ROW)
    const bytes = part.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
    db.run(WRITE, at, part.length, bytes, JSON.stringify(part))
  }
  let { bytes } = sizeOf(db)
  let dropped = 0
  while (bytes > max_bytes) {
    const oldest = db.all('SELECT id, line_count, bytes FROM spool ORDER BY id LIMIT ?', ROWS_PER_LOOK)
    if (oldest.length === 0) break
    for (const row of oldest) {
      if (bytes <= max_bytes) break
      bytes -= Number(row.bytes)
      dropped += db.run('DELETE FROM spool WHERE id = ?', Number(row.id)) * Number(row.line_count)
    }
  }
  return dropped
}

/** The oldest rows, as many as have `max_lines` lines together, but one at least. */
export function oldestLines(db: Connection, max_lines: number): SpooledPoints[] {
  const found: SpooledPoints[] = []
  let total = 0
  let after = 0
  for (;;) {
    const row = db.get('SELECT id, line_count, lines FROM spool WHERE id > ? ORDER BY id LIMIT 1', after)
    total += Number(row?.line_count)
    if (!row || (found.length > 0 && total > max_lines)) return found
    after = Number(row.id)
    found.push({ id: after, lines: recordOf(row.lines) })
  }
}

export function removeLines(db: Connection, ids: readonly number[]): void {
  db.run('DELETE FROM spool WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
}

export function sizeOf(db: Connection): { lines: number; bytes: number; oldest: number } {
  const sql = 'SELECT line_count, bytes, (SELECT at FROM spool ORDER BY id LIMIT 1) AS oldest FROM spool_size'
  const row = db.get(sql)
  return { lines: Number(row?.line_count ?? 0), bytes: Number(row?.bytes ?? 0), oldest: Number(row?.oldest ?? 0) }
}
