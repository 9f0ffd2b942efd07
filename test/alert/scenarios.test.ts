import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keysOf } from '../../lib/deliver/pagerduty/keys.ts'
import { status } from '../support/fake-pagerduty.ts'
import { aStage, busiest, Killed, type PlayedCheck, type Stage, sharedKey, threeKeys } from '../support/play.ts'
import { expectNoKey, KEYS } from '../support/run.ts'
import { stateFolder } from '../support/store.ts'

/*
 * What has to hold against PagerDuty, whatever happens. Every scenario ends with `stage.end()`: everything passes, then nothing is open,
 * nothing waits, nobody was ever left untold of what failed, nothing was refused, and no key got more requests than it may.
 * The promotion budget, and whatever else needs a group as an alert of its own, is not here.
 */

const MINUTE = 60
const HOUR = 3600

/** Runs on the second line once it is critical: a check that watches the whole service. */
const SERVICE = { annotations: { 'tierline/scope': 'group' } }

function rings(stage: Stage, check?: PlayedCheck): [number, number, number] {
  return [stage.rings('first', check), stage.rings('second', check), stage.rings('third', check)]
}

describe('one check', () => {
  it('1: fails and recovers: one ring, closed', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(10 * MINUTE)
    expect(stage.open('first')).toEqual([http.identity])
    http.turns(0)
    await stage.pass(2 * MINUTE)
    expect(rings(stage, http)).toEqual([1, 0, 0])
    expect(stage.fake.open()).toEqual([])
    await stage.end()
  })

  it('2: goes from warning to critical and back within one tier: one ring, and the severity follows', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    for (const to of [1, 2, 1]) {
      http.turns(to)
      await stage.pass(5 * MINUTE)
      expect(stage.fake.open().map(({ severity }) => severity)).toEqual([to === 2 ? 'critical' : 'warning'])
    }
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('3: rises from the first line to the second: one ring each, the first is closed only then, and both in the end', async () => {
    const stage = await aStage()
    const site = stage.check('shop', 'site', SERVICE)
    site.turns(1)
    await stage.pass(5 * MINUTE)
    expect([stage.open('first'), stage.open('second')]).toEqual([[site.identity], []])
    site.turns(2)
    await stage.pass(5 * MINUTE)
    expect([stage.open('first'), stage.open('second')]).toEqual([[], [site.identity]])
    await stage.end()
    expect(rings(stage, site)).toEqual([1, 1, 0])
  })

  it('4: wobbles between the first and the second line: one ring each', async () => {
    const stage = await aStage()
    const site = stage.check('shop', 'site', SERVICE)
    for (const to of [1, 1, 2, 1, 2, 1, 1, 2]) {
      site.turns(to)
      await stage.pass(2 * MINUTE)
    }
    expect([stage.open('first'), stage.open('second')]).toEqual([[], [site.identity]])
    await stage.end()
    expect(rings(stage, site)).toEqual([1, 1, 0])
  })

  it('5: the second line answers 500 for ten minutes as it rises: the first stays open until the second has it', async () => {
    const stage = await aStage()
    const site = stage.check('shop', 'site', SERVICE)
    site.turns(1)
    await stage.pass(5 * MINUTE)
    site.turns(2)
    await stage.outage(status(500), () => stage.pass(10 * MINUTE), KEYS.second)
    expect([stage.open('first'), stage.open('second'), stage.open('third')]).toEqual([[site.identity], [], []])
    await stage.pass(6 * MINUTE)
    expect([stage.open('first'), stage.open('second')]).toEqual([[], [site.identity]])
    await stage.end()
    expect(rings(stage, site)).toEqual([1, 1, 0])
  })

  it('9: a trigger that comes after the newer resolve changes nothing', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    const late = http.result()
    http.turns(0)
    await stage.pass(30)
    await stage.handle(http.result())
    expect(await stage.handle(late)).toBe(true)
    await stage.end()
    expect(rings(stage)).toEqual([0, 0, 0])
  })

  it('10: two processes at once deal with the same failure, and with the failure and its recovery', async () => {
    const stage = await aStage({ tick_every: 0 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    const down = http.result()
    await Promise.all([stage.handle(down), stage.handle(down), stage.handle(down)])
    expect(stage.open('first')).toEqual([http.identity])
    await stage.pass(MINUTE)
    const still = http.result()
    await stage.pass(MINUTE)
    http.turns(0)
    const up = http.result()
    await Promise.all([stage.handle(still), stage.handle(up), stage.handle(still), stage.handle(up)])
    expect(stage.fake.open()).toEqual([])
    expect(rings(stage, http)).toEqual([1, 0, 0])
    await stage.end()
  })

  it('11: the memory is wiped between the trigger and the resolve: closed', async () => {
    const stage = await aStage()
    const [http, site] = [stage.check('web-01', 'http'), stage.check('shop', 'site', SERVICE)]
    http.turns(2)
    site.turns(2)
    await stage.pass(5 * MINUTE)
    rmSync(stage.dir, { recursive: true, force: true })
    http.turns(0)
    site.turns(0)
    await stage.pass(2 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect([rings(stage, http), rings(stage, site)]).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
  })

  it('12: another backend, with a memory of its own, gets the resolve: closed', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    http.turns(0)
    const other = stateFolder()
    await stage.handle(http.result(), { dir: other })
    expect(stage.fake.open()).toEqual([])
    // The first backend knows nothing of it, and must not open it anew to refresh it.
    await stage.pass(3 * HOUR)
    await stage.end({ forgotten: true })
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('13: silenced while open, then OK: closed', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    http.silence(true)
    await stage.pass(5 * MINUTE)
    expect(stage.open('first')).toEqual([http.identity])
    http.turns(0)
    await stage.pass(2 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('14: its entity is deleted, and Sensu resolves what it knew: closed', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    const event = JSON.parse(http.result())
    http.stop()
    const check = { ...event.check, status: 0, history: null, output: 'Resolving due to entity deregistering' }
    await stage.handle(JSON.stringify({ ...event, check }))
    expect(stage.fake.open()).toEqual([])
    await stage.end()
  })

  it('17: an output of 600 kB with control characters and half an emoji goes out, and fits', async () => {
    const stage = await aStage({ tick_every: 0 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    const event = JSON.parse(http.result())
    for (const output of ['\u0001'.repeat(600_000), `${'🚒'.repeat(512)}\ud83d`, `${'x'.repeat(1023)}🚒${'é'.repeat(600_000)}`]) {
      expect(await stage.handle(JSON.stringify({ ...event, check: { ...event.check, output } }))).toBe(true)
    }
    expect(stage.open('first')).toEqual([http.identity])
    expect(stage.fake.refused).toEqual([])
    await stage.end()
  })

  it('18: PagerDuty says 202 and loses the page: the refresh heals it', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    stage.fake.script({ kind: 'drop' })
    await stage.excuse(() => stage.pass(33 * MINUTE))
    expect(stage.open('first')).toEqual([http.identity])
    await stage.pass(2 * HOUR)
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
    expect(stage.fake.accepted.filter(({ effect }) => effect === 'refreshed').length).toBe(4)
  })

  it('21: flaps: one ring, and its recovery has to last', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    for (let turn = 0; turn < 20; turn++) {
      http.turns(turn % 2 === 0 ? 0 : 2, { flapping: true })
      await stage.pass(2 * MINUTE)
      expect(stage.open('first')).toEqual([http.identity])
    }
    http.turns(0, { flapping: true })
    await stage.pass(3 * MINUTE)
    expect(stage.open('first')).toEqual([http.identity])
    await stage.pass(5 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('21: silenced while its recovery has to last: nothing is decided over and over', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: 20 * MINUTE, after: 1 })
    http.turns(2)
    await stage.pass(25 * MINUTE)
    http.turns(0, { flapping: true })
    await stage.handle(http.result())
    http.turns(2, { flapping: true })
    http.silence(true)
    await stage.handle(http.result())
    await stage.pass(15 * MINUTE)
    const decided = await stage.withStore((store) => store.journaled({ kind: 'decision', reason: 'silenced', limit: 100 }))
    expect(decided).toHaveLength(1)
    expect(stage.open('first')).toEqual([http.identity])
    http.silence(false)
    await stage.end({ settle: 45 * MINUTE })
  })

  it('a failure just after a recovery has to last for one more run', async () => {
    const stage = await aStage({ policy: { noise: { alert_after: { service: 0 } } } })
    const http = stage.check('web-01', 'http')
    for (let turn = 0; turn < 5; turn++) {
      http.turns(2)
      await stage.pass(MINUTE)
      http.turns(0)
      await stage.pass(MINUTE)
    }
    expect(rings(stage, http)).toEqual([1, 0, 0])
    http.turns(2)
    await stage.pass(3 * MINUTE)
    expect(rings(stage, http)).toEqual([2, 0, 0])
    await stage.end()
  })
})

describe('PagerDuty is away', () => {
  it('7: for two hours, triggered before and over inside: closed after', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    await stage.outage({ kind: 'reset_before' }, async () => {
      await stage.pass(HOUR)
      http.turns(0)
      await stage.pass(HOUR)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.pass(6 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('8: for two hours, triggered and over inside: nobody is rung', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    await stage.outage(status(503, { body: 'html' }), async () => {
      http.turns(2)
      await stage.pass(HOUR)
      http.turns(0)
      await stage.pass(HOUR)
    })
    await stage.pass(6 * MINUTE)
    await stage.end()
    expect(rings(stage)).toEqual([0, 0, 0])
  })

  it('for two hours, and it fails on: each line is rung once, the third as the last resort of the outage or not at all', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    await stage.outage({ kind: 'reset_after', processed: false }, async () => {
      http.turns(2)
      await stage.pass(2 * HOUR)
    })
    await stage.pass(10 * MINUTE)
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end()
    expect(stage.rings('first')).toBe(1)
    expect(stage.rings('third')).toBeLessThanOrEqual(1)
  })

  it('every answer is lost on its way, though the request arrived: one ring, closed in the end', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.outage({ kind: 'reset_after', processed: true }, () => stage.pass(5 * MINUTE), KEYS.first)
    http.turns(0)
    await stage.outage({ kind: 'reset_after', processed: true }, () => stage.pass(5 * MINUTE), KEYS.first)
    await stage.pass(6 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('6: it throttles while 500 fail: the pace is kept, all are rung once, and all are closed in the end', {
    timeout: 120_000,
  }, async () => {
    const stage = await aStage({ policy: { pagerduty: { last_resort_after: 0 } } })
    const members = Array.from({ length: 500 }, (_, index) =>
      stage.check(`web-${index}`, 'http', { interval: 10 * MINUTE, after: 1 + (index % 300) }),
    )
    for (const member of members) member.turns(2)
    await stage.excuse(async () => {
      await stage.pass(5 * MINUTE)
      stage.fake.script(status(429, { retry_after: 20 }), { times: 10 })
      await stage.pass(10 * MINUTE)
    })
    expect(stage.open('first')).toHaveLength(500)
    expect(stage.fake.refused.every(({ fault }) => fault === 'status')).toBe(true)
    await stage.end({ settle: 25 * MINUTE })
    expect(rings(stage)).toEqual([500, 0, 0])
    expect(busiest(stage.fake)).toBeLessThanOrEqual(100)
  })

  it('23: the timeout of the handler is shorter than what it may try: queued, exit 0, sent by the tick', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    stage.fake.script({ kind: 'hang' }, { times: 1 })
    await stage.excuse(async () => {
      await stage.pass(2 * MINUTE)
      http.result()
      await stage.pass(2 * MINUTE)
      expect(await stage.handle(http.result(), { timeout: 1 })).toBe(true)
      expect(stage.fake.open()).toEqual([])
      await stage.pass(2 * MINUTE)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end({ settle: 2 * HOUR })
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('the first line answers 500 for an hour: the third is called after 15 minutes, once, besides and not instead', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.outage(
      status(500),
      () =>
        stage.excuse(async () => {
          await stage.pass(14 * MINUTE)
          expect(rings(stage)).toEqual([0, 0, 0])
          await stage.pass(10 * MINUTE)
          expect(rings(stage)).toEqual([0, 0, 1])
          await stage.pass(36 * MINUTE)
        }),
      KEYS.first,
    )
    await stage.pass(6 * MINUTE)
    expect([stage.open('first'), stage.open('third')]).toEqual([[http.identity], [http.identity]])
    await stage.end()
    expect(rings(stage)).toEqual([1, 0, 1])
  })

  it('the third line cannot be called either at first: it is tried again', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.outage(
      status(500),
      () =>
        stage.excuse(async () => {
          await stage.outage(status(500), () => stage.pass(30 * MINUTE), KEYS.third)
          stage.fake.script(status(500), { times: 10_000, routing_key: KEYS.first })
          await stage.excuse(() => stage.pass(15 * MINUTE))
          expect(rings(stage)).toEqual([0, 0, 1])
        }),
      KEYS.first,
    )
    await stage.pass(6 * MINUTE)
    await stage.end()
    expect(rings(stage)).toEqual([1, 0, 1])
  })
})

describe('processes die', () => {
  it('19: killed between the record and the request: the tick sends it', async () => {
    const stage = await aStage({ tick_every: 60 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR, annotations: { 'tierline/alert_after': '0' } })
    http.turns(2)
    const killed = async () => {
      throw new Killed()
    }
    await stage.excuse(async () => {
      await stage.handle(http.result(), { post: killed })
      expect(stage.fake.requests).toEqual([])
      await stage.pass(MINUTE)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end({ settle: 2 * HOUR })
    expect(rings(stage, http)).toEqual([1, 0, 0])
  })

  it('a request that is slow to arrive: the resolve waits for it, even when its process dies', async () => {
    const stage = await aStage({ tick_every: 0 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    const opened = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    const down = stage.handle(http.result(), {
      post: async (body, limit) => {
        left.resolve()
        await opened.promise
        await stage.post(body, limit)
        throw new Killed()
      },
    })
    await left.promise
    http.turns(0)
    await stage.handle(http.result())
    opened.resolve()
    await down
    await stage.pass(30)
    await stage.tick()
    expect(stage.fake.open()).toEqual([])
    expect(rings(stage, http)).toEqual([1, 0, 0])
    await stage.end()
  })

  it('19: killed between the 202 and the record: no second ring, and closed even where nothing else is known', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR, annotations: { 'tierline/alert_after': '0' } })
    http.turns(2)
    await stage.handle(http.result(), {
      post: async (body, limit) => {
        await stage.post(body, limit)
        throw new Killed()
      },
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.pass(MINUTE)
    http.turns(0)
    await stage.handle(http.result(), {
      post: async () => {
        throw new Killed()
      },
    })
    await stage.pass(MINUTE)
    expect(stage.fake.open()).toEqual([])
    expect(rings(stage, http)).toEqual([1, 0, 0])
    await stage.end()
  })
})

describe('keys', () => {
  it('15: two tiers with one key are refused', () => {
    const source = (text: string | undefined) => ({ name: 'KEY', text })
    const own = { first: source(KEYS.first), second: source(KEYS.first), third: source(undefined) }
    expect(keysOf({ own, shared: source(undefined) }).error).toMatch(/the same key/)
  })

  it('16: the key of the first line is refused: the second is called, and told why; both are closed', async () => {
    const stage = await aStage({ keys: threeKeys({ first: 'x'.repeat(32) }) })
    const http = stage.check('web-01', 'http')
    http.turns(2)
    await stage.pass(5 * MINUTE)
    expect(stage.fake.open().map(({ summary }) => summary)).toEqual([expect.stringMatching(/^\[key of first line refused\]/)])
    await stage.pass(HOUR)
    await stage.end()
    expect([stage.rings('second'), stage.rings('third')]).toEqual([1, 0])
  })

  it('the key of the first line is refused, the process dies once the second has it, and then it is silenced: closed', async () => {
    const stage = await aStage({ keys: threeKeys({ first: 'x'.repeat(32) }), tick_every: 0 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    await stage.handle(http.result(), {
      post: async (body, limit) => {
        const reply = await stage.post(body, limit)
        if ('status' in reply && reply.status === 202) throw new Killed()
        return reply
      },
    })
    expect(stage.fake.open(KEYS.second)).toHaveLength(1)
    await stage.pass(30)
    http.silence(true)
    await stage.handle(http.result())
    expect(stage.fake.open()).toEqual([])
    await stage.end()
  })

  it('one key for all: rising does not close what is open', async () => {
    const stage = await aStage({ keys: sharedKey() })
    const site = stage.check('shop', 'site', SERVICE)
    site.turns(1)
    await stage.pass(5 * MINUTE)
    site.turns(2)
    await stage.pass(5 * MINUTE)
    expect(stage.open('first')).toEqual([site.identity])
    await stage.end()
    expect(stage.fake.pagesOf(KEYS.shared)).toBe(1)
  })

  it('a key goes missing while an alert is open with it: closed once it is back, and nobody spins', async () => {
    const stage = await aStage()
    const site = stage.check('shop', 'site', SERVICE)
    site.turns(2)
    await stage.pass(5 * MINUTE)
    stage.setKeys(threeKeys({ second: undefined }))
    site.turns(0)
    await stage.pass(20 * MINUTE)
    expect(stage.fake.open(KEYS.second)).toHaveLength(1)
    stage.setKeys(threeKeys())
    await stage.pass(10 * MINUTE)
    await stage.end()
    expect(rings(stage)).toEqual([0, 1, 0])
  })

  it('the key of the third line is unusable for a while: what else there is to close is closed, all of it', async () => {
    const stage = await aStage()
    const checks = Array.from({ length: 60 }, (_, index) => stage.check(`web-${index}`, 'http', { interval: 150 }))
    for (const check of checks) check.turns(2)
    await stage.pass(5 * MINUTE)
    stage.setKeys(threeKeys({ third: 'too-short' }))
    await stage.outage(status(500), async () => {
      for (const check of checks) check.turns(0)
      await stage.pass(5 * MINUTE)
    })
    await stage.pass(10 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    stage.setKeys(threeKeys())
    await stage.pass(10 * MINUTE)
    await stage.end()
    expect(rings(stage)).toEqual([60, 0, 0])
  })

  it('no key at all for a while: rung when it is back', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http')
    http.turns(2)
    stage.setKeys(threeKeys({ first: undefined, second: undefined, third: undefined }))
    await stage.excuse(async () => {
      await stage.pass(10 * MINUTE)
      stage.setKeys(threeKeys())
      await stage.pass(6 * MINUTE)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end()
    expect(rings(stage)).toEqual([1, 0, 0])
  })

  it('24: no key is in the log, nor in the memory', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', {
      annotations: { 'tierline/runbook': `https://wiki/${KEYS.first}`, note: KEYS.second },
    })
    http.turns(2)
    stage.fake.script(status(400, { text: `{"errors":["no key ${KEYS.first}"]}` }))
    await stage.excuse(() => stage.pass(10 * MINUTE))
    await stage.end()
    expect(stage.log.length).toBeGreaterThan(3)
    expectNoKey(readFileSync(join(stage.dir, 'tierline.db'), 'latin1'))
    expectNoKey(readFileSync(join(stage.dir, 'tierline.db-wal'), { encoding: 'latin1', flag: 'a+' }))
  })

  it('a body that PagerDuty never takes is a dead letter, and requeued it goes out', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: HOUR, after: 1, annotations: { 'tierline/alert_after': '0' } })
    http.turns(2)
    stage.fake.script(status(400, { text: '{"errors":["no"]}' }), { times: 2 })
    await stage.excuse(async () => {
      await stage.pass(30 * MINUTE)
      expect((await stage.alert(http.identity))?.dead).toMatch(/400/)
      expect(stage.fake.requests).toHaveLength(2)
      await stage.withStore((store) =>
        store.change(http.identity, (alert) => ({
          alert: alert && { ...alert, dead: null, tries: 0, next_at: 0 },
          result: null,
        })),
      )
      await stage.pass(2 * MINUTE)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end({ settle: 2 * HOUR })
  })
})

describe('the memory fails', () => {
  it('20: it cannot be used: pages and closes all the same', async () => {
    const stage = await aStage({ tick_every: 0 })
    rmSync(stage.dir, { recursive: true, force: true })
    writeFileSync(stage.dir, 'no folder')
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    expect(await stage.handle(http.result())).toBe(true)
    expect(stage.open('first')).toEqual([http.identity])
    http.turns(0)
    expect(await stage.handle(http.result())).toBe(true)
    expect(stage.fake.open()).toEqual([])
    expect(rings(stage)).toEqual([1, 0, 0])
  })

  it('it fails after the decision to hold: pages, since nothing would release the hold', async () => {
    const stage = await aStage()
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR })
    http.turns(2)
    const courier = await stage.courier()
    await stage.handle(http.result(), {
      courier: {
        ...courier,
        deliver: (judged) => {
          expect(judged.decision.action).toBe('hold')
          rmSync(stage.dir, { recursive: true, force: true })
          writeFileSync(stage.dir, 'no folder')
          return courier.deliver(judged)
        },
      },
    })
    expect(rings(stage)).toEqual([1, 0, 0])
  })
})

describe('nights', () => {
  const NIGHTS = {
    policy: {
      tiers: {
        first: { hours: { zone: 'Europe/Amsterdam', windows: [{ days: ['sun', 'mon', 'tue'], from: '09:00', to: '18:00' }] } },
      },
    },
    tick_every: 300,
  }

  it.each([
    ['spring', '2026-03-28T23:00:00+01:00', '2026-03-29T09:00:00+02:00'],
    ['autumn', '2026-10-24T23:00:00+02:00', '2026-10-25T09:00:00+01:00'],
  ])('what can wait rings once as the hours start, on the night when clocks change in %s', async (_, evening, morning) => {
    const stage = await aStage({ ...NIGHTS, start: Date.parse(evening) })
    const http = stage.check('web-01', 'http', { interval: 600 })
    http.turns(2)
    await stage.pass((Date.parse(morning) - Date.parse(evening)) / 1000 - 300)
    expect(rings(stage)).toEqual([0, 0, 0])
    await stage.pass(600)
    expect(rings(stage)).toEqual([1, 0, 0])
    expect(stage.fake.pages[0]?.at).toBe(Date.parse(morning))
    await stage.end({ settle: HOUR })
    expect(rings(stage)).toEqual([1, 0, 0])
  })

  it('what recovers in the night rings nobody; a service that goes down rings the second line at once', async () => {
    const stage = await aStage({ ...NIGHTS, start: Date.parse('2026-05-04T23:00:00+02:00') })
    const [http, site] = [stage.check('web-01', 'http', { interval: 600 }), stage.check('shop', 'site', SERVICE)]
    http.turns(2)
    await stage.pass(HOUR)
    http.turns(0)
    site.turns(2)
    await stage.pass(HOUR)
    expect(rings(stage)).toEqual([0, 1, 0])
    await stage.end({ settle: 11 * HOUR })
    expect(rings(stage)).toEqual([0, 1, 0])
  })

  it('more than five that waited are one page; one that takes the service down rings the second line; the last closes it', async () => {
    const stage = await aStage({ ...NIGHTS, start: Date.parse('2026-05-05T08:00:00+02:00') })
    const checks = Array.from({ length: 7 }, (_, index) => stage.check(`web-${index}`, 'http', { interval: 300, ...SERVICE }))
    for (const check of checks) check.turns(1)
    await stage.pass(HOUR + 900)
    expect(stage.fake.pages.map(({ dedup_key }) => dedup_key)).toEqual(['tierline/digest/2026-05-05T07:00:00Z'])
    const [worse, ...rest] = checks
    worse?.turns(2)
    await stage.pass(600)
    expect(rings(stage, worse)).toEqual([0, 1, 0])
    for (const check of rest) {
      expect(stage.open('first')).toEqual(['tierline/digest/2026-05-05T07:00:00Z'])
      check.turns(0)
      await stage.pass(300)
    }
    worse?.turns(0)
    await stage.pass(600)
    expect(stage.open('first')).toEqual([])
    await stage.end({ settle: HOUR })
    expect(rings(stage)).toEqual([1, 1, 0])
  })

  it('events between the start of the hours and the next tick do not overtake the one page', async () => {
    const stage = await aStage({ ...NIGHTS, start: Date.parse('2026-05-05T08:00:30+02:00') })
    for (let index = 0; index < 7; index++) stage.check(`web-${index}`, 'http', { interval: 60, after: 32 + index }).turns(2)
    await stage.pass(HOUR + 900)
    expect(stage.fake.pages.map(({ dedup_key }) => dedup_key)).toEqual(['tierline/digest/2026-05-05T07:00:00Z'])
    await stage.end({ settle: HOUR })
  })

  it('five that waited are five pages', async () => {
    const stage = await aStage({ ...NIGHTS, start: Date.parse('2026-05-05T08:00:00+02:00') })
    for (let index = 0; index < 5; index++) stage.check(`web-${index}`, 'http', { interval: 300 }).turns(2)
    await stage.pass(HOUR + 900)
    expect(rings(stage)).toEqual([5, 0, 0])
    await stage.end({ settle: HOUR })
  })
})

describe('a silent machine', () => {
  it('its keepalive stands for its other failures; what fails on after it is back pages', async () => {
    const stage = await aStage()
    const keepalive = stage.check('web-01', 'keepalive', { interval: 120, after: 1 })
    const [http, disk] = [stage.check('web-01', 'http', { after: 901 }), stage.check('web-01', 'disk', { after: 902 })]
    keepalive.turns(1)
    await stage.pass(10 * MINUTE)
    expect(stage.open('first')).toEqual([keepalive.identity])
    http.turns(2)
    disk.turns(2)
    await stage.pass(15 * MINUTE)
    expect(rings(stage)).toEqual([1, 0, 0])
    keepalive.turns(0)
    disk.turns(0)
    // Until the next result of what fails on, nobody can know that it does.
    await stage.excuse(() => stage.pass(5 * MINUTE))
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end()
    expect([rings(stage, keepalive), rings(stage, http), rings(stage, disk)]).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ])
  })
})

describe('clocks', () => {
  it('ours is set back by an hour while a page waits: it does not wait for an hour more', async () => {
    const stage = await aStage()
    const [http, disk] = [stage.check('web-01', 'http'), stage.check('web-02', 'disk')]
    disk.turns(2)
    await stage.pass(5 * MINUTE)
    await stage.outage(status(500), async () => {
      http.turns(2)
      disk.turns(0)
      await stage.pass(10 * MINUTE)
    })
    await stage.excuse(async () => {
      stage.setClock(stage.now() - HOUR * 1000)
      await stage.pass(10 * MINUTE)
    })
    expect(stage.open('first')).toEqual([http.identity])
    await stage.end({ settle: 2 * HOUR })
    expect(rings(stage)).toEqual([2, 0, 0])
  })

  it("an agent's is an hour ahead, and then right again: its recovery closes", async () => {
    const stage = await aStage()
    let ahead = HOUR
    const http = stage.check('web-01', 'http', { ahead: () => ahead })
    http.turns(2)
    await stage.pass(10 * MINUTE)
    expect(stage.open('first')).toEqual([http.identity])
    http.turns(0)
    await stage.pass(5 * MINUTE)
    expect(stage.fake.open()).toEqual([])
    http.turns(2)
    await stage.pass(15 * MINUTE)
    ahead = 0
    http.turns(0)
    // The result gets here a second after the check ran.
    const up = http.result()
    await stage.pass(1)
    await stage.handle(up)
    expect(stage.fake.open()).toEqual([])
    await stage.end()
    expect(rings(stage)).toEqual([2, 0, 0])
  })

  it("an agent's is an hour ahead: a failure that comes after its recovery is late all the same", async () => {
    const stage = await aStage({ tick_every: 0 })
    const http = stage.check('web-01', 'http', { interval: HOUR, after: HOUR, ahead: () => HOUR })
    http.turns(2)
    const down = http.result()
    http.turns(0)
    await stage.pass(10)
    await stage.handle(http.result())
    await stage.handle(down)
    expect(rings(stage)).toEqual([0, 0, 0])
    await stage.end()
  })
})
