import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiesIn, opened, put, soundness, stateFolder } from '../support/store.ts'
import { anAlert, anEntry, oneMore, SHARED } from '../support/store-records.ts'

const PAGE = 4096
const NOW = Date.parse('2026-03-29T01:10:00Z')

/** A closed file with some alerts and a journal. */
async function filled(): Promise<{ dir: string; file: string }> {
  const dir = stateFolder()
  const { store } = await opened(dir)
  await put(store, ...Array.from({ length: 100 }, (_, n) => anAlert({ entity: `web-${n}` })))
  await store.journal(Array.from({ length: 500 }, () => anEntry()))
  store.close()
  return { dir, file: join(dir, 'tierline.db') }
}

function overwrite(file: string, from: number, byte: number): void {
  const bytes = Buffer.alloc(statSync(file).size - from, byte)
  const opened = openSync(file, 'r+')
  writeSync(opened, bytes, 0, bytes.length, from)
  closeSync(opened)
}

function replaceAll(file: string, old: string, fresh: string): void {
  writeFileSync(file, readFileSync(file, 'latin1').replaceAll(old, fresh), 'latin1')
}

const DAMAGES: [string, (file: string) => void][] = [
  ['no database', (file) => writeFileSync(file, 'hello\n'.repeat(5000))],
  ['a short file', (file) => writeFileSync(file, 'hello\n')],
  ['a damaged header', (file) => writeFileSync(file, Buffer.concat([readFileSync(file).fill(0xff, 16, 60)]))],
  ['pages of nothing', (file) => overwrite(file, PAGE, 0)],
  ['pages of rubbish', (file) => overwrite(file, PAGE, 0xa7)],
  ['a lost end', (file) => truncateSync(file, 3 * PAGE)],
  ['records of rubbish', (file) => replaceAll(file, '{"identity"', '{*identity*')],
]

describe('a damaged file', () => {
  it.each(DAMAGES)('is moved aside, and a new one does: %s', async (_, damage) => {
    const { dir, file } = await filled()
    damage(file)
    const { store, notes } = await opened(dir, { now: () => NOW })
    expect(await store.alert(SHARED)).toBeNull()
    expect(await store.alerts({})).toEqual([])
    expect(await store.change(SHARED, oneMore)).toBe(1)
    expect(await store.journaled({ limit: 10 })).toEqual([])
    expect(copiesIn(dir)).toEqual(['tierline.db.corrupt-2026-03-29T01-10-00.000Z'])
    expect(notes).toEqual([
      expect.stringMatching(
        /^state .*tierline\.db was damaged \(.+\): what it knew is lost, .* kept as .*corrupt-2026-03-29T01-10-00\.000Z$/,
      ),
    ])
    expect(soundness(dir)).toBe('ok')
  })

  it('that was emptied is taken for a new one', async () => {
    const { dir, file } = await filled()
    truncateSync(file, 0)
    const { store, notes } = await opened(dir)
    expect(await store.change(SHARED, oneMore)).toBe(1)
    expect(notes).toEqual([])
  })

  it('is kept three times, the newest', async () => {
    const { dir, file } = await filled()
    for (let day = 1; day <= 5; day++) {
      writeFileSync(file, 'hello\n'.repeat(5000))
      writeFileSync(`${file}-wal`, `of day ${day}`)
      const { store, notes } = await opened(dir, { now: () => NOW + day * 86_400_000 })
      expect(notes).toHaveLength(1)
      store.close()
    }
    expect(copiesIn(dir).map((name) => name.slice(20, 30))).toEqual(['2026-04-01', '2026-04-02', '2026-04-03'])
  })

  it('stays where it is when its lock is damaged too, with a line that names the lock', async () => {
    const { dir, file } = await filled()
    writeFileSync(file, 'hello\n'.repeat(5000))
    writeFileSync(join(dir, 'tierline.lock'), 'hello\n'.repeat(5000))
    await expect(opened(dir)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining(`${dir}/tierline.lock`) })
    expect(copiesIn(dir)).toEqual([])
  })
})

describe('who has the old file open', () => {
  it('comes over to the new one, and harms it neither then nor at the end', async () => {
    const { dir, file } = await filled()
    const early = await opened(dir)
    await early.store.change(SHARED, oneMore)
    const late = await opened(dir)
    await late.store.count({ late: 1 })
    overwrite(`${file}-wal`, 0, 0)
    overwrite(file, 0, 0xa7)
    const finder = await opened(dir)
    await finder.store.change(SHARED, oneMore)
    expect(finder.notes.length + early.notes.length).toBe(1)
    expect(await early.store.change(SHARED, oneMore)).toBe(2)
    late.store.close()
    expect(await finder.store.change(SHARED, oneMore)).toBe(3)
    early.store.close()
    finder.store.close()
    const { store } = await opened(dir)
    expect(await store.alert(SHARED)).toMatchObject({ tries: 3 })
    expect(copiesIn(dir)).toHaveLength(1)
  })

  it('makes a new one when somebody removed it', async () => {
    const { dir, file } = await filled()
    const { store } = await opened(dir)
    await store.change(SHARED, oneMore)
    for (const end of ['', '-wal', '-shm']) rmSync(file + end)
    expect(await store.change(SHARED, oneMore)).toBe(1)
    expect(await (await opened(dir)).store.alert(SHARED)).toMatchObject({ tries: 1 })
  })
})
