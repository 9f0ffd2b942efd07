import { afterEach, beforeEach, expect, it } from 'vitest'
import { EXECUTED, failingEvent, rawEvent } from '../support/event.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { type FakeSensuApi, SENSU_KEY, startFakeSensuApi } from '../support/fake-sensu-api.ts'
import { KEYS, type Ran, run, THREE_KEYS } from '../support/run.ts'
import { stateFolder } from '../support/store.ts'

let pagerduty: FakePagerDuty
let sensu: FakeSensuApi
let dir: string

beforeEach(async () => {
  pagerduty = await startFakePagerDuty({ keys: Object.values(KEYS) })
  sensu = await startFakeSensuApi()
  dir = stateFolder()
})
afterEach(async () => {
  expect([...pagerduty.complaints(), ...sensu.complaints()]).toEqual([])
  await Promise.all([pagerduty.stop(), sensu.stop()])
})

const env = () => ({
  ...THREE_KEYS,
  PAGERDUTY_ALTERNATE_ENDPOINT: pagerduty.url,
  TIERLINE_STATE_DIR: dir,
  SENSU_API_URL: sensu.url,
  SENSU_API_KEY: SENSU_KEY,
})
const handled = async (event: unknown) =>
  expect(await run('tierline-pagerduty', { stdin: JSON.stringify(event), env: env() })).toMatchObject({ code: 0 })

async function reconciled(args = ''): Promise<Ran> {
  const ran = await run(`tierline reconcile ${args}`, { env: env() })
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(SENSU_KEY)
  return ran
}
const keysOpen = () => pagerduty.open().map(({ dedup_key }) => dedup_key)

/** A failure of web-01, whatever it fails in, long ago enough to be nobody's any more. */
const failing = (name: string) => failingEvent({ check: { metadata: { name } } })

it('closes what was deleted with its entity, on every tier', async () => {
  await handled(failing('http'))
  expect(keysOpen()).toEqual(['prod/web-01/http'])
  const { stdout, code } = await reconciled()
  expect(stdout).toContain('close  prod/web-01/http Sensu has no entity web-01 any more')
  expect(code).toBe(0)
  expect(pagerduty.open()).toEqual([])
  expect(
    pagerduty.requests
      .slice(1)
      .map(({ routing_key }) => routing_key)
      .sort(),
  ).toEqual(Object.values(THREE_KEYS).sort())
  expect((await reconciled()).stdout).toContain('0 to close, 0 to open')
})

it('closes what passes in Sensu, though nobody handled its recovery', async () => {
  await handled(failing('http'))
  sensu.events.push(rawEvent({ check: { metadata: { name: 'http' }, executed: EXECUTED + 60 } }))
  expect((await reconciled()).stdout).toContain('http on web-01 passes in Sensu')
  expect(pagerduty.open()).toEqual([])
})

it('opens what fails in Sensu and was missed', async () => {
  sensu.events.push(failing('http'))
  const shown = await reconciled('--dry-run')
  expect(shown.stdout).toContain('Nothing was sent.')
  expect(pagerduty.requests).toEqual([])
  expect((await reconciled()).stdout).toMatch(/open {3}prod\/web-01\/http .* no alert of ours stands for it/)
  expect(keysOpen()).toEqual(['prod/web-01/http'])
})

it('does nothing on an answer that is not whole', async () => {
  await handled(failing('http'))
  sensu.script(...Array.from({ length: 3 }, () => ({ kind: 'status' as const, status: 401 })))
  const { stdout, code } = await reconciled()
  expect(code).toBe(1)
  expect(stdout).toContain('nothing was done')
  expect(keysOpen()).toEqual(['prod/web-01/http'])
})

it('does not believe a backend that has lost more than half, unless told to', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await handled(failing(name))
  const { stdout, code } = await reconciled()
  expect(code).toBe(1)
  expect(stdout).toContain('None of them is closed; --all closes them')
  expect(keysOpen()).toHaveLength(6)
  expect((await reconciled('--all')).code).toBe(0)
  expect(pagerduty.open()).toEqual([])
})

it.each([
  ['no key', { SENSU_API_KEY: '' }, 'set SENSU_API_KEY'],
  ['no state', { TIERLINE_STATE_DIR: 'none' }, 'there is no state to work on'],
  [
    'no key of PagerDuty',
    { PAGERDUTY_TOKEN_FIRST: '', PAGERDUTY_TOKEN_SECOND: '', PAGERDUTY_TOKEN_THIRD: '' },
    'nothing can be sent',
  ],
])('says what to change with %s', async (_, change, says) => {
  const { code, stderr } = await run('tierline reconcile', { env: { ...env(), ...change } })
  expect(code).toBe(2)
  expect(stderr).toContain(says)
})
