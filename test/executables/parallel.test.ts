import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from '../../lib/deliver/pagerduty/pace.ts'
import { FRESH_KEY } from '../../lib/state/store.ts'
import { EXECUTED, failingEvent, rawEvent } from '../support/event.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { later } from '../support/later.ts'
import { KEYS, run, THREE_KEYS } from '../support/run.ts'
import { opened, soundness, stateFolder } from '../support/store.ts'

const CROWD = 100

let fake: FakePagerDuty
beforeEach(async () => {
  fake = await startFakePagerDuty({ keys: [KEYS.first, KEYS.second, KEYS.third] })
})
afterEach(async () => {
  expect(fake.complaints()).toEqual([])
  await fake.stop()
})

/** A handler for each of these events, all at once; a busy machine gets a minute for all of them. */
async function crowd(dir: string, events: readonly unknown[]): Promise<void> {
  const begun = performance.now()
  const ran = await Promise.all(
    events.map((event) =>
      run(`tierline-pagerduty -e ${fake.url} --timeout 60`, {
        stdin: JSON.stringify(event),
        env: { ...THREE_KEYS, TIERLINE_STATE_DIR: dir },
      }),
    ),
  )
  const slowest = Math.max(...ran.map(({ ms }) => ms))
  console.info(`${events.length} at once: ${Math.round(performance.now() - begun)} ms, the slowest ${Math.round(slowest)} ms`)
  expect(ran.filter(({ code, signal }) => code !== 0 || signal !== null)).toEqual([])
  expect(ran.filter(({ stderr }) => /nothing is remembered|damaged/.test(stderr))).toEqual([])
  expect(soundness(dir)).toBe('ok')
}

const failing = (executed: number, name = 'web-01') =>
  failingEvent({
    timestamp: executed + 1,
    sequence: executed,
    entity: { metadata: { name } },
    check: {
      executed,
      issued: executed,
      history: [
        { status: 2, executed: executed - 600 },
        { status: 2, executed },
      ],
    },
  })
const recovered = (executed: number) =>
  rawEvent({
    timestamp: executed + 1,
    sequence: executed,
    check: {
      executed,
      issued: executed,
      occurrences: 1,
      history: [
        { status: 2, executed: executed - 60 },
        { status: 0, executed },
      ],
    },
  })

describe(`${CROWD} handlers at once`, () => {
  it.each([
    ['an older failure, a failure and its end', [failing(EXECUTED - 60), failing(EXECUTED), recovered(EXECUTED + 60)], []],
    [
      'an end, an older failure and a newer one',
      [recovered(EXECUTED), failing(EXECUTED - 60), failing(EXECUTED + 60)],
      [KEYS.first],
    ],
  ])('of one check: %s', { timeout: 120_000 }, async (_name, events, open) => {
    const dir = stateFolder()
    await crowd(
      dir,
      Array.from({ length: CROWD }, (_, index) => events[index % events.length]),
    )
    const { store } = await opened(dir)
    expect(fake.open().map(({ routing_key }) => routing_key)).toEqual(open)
    expect(await store.alerts({ queued: true })).toEqual([])
    // A failure may come before or after the older end, but never twice.
    expect(fake.pages.length).toBeLessThanOrEqual(events.length - 1)
  })

  it.each([
    ['all of them page', 0],
    ['when a part of the minute is used, the rest is kept', 60],
  ])('of as many checks: %s', { timeout: 120_000 }, async (_name, used) => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    const sent = Array.from({ length: used }, () => Date.now())
    await store.changeKey(fingerprint(KEYS.first), () => ({ state: { ...FRESH_KEY, sent }, result: null }))
    await crowd(
      dir,
      Array.from({ length: CROWD }, (_, index) => failing(EXECUTED, `web-${index}`)),
    )
    expect(fake.pages).toHaveLength(CROWD - used)
    // Besides what had to wait for the minute, on a busy machine also what nobody had the time to write down: it is sent again.
    const kept = (await store.alerts({ queued: true })).length
    expect(kept).toBeGreaterThanOrEqual(used)
    await later(store)
    const drained = await run('tierline drain', {
      env: { ...THREE_KEYS, TIERLINE_STATE_DIR: dir, PAGERDUTY_ALTERNATE_ENDPOINT: fake.url },
    })
    expect(drained).toMatchObject({ code: 0, stdout: `${kept} sent; nothing waits\n` })
    expect(fake.open(KEYS.first)).toHaveLength(CROWD)
    expect(fake.pages).toHaveLength(CROWD)
  })
})
