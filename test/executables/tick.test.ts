import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../lib/alert/alert.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { KEYS, run, sample, THREE_KEYS } from '../support/run.ts'
import { opened, put, stateFolder } from '../support/store.ts'
import { anAlert } from '../support/store-records.ts'

let fake: FakePagerDuty
beforeEach(async () => {
  fake = await startFakePagerDuty({ keys: [KEYS.first, KEYS.second, KEYS.third] })
})
afterEach(async () => {
  expect(fake.complaints()).toEqual([])
  await fake.stop()
})

async function aHost() {
  const dir = stateFolder()
  const { store } = await opened(dir)
  const env = { ...THREE_KEYS, TIERLINE_STATE_DIR: dir, PAGERDUTY_ALTERNATE_ENDPOINT: fake.url }
  return {
    store,
    tick: (args = '', more: Record<string, string> = {}) => run(`tierline tick ${args}`, { env: { ...env, ...more } }),
    handler: (stdin: string) => run('tierline-pagerduty', { stdin, env }),
  }
}

const now = () => Math.floor(Date.now() / 1000)
const NEVER = Date.now() + 3_600_000

/** A page that has waited for so many seconds, and waits on. */
function waiting(seconds: number): Alert {
  return anAlert({
    accepted: null,
    rung: [],
    at: { first: 'unsure', second: 'closed', third: 'closed' },
    queued_since: now() - seconds,
    next_at: NEVER,
  })
}

/** An event that began to fail just now. */
function young(): string {
  const event = JSON.parse(sample('first-failure'))
  event.check.executed = now()
  event.check.history.at(-1).executed = now()
  return JSON.stringify(event)
}

const dead = () => anAlert({ ...waiting(30), dead: 'PagerDuty answered 400' })
const ANY = String.raw`oldest_seconds=\d+ held=0 open=1 spooled_lines=0\n$`

describe('tierline tick as a check', () => {
  it.each<[string, Alert, string, number, string]>([
    [
      'all is sent',
      anAlert({ accepted: null }),
      '',
      0,
      'OK: nothing waits \\| .*paged_total.first=0c .*queued=0 dead=0 oldest_seconds=0 held=0 open=0 spooled_lines=0\\n$',
    ],
    ['a page waits', waiting(30), '', 0, `OK: 1 wait to be sent, the oldest for .* \\| .*queued=1 dead=0 ${ANY}`],
    ['a page waits for long', waiting(130), '', 1, `WARNING: 1 wait to be sent, the oldest for .* \\| .*queued=1 dead=0 ${ANY}`],
    [
      'a page waits for too long',
      waiting(700),
      '',
      2,
      `CRITICAL: 1 wait to be sent, the oldest for .* \\| .*queued=1 dead=0 ${ANY}`,
    ],
    ['another limit of WARNING', waiting(130), '--warning-age 1000', 0, 'OK: 1 wait'],
    ['another limit of CRITICAL', waiting(130), '--critical-age 60', 2, 'CRITICAL: 1 wait'],
    [
      'a dead letter',
      dead(),
      '',
      2,
      `CRITICAL: 1 PagerDuty will not take .*--requeue.*nothing waits \\| .*queued=0 dead=1 ${ANY}`,
    ],
  ])('%s', async (_name, alert, args, code, says) => {
    const { store, tick } = await aHost()
    const nothing = alert.accepted === null && alert.queued_since === 0
    if (!nothing) await put(store, alert)
    const ran = await tick(args)
    expect(ran.stdout).toMatch(new RegExp(`^tierline tick ${says}`))
    expect(ran).toMatchObject({ code, stderr: '' })
    expect(fake.requests).toEqual([])
  })

  it('without a key is CRITICAL, and nobody holds anything because of it', async () => {
    const { tick, handler } = await aHost()
    const none = { PAGERDUTY_TOKEN_FIRST: '', PAGERDUTY_TOKEN_SECOND: '', PAGERDUTY_TOKEN_THIRD: '' }
    expect(await tick('', none)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^tierline tick CRITICAL: nothing can be sent: PAGERDUTY_TOKEN is not set/),
    })
    await handler(young())
    expect(fake.pages).toHaveLength(1)
  })

  it('without a state is CRITICAL', async () => {
    const { tick } = await aHost()
    expect(await tick('', { TIERLINE_STATE_DIR: '/dev/null/state' })).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^tierline tick CRITICAL: nothing is remembered between runs: state \/dev\/null\/state/),
    })
  })

  it('with a setting that is wrong is WARNING, and works', async () => {
    const { tick, store } = await aHost()
    await put(store, { ...waiting(5), next_at: 0, body: trigger() })
    const ran = await tick('--policy /nonexistent/policy.yaml')
    expect(ran).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^tierline tick WARNING: nothing waits .*\n.*policy\.yaml/),
    })
    expect(fake.pages).toHaveLength(1)
  })
})

describe('what a tick does', () => {
  it('while it comes, the young are held, and page when their time has come', async () => {
    const { store, tick, handler } = await aHost()
    expect(await tick()).toMatchObject({ code: 0 })
    expect(await handler(young())).toMatchObject({ code: 0 })
    expect(fake.requests).toEqual([])
    expect(await tick()).toMatchObject({ code: 0, stdout: expect.stringContaining('held=1 open=0') })
    const [held] = await store.alerts({ want: 'held' })
    expect(held?.until).toBeGreaterThan(now())
    await put(store, aged(held as Alert, 600))
    expect(await tick()).toMatchObject({ code: 0, stdout: expect.stringContaining('held=0 open=1') })
    expect(fake.pages).toHaveLength(1)
  })

  it('two at once do together what one would', { timeout: 60_000 }, async () => {
    const { store, tick, handler } = await aHost()
    await tick()
    await handler(young())
    await put(store, aged((await store.alerts({ want: 'held' }))[0] as Alert, 600))
    const waits = Array.from({ length: 20 }, (_, index) => {
      const entity = `db-${index}`
      return { ...anAlert({ ...waiting(5), entity, identity: `default/${entity}/http`, next_at: 0 }), body: trigger(entity) }
    })
    await put(store, ...waits)
    const both = await Promise.all([tick(), tick()])
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: '' }))
    expect(fake.pages).toHaveLength(21)
    expect(fake.requests).toHaveLength(21)
    expect(await store.alerts({ queued: true })).toEqual([])
  })
})

function trigger(entity = 'web-1') {
  const payload = { summary: `http on ${entity} is critical`, source: entity, severity: 'critical' }
  return { event_action: 'trigger', dedup_key: `default/${entity}/http`, payload }
}

/** The same, as if it had begun so many seconds earlier. */
function aged(alert: Alert, seconds: number): Alert {
  const { event } = alert
  if (event?.check == null) throw new Error('it has no event')
  const history = event.check.history.map((one) => ({ ...one, executed: one.executed - seconds }))
  const executed = event.check.executed - seconds
  return {
    ...alert,
    order: { ...alert.order, executed },
    until: now() - 1,
    event: { ...event, timestamp: executed, check: { ...event.check, executed, history, last_ok: executed - 60 } },
  }
}
