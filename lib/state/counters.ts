import type { Connection } from './connection.ts'

const ADD = 'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value'

/** Counters only grow: who reads them takes a smaller value for a restart. */
export function addCounts(db: Connection, additions: Readonly<Record<string, number>>): void {
  for (const [name, addition] of Object.entries(additions)) if (addition > 0) db.run(ADD, name, addition)
}

export function readCounts(db: Connection): Readonly<Record<string, number>> {
  const rows = db.all('SELECT name, value FROM counters ORDER BY name')
  return Object.fromEntries(rows.map((row) => [String(row.name), Number(row.value)]))
}

export function readNote(db: Connection, name: string): string | null {
  const row = db.get('SELECT value FROM notes WHERE name = ?', name)
  return row ? String(row.value) : null
}

export function writeNote(db: Connection, name: string, value: string): void {
  db.run('INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)', name, value)
}
