import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alert } from '../../lib/alert/alert.ts'
import { openStore } from '../../lib/state/sqlite.ts'
import { anAlert } from '../../test/support/store-records.ts'

/** A state with so many alerts that are open, each changed in the same way. */
export async function filledState(count: number, change: Partial<Alert>): Promise<string> {
  const dir = join(mkdtempSync(join(tmpdir(), 'tierline-bench-')), 'state')
  const { store } = await openStore(dir, { now: Date.now, chance: Math.random, uid: process.getuid?.() ?? null })
  for (let index = 0; index < count; index++) {
    const entity = `web-${index}`
    const identity = `default/${entity}/http`
    const payload = { summary: `http on ${entity} is critical`, source: entity, severity: 'critical' }
    const body = { event_action: 'trigger', dedup_key: identity, payload }
    // Taken just now, so that no refresh is due.
    const accepted = { tier: 'first', wanted: 'first', severity: 'critical', at: Math.floor(Date.now() / 1000) } as const
    await store.change(identity, () => ({ alert: anAlert({ identity, entity, body, accepted, ...change }), result: null }))
  }
  store.close()
  return dir
}
