/**
 * A process that uses the state: node test/support/store-worker.ts <folder> <what> [times]
 * It says `ready`, waits for a line, and does it; its last line is JSON.
 */
import { once } from 'node:events'
import { openStore } from '../../lib/state/sqlite.ts'
import { type Store, StoreError } from '../../lib/state/store.ts'
import { anEntry, oneMore, SHARED } from './store-records.ts'

const [dir = '', what = '', times = '1'] = process.argv.slice(2)

const TASKS: Record<string, (store: Store) => Promise<unknown>> = {
  /** Changes the shared alert so many times. */
  async change(store) {
    for (let n = 0; n < Number(times); n++) await store.change(SHARED, oneMore)
  },
  /** Changes it until it is killed, and says after each what the record must hold from now on. */
  async forever(store) {
    for (;;) process.stdout.write(`${await store.change(SHARED, oneMore)}\n`)
  },
  /** Writes to the journal until there is no room. */
  async fill(store) {
    const says = 'x'.repeat(10_000)
    for (;;) await store.journal([anEntry({ says })])
  },
}

process.stdout.write('ready\n')
await once(process.stdin, 'data')
// As root nothing is forbidden; the code may lie where nobody else can read, so that it is loaded by now.
if (process.env.AS_UID) process.setuid?.(Number(process.env.AS_UID))
const begun = performance.now()
try {
  const { store, notes } = await openStore(dir, { now: Date.now, chance: Math.random, uid: process.getuid?.() ?? null })
  await TASKS[what]?.(store)
  store.close()
  console.log(JSON.stringify({ notes, ms: performance.now() - begun }))
} catch (error) {
  const { kind, message } = error as StoreError
  console.log(JSON.stringify({ kind: error instanceof StoreError ? kind : 'not a StoreError', message }))
}
process.exit()
