import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Replaying, replay } from '../../lib/run/replay.ts'
import type { Store } from '../../lib/state/store.ts'
import { bootCarbon, type RealCarbon, realCarbon } from '../support/carbon.ts'
import { type Behaviour, type FakeCarbon, fakeCarbon } from '../support/fake-carbon.ts'
import { aStore, opened, stateFolder } from '../support/store.ts'

const NOW = Math.floor(Date.now() / 1000)
const ROOM = 1_000_000
const fakes: FakeCarbon[] = []

afterAll(async () => {
  for (const fake of fakes) await fake.stop()
})

async function carbonThat(behaviour: Behaviour): Promise<FakeCarbon> {
  const fake = await fakeCarbon(behaviour)
  fakes.push(fake)
  return fake
}

function to(port: number, max_age = 0): Replaying {
  return { carbon: { host: '127.0.0.1', port, protocol: 'tcp' }, max_age, now: Date.now }
}

function soon(ms = 5000): number {
  return Date.now() + ms
}

/** So many lines, kept in rows of a hundred, each of another series. */
async function keep(store: Store, count: number): Promise<string[]> {
  const lines = Array.from({ length: count }, (_, n) => `kept.series_${n} ${n} ${NOW}`)
  for (let start = 0; start < count; start += 100) await store.spool(lines.slice(start, start + 100), NOW, ROOM)
  return lines
}

describe('what is kept', () => {
  it('is sent, the oldest first, then gone and counted', async () => {
    const store = await aStore()
    const lines = await keep(store, 2500)
    const fake = await carbonThat('good')
    expect(await replay(store, to(fake.port), soon())).toEqual({ sent: 2500, dropped: 0, left: 0, trouble: null })
    expect(fake.lines()).toEqual(lines)
    expect(await store.counters()).toEqual({ 'graphite.points_replayed': 2500 })
  })

  it('is sent up to a number of lines, in whole rows', async () => {
    const store = await aStore()
    const lines = await keep(store, 500)
    const fake = await carbonThat('good')
    expect(await replay(store, to(fake.port), soon(), 250)).toEqual({ sent: 300, dropped: 0, left: 200, trouble: null })
    expect(fake.lines()).toEqual(lines.slice(0, 300))
  })

  it.each<Behaviour>(['reset', 'never_fin', 'black_hole'])(
    'stays when the peer does as %s, until the deadline',
    async (behaviour) => {
      const store = await aStore()
      await keep(store, 300)
      const started = performance.now()
      const got = await replay(store, to((await carbonThat(behaviour)).port), soon(400))
      expect(performance.now() - started).toBeLessThan(2000)
      expect(got).toEqual({ sent: 0, dropped: 0, left: 300, trouble: expect.stringContaining('carbon at 127.0.0.1') })
      expect(await store.counters()).toEqual({})
    },
  )

  it('is left alone when there is no time', async () => {
    const store = await aStore()
    await keep(store, 1)
    const fake = await carbonThat('good')
    expect(await replay(store, to(fake.port), soon(50))).toEqual({ sent: 0, dropped: 0, left: 1, trouble: null })
    expect(fake.lines()).toEqual([])
  })

  it('is dropped and counted when it is older than graphite.max_age by now', async () => {
    const store = await aStore()
    await store.spool([`a 1 ${NOW - 70}`, `b 1 ${NOW - 10}`], NOW, ROOM)
    await store.spool([`c 1 ${NOW - 80}`], NOW, ROOM)
    const fake = await carbonThat('good')
    expect(await replay(store, to(fake.port, 60), soon())).toEqual({ sent: 1, dropped: 2, left: 0, trouble: null })
    expect(fake.lines()).toEqual([`b 1 ${NOW - 10}`])
    expect(await store.counters()).toEqual({ 'graphite.points_replayed': 1, 'graphite.points_dropped': 2 })
  })

  it('is sent by two processes at once, perhaps twice, and never not', async () => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    const lines = await keep(store, 3000)
    const fake = await carbonThat('slow')
    const both = [store, (await opened(dir)).store]
    const got = await Promise.all(both.map((one) => replay(one, to(fake.port), soon(20_000))))
    expect(got.map(({ left, trouble }) => ({ left, trouble }))).toEqual(Array(2).fill({ left: 0, trouble: null }))
    expect([...new Set(fake.lines())].sort()).toEqual([...lines].sort())
  })
})

realCarbon('a real carbon', () => {
  let carbon: RealCarbon
  beforeAll(async () => {
    carbon = await bootCarbon()
  })
  afterAll(() => carbon.stop())

  it('that gets lines twice, since a process died before it could remove them, has each point once', async () => {
    const store = await aStore()
    await keep(store, 3)
    const dies: Store = { ...store, unspool: () => Promise.reject(new Error('killed')) }
    await expect(replay(dies, to(carbon.port), soon())).rejects.toThrow('killed')
    expect(await carbon.stored('kept.series_2')).toEqual([{ time: NOW, value: 2 }])
    expect(await replay(store, to(carbon.port), soon())).toMatchObject({ sent: 3, left: 0 })
    await store.spool([`kept.end 1 ${NOW}`], NOW, ROOM)
    await replay(store, to(carbon.port), soon())
    await carbon.stored('kept.end')
    expect(await carbon.stored('kept.series_2')).toEqual([{ time: NOW, value: 2 }])
  })
})
