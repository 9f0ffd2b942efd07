import { type Connection, recordOf } from './connection.ts'
import { FRESH_KEY, type KeyState } from './store.ts'

export function readKey(db: Connection, fingerprint: string): KeyState {
  const row = db.get('SELECT record FROM keys WHERE fingerprint = ?', fingerprint)
  return row ? recordOf(row.record) : FRESH_KEY
}

export function writeKey(db: Connection, fingerprint: string, state: KeyState): void {
  db.run('INSERT OR REPLACE INTO keys (fingerprint, record) VALUES (?, ?)', fingerprint, JSON.stringify(state))
}
