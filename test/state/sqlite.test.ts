import { describe, expect, it } from 'vitest'
import { connect } from '../../lib/state/connection.ts'
import { prepareFolder } from '../../lib/state/folder.ts'
import { FRESH_KEY } from '../../lib/state/store.ts'
import { aStore, opened, stateFolder } from '../support/store.ts'

describe('keys', () => {
  it('are fresh until something is written of them', async () => {
    const store = await aStore()
    expect(await store.changeKey('fp', (state) => ({ result: state }))).toEqual(FRESH_KEY)
    const state = { sent: [1, 2], failures: 3, until: 4 }
    await store.changeKey('fp', () => ({ state, result: null }))
    expect(await store.changeKey('fp', (found) => ({ result: found }))).toEqual(state)
    expect(await store.changeKey('other', (found) => ({ result: found }))).toEqual(FRESH_KEY)
  })

  it('give back what the caller threw', async () => {
    const store = await aStore()
    const wrong = new TypeError('in the middle')
    const failing = store.changeKey('fp', () => {
      throw wrong
    })
    await expect(failing).rejects.toBe(wrong)
  })
})

describe('counters', () => {
  it('add up and never fall', async () => {
    const store = await aStore()
    await store.count({ pages: 1, drops: 2 })
    await store.count({ pages: 2, drops: -1, none: 0, odd: Number.NaN })
    expect(await store.counters()).toEqual({ drops: 2, pages: 3 })
  })
})

describe('notes', () => {
  it('are kept by name, the last', async () => {
    const store = await aStore()
    expect(await store.note('tick')).toBeNull()
    await store.setNote('tick', '1')
    await store.setNote('tick', '2')
    expect(await store.note('tick')).toBe('2')
  })
})

describe('the spool', () => {
  it('gives lines back, the oldest first, as many as asked for but some at least', async () => {
    const store = await aStore()
    await store.spool(['a 1 1', 'b 1 1'], 10, 1000)
    await store.spool(['c 1 1'], 11, 1000)
    await store.spool(['ü 1 1'], 12, 1000)
    expect(await store.spoolSize()).toEqual({ lines: 4, bytes: 25, oldest: 10 })
    expect((await store.spooled(1)).map(({ lines }) => lines)).toEqual([['a 1 1', 'b 1 1']])
    const three = await store.spooled(3)
    expect(three.map(({ lines }) => lines)).toEqual([['a 1 1', 'b 1 1'], ['c 1 1']])
    await store.unspool(three.map(({ id }) => id))
    expect((await store.spooled(100)).map(({ lines }) => lines)).toEqual([['ü 1 1']])
    expect(await store.spoolSize()).toEqual({ lines: 1, bytes: 7, oldest: 12 })
  })

  it('drops the oldest when there are too many bytes, and says how many lines', async () => {
    const store = await aStore()
    const line = 'x'.repeat(99)
    expect(await store.spool([line, line], 1, 1000)).toBe(0)
    for (let n = 2; n < 10; n++) expect(await store.spool([line], n, 1000)).toBe(0)
    expect(await store.spool([line], 10, 1000)).toBe(2)
    expect(await store.spoolSize()).toEqual({ lines: 9, bytes: 900, oldest: 2 })
    expect(await store.spool([line.repeat(20)], 11, 1000)).toBe(10)
    expect(await store.spoolSize()).toEqual({ lines: 0, bytes: 0, oldest: 0 })
  })

  it('keeps the newest of more than it may hold', async () => {
    const store = await aStore()
    const lines = Array.from({ length: 1000 }, (_, n) => `series.${String(n).padStart(4, '0')} 1 1`)
    expect(await store.spool(lines, 1, 10_000)).toBe(400)
    expect((await store.spooled(10_000)).flatMap((row) => row.lines)).toEqual(lines.slice(400))
  })

  it('never gives a number twice: who sent what was dropped meanwhile takes nothing else out', async () => {
    const store = await aStore()
    await store.spool(['a 1 1'], 1, 1000)
    const [row] = await store.spooled(1)
    await store.spool(['b 1 1'], 2, 6)
    await store.spooled(1)
    await store.unspool([row?.id ?? 0])
    expect((await store.spooled(9)).map(({ lines }) => lines)).toEqual([['b 1 1']])
    await store.unspool((await store.spooled(9)).map(({ id }) => id))
    await store.spool(['c 1 1'], 3, 1000)
    expect((await store.spooled(9))[0]?.id).toBeGreaterThan((row?.id ?? 0) + 1)
  })
})

describe('the file', () => {
  it('keeps a log, so that readers and writers do not wait for each other', async () => {
    const dir = stateFolder()
    await opened(dir)
    const connection = connect(prepareFolder(dir, process.getuid?.() ?? null))
    expect(connection?.get('PRAGMA journal_mode')?.journal_mode).toBe('wal')
    connection?.close()
  })

  it('is of no use once closed, and says so', async () => {
    const store = await aStore()
    store.close()
    store.close()
    await expect(store.alert('a/b/c')).rejects.toMatchObject({ kind: 'bug', message: expect.stringContaining('closed') })
  })
})
