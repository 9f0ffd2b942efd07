import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { afterABadHour, withStore } from '../support/remembered.ts'
import { KEYS, type Ran, run } from '../support/run.ts'
import { put } from '../support/store.ts'

/*
 * A journal at its largest and a thousand alerts, copies of what the handler wrote. How long the commands take holds on no
 * other machine, so it is printed and not tested.
 */
const ROWS = 100_000
const ALERTS = 1000

let fake: FakePagerDuty
let dir: string
beforeAll(async () => {
  fake = await startFakePagerDuty({ keys: Object.values(KEYS) })
  dir = await afterABadHour(fake)
  await withStore(dir, async (store) => {
    const alerts = await store.alerts({ unfinished: true })
    const entries = await store.journaled({ limit: 100 })
    const copies = Array.from({ length: ALERTS }, (_, n) => {
      const alert = alerts[n % alerts.length] ?? expect.fail('the handler remembered nothing')
      const entity = `web-${n}`
      return { ...alert, identity: `copies/${entity}/${alert.check}`, namespace: 'copies', entity }
    })
    await put(store, ...copies)
    const rows = Array.from({ length: ROWS }, (_, n) => {
      const entry = entries[n % entries.length] ?? expect.fail('the handler wrote no journal')
      return { ...entry, at: entry.at - ROWS + n, entity: `web-${n}` }
    })
    for (let start = 0; start < ROWS; start += 5000) await store.journal(rows.slice(start, start + 5000))
  })
})
afterAll(async () => {
  await fake.stop()
  rmSync(dir, { recursive: true })
})

describe('with 1,000 alerts and a journal of 100,000 lines', () => {
  it.each<[string, number, RegExp]>([
    ['--version', 1, /^\d/],
    ['status', ALERTS, / copies\/web-999\//],
    ['status --json', 1, /copies\/web-999\//],
    ['log', 201, /^TIME /],
    ['log --json', 200, /^\{/],
    ['log --check disk-usage --tier first', 201, /disk-usage/],
    ["log --entity 'web-*7*7*'", 201, / first /],
    ["log --entity 'web-?' --json", 10, /web-7/],
    ["log --entity 'none-*' --limit 1", 0, /^$/],
    ['log --limit 1000000', ROWS, / prod\//],
  ])('tierline %s', { timeout: 120_000 }, async (command, least, text) => {
    const runs: Ran[] = []
    // All of the journal is long to search for keys, so once.
    const times = least < ROWS ? 5 : 1
    for (let n = 0; n < times; n++) runs.push(await run(`tierline ${command}`, { env: { TIERLINE_STATE_DIR: dir } }))
    for (const { code, stdout } of runs) {
      expect(code).toBe(0)
      expect(stdout).toMatch(text)
      expect(stdout.split('\n').length - 1).toBeGreaterThanOrEqual(least)
    }
    const sorted = runs.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b)
    console.log(`tierline ${command}: ${sorted[times >> 1]} ms (${times === 1 ? 'once' : `${sorted[0]} to ${sorted[4]}`})`)
  })
})
