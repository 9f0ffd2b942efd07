import { LAST_TICK } from '../../lib/alert/recall.ts'
import { openStore } from '../../lib/state/sqlite.ts'
import type { Store } from '../../lib/state/store.ts'
import { type FakePagerDuty, status } from './fake-pagerduty.ts'
import { KEYS, type Ran, run, sample, THREE_KEYS } from './run.ts'
import { stateFolder } from './store.ts'

/** A sample as if its check had run just now. Objects of `check` merge into it, and `entity` names another. */
export function justNow(name: string, { check = {}, entity }: { check?: object; entity?: string } = {}): string {
  const event = JSON.parse(sample(name))
  const ago = Math.floor(Date.now() / 1000) - event.check.executed
  event.timestamp += ago
  for (const key of ['executed', 'issued', 'last_ok']) if (event.check[key]) event.check[key] += ago
  for (const item of event.check.history ?? []) item.executed += ago
  Object.assign(event.check, check)
  if (entity !== undefined) event.entity.metadata.name = entity
  return JSON.stringify(event)
}

export function handle(fake: FakePagerDuty, dir: string, stdin: string): Promise<Ran> {
  return run(`tierline-pagerduty --timeout 20 -e ${fake.url}`, { stdin, env: { ...THREE_KEYS, TIERLINE_STATE_DIR: dir } })
}

/** Gives the store to `use` and closes it, so that what comes next finds only the file. */
export async function withStore<T>(dir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openStore(dir, { now: Date.now, chance: Math.random, uid: process.getuid?.() ?? null })
  try {
    return await use(store)
  } finally {
    store.close()
  }
}

export function tick(dir: string, seconds_ago: number): Promise<void> {
  return withStore(dir, (store) => store.setNote(LAST_TICK, String(Math.floor(Date.now() / 1000) - seconds_ago)))
}

/** PagerDuty takes nothing with this key any more. */
export function outage(fake: FakePagerDuty, routing_key: string): void {
  fake.script(status(503), { times: 1000, routing_key })
}

/**
 * What the handler remembers after a bad hour: a page of the second line, one that it took in place of the first, one that
 * PagerDuty found fault with, a failure that is held, and a page and a recovery that wait.
 */
export async function afterABadHour(fake: FakePagerDuty): Promise<string> {
  const dir = stateFolder()
  await tick(dir, 0)
  await handle(fake, dir, justNow('site-down'))
  await handle(fake, dir, justNow('keepalive-critical'))
  const text = JSON.stringify({ status: 'invalid event', errors: ['Invalid routing key'] })
  fake.script(status(400, { text }), { routing_key: KEYS.first })
  await handle(fake, dir, justNow('killed-by-signal'))
  fake.script(status(400), { times: 2, routing_key: KEYS.first })
  await handle(fake, dir, justNow('http-critical-one-server', { check: { output: `token=${KEYS.first}` } }))
  await handle(fake, dir, justNow('first-failure'))
  outage(fake, KEYS.first)
  await handle(fake, dir, justNow('disk-warning'))
  await handle(fake, dir, justNow('keepalive-recovered'))
  return dir
}
