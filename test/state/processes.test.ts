import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiesIn, keepLocked, opened, soundness, stateFolder, worker } from '../support/store.ts'
import { anAlert, oneMore, SHARED } from '../support/store-records.ts'

const CROWD = 100

/** So many processes that do the same at the same moment; what each said at the end. */
async function crowd(count: number, args: readonly string[]) {
  const workers = Array.from({ length: count }, () => worker(args))
  await Promise.all(workers.map(({ ready }) => ready))
  for (const { go } of workers) go()
  const ends = await Promise.all(workers.map(({ end }) => end))
  return ends.map(({ last, errors }) => ({ ...JSON.parse(last), errors }))
}

describe('many processes', () => {
  it(`${CROWD} make the file and write at the same moment, and none fails or is forgotten`, { timeout: 120_000 }, async () => {
    const dir = stateFolder()
    const said = await crowd(CROWD, [dir, 'change', '3'])
    expect(said.filter(({ kind, notes, errors }) => kind || errors || notes?.length)).toEqual([])
    console.info(`slowest of ${CROWD} processes: ${Math.round(Math.max(...said.map(({ ms }) => ms)))} ms`)
    const { store } = await opened(dir)
    expect(await store.alert(SHARED)).toMatchObject({ tries: CROWD * 3 })
    expect(await store.counters()).toEqual({ changes: CROWD * 3 })
    expect(soundness(dir)).toBe('ok')
  })

  it('that find a damaged file at once move it aside once, and lose nothing of the new one', { timeout: 120_000 }, async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'tierline.db'), 'no database at all\n'.repeat(500), { mode: 0o600 })
    const said = await crowd(30, [dir, 'change', '3'])
    expect(said.filter(({ kind, errors }) => kind || errors)).toEqual([])
    expect(said.flatMap(({ notes }) => notes)).toHaveLength(1)
    expect(copiesIn(dir)).toHaveLength(1)
    const { store } = await opened(dir)
    expect(await store.alert(SHARED)).toMatchObject({ tries: 90 })
  })
})

describe('a process that is killed', () => {
  it('while it writes leaves all that it was told is written', { timeout: 120_000 }, async () => {
    const dir = stateFolder()
    let promised = 0
    for (let round = 0; round < 12; round++) {
      const { child, lines, ready, go, end } = worker([dir, 'forever'])
      await ready
      lines.on('line', (line) => {
        promised = Number(line)
      })
      go()
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 17))
      child.kill('SIGKILL')
      await end
      const { store, notes } = await opened(dir)
      expect((await store.alert(SHARED))?.tries ?? 0).toBeGreaterThanOrEqual(promised)
      expect(notes).toEqual([])
      expect(soundness(dir)).toBe('ok')
    }
    expect(promised).toBeGreaterThan(100)
  })

  it('while it makes the file hinders nobody', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 20; round++) {
      const dir = stateFolder()
      const { child, ready, go, end } = worker([dir, 'forever'])
      await ready
      go()
      await new Promise((resolve) => setTimeout(resolve, round * 1.5))
      child.kill('SIGKILL')
      await end
      const { store, notes } = await opened(dir)
      expect(await store.change(SHARED, oneMore)).toBeGreaterThan(0)
      expect(notes).toEqual([])
    }
  })
})

describe('a file that somebody keeps locked', () => {
  async function locked() {
    const dir = stateFolder()
    const { store } = await opened(dir, { busy_ms: 300 })
    await store.change(SHARED, () => ({ alert: anAlert(), result: null }))
    return { dir, store, release: keepLocked(dir) }
  }

  it('is given up after the budget, with a line that says so', async () => {
    const { dir, store } = await locked()
    const started = performance.now()
    await expect(store.change(SHARED, oneMore)).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringMatching(
        `^state ${dir}/tierline.db: other processes kept it locked for \\d+ ms: see who with fuser -v`,
      ),
    })
    const waited = performance.now() - started
    expect(waited).toBeGreaterThan(250)
    expect(waited).toBeLessThan(2000)
  })

  it('is given up even when the clock stands still', async () => {
    const { dir } = await locked()
    const { store } = await opened(dir, { busy_ms: 200, now: () => 0 })
    await expect(store.change(SHARED, oneMore)).rejects.toMatchObject({ kind: 'busy' })
  })

  it('can be read, and written once it is free, without stopping the thread', async () => {
    const { store, release } = await locked()
    const waiting = store.change(SHARED, oneMore)
    expect(await store.alert(SHARED)).toMatchObject({ tries: 0 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    release()
    expect(await waiting).toBe(1)
  })
})
