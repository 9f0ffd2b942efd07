import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { storeErrorOf } from '../../lib/state/failure.ts'
import { fill, smallDisk } from '../support/small-disk.ts'
import { opened, put, stateFolder, worker } from '../support/store.ts'
import { anAlert, anEntry, oneMore, SHARED } from '../support/store-records.ts'

const NOBODY = 65_534
const is_root = process.getuid?.() === 0

/** What another process, which nothing but the rights of a plain user has, says of the folder. */
async function plainUserSays(dir: string): Promise<{ kind?: string; message?: string }> {
  const { ready, go, end } = worker([dir, 'change'], is_root ? `export AS_UID=${NOBODY}` : 'true')
  await ready
  go()
  return JSON.parse((await end).last)
}

function forPlainUser(path: string): string {
  if (is_root) chownSync(path, NOBODY, NOBODY)
  return path
}

/** A folder that a plain user can come to, and what is in it is his. */
async function plainFolder(): Promise<string> {
  const parent = forPlainUser(mkdtempSync(join(tmpdir(), 'tierline-')))
  const dir = join(parent, 'state')
  const { store } = await opened(dir)
  await store.change(SHARED, oneMore)
  store.close()
  return dir
}

describe('a plain user', () => {
  it('can use the folder that is his', async () => {
    expect(await plainUserSays(await plainFolder())).toMatchObject({ notes: [] })
  })

  it.each([
    ['a folder that is read-only', (dir: string) => chmodSync(dir, 0o500), /writable for this user/],
    ['a file that is read-only', (dir: string) => chmodSync(join(dir, 'tierline.db'), 0o400), /writable for this user/],
    ['a folder that cannot be entered', (dir: string) => chmodSync(dir, 0o000), /writable for this user/],
  ])('is told in one line what to do about %s', async (_, spoil, advice) => {
    const dir = await plainFolder()
    spoil(dir)
    onTestFinished(() => chmodSync(dir, 0o700))
    const { kind, message } = await plainUserSays(dir)
    expect({ kind, message }).toEqual({ kind: 'unavailable', message: expect.stringMatching(advice) })
    expect(message).toContain(`state ${dir}`)
    expect(message).not.toContain('\n')
  })

  it('is told that a folder cannot be made', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'tierline-'))
    chmodSync(parent, 0o555)
    const said = await plainUserSays(join(parent, 'state'))
    expect(said).toEqual({
      kind: 'unavailable',
      message: expect.stringContaining(`state ${parent}/state: this user may not use it`),
    })
  })

  it('is told that a damaged file cannot be moved aside', async () => {
    const dir = await plainFolder()
    writeFileSync(join(dir, 'tierline.db'), 'hello\n'.repeat(5000))
    chmodSync(dir, 0o500)
    onTestFinished(() => chmodSync(dir, 0o700))
    const said = await plainUserSays(dir)
    expect(said).toEqual({
      kind: 'corrupt',
      message: expect.stringContaining('is damaged (file is not a database) and cannot be moved'),
    })
  })
})

describe('a limit to the size of files', () => {
  it('ends in an outcome, and what was written before is there', async () => {
    const dir = stateFolder()
    const { ready, go, end } = worker([dir, 'fill'], 'ulimit -f 2000')
    await ready
    go()
    expect(JSON.parse((await end).last)).toEqual({
      kind: 'unavailable',
      message: expect.stringMatching(/tierline\.db: the disk refused to read or write \(error \d+\): look at quotas/),
    })
    const { store, notes } = await opened(dir)
    expect((await store.journaled({ limit: 1000 })).length).toBeGreaterThan(20)
    expect(notes).toEqual([])
  })
})

describe('a full disk', () => {
  it("is SQLite's word for it", () => {
    const database = new DatabaseSync(':memory:')
    database.exec('PRAGMA max_page_count = 10; CREATE TABLE much (text)')
    const fill = () => database.exec('INSERT INTO much VALUES (zeroblob(1000000))')
    expect(fill).toThrow()
    try {
      fill()
    } catch (error) {
      expect(storeErrorOf(error, '/state/tierline.db')).toMatchObject({
        kind: 'full',
        message: 'state /state/tierline.db: the disk is full: free some space',
      })
    }
  })

  it("is the system's too", () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' })
    expect(storeErrorOf(error, '/state')).toMatchObject({ kind: 'full' })
  })
})

const small = smallDisk()
afterAll(() => void (small && execFileSync('umount', [small])))
// Not even in CI may everybody mount; the tests above try the same piece by piece.
if (small === null) console.warn('SKIPPED: a disk that is really full. No file system could be mounted.')
describe.skipIf(small === null)('a disk that is really full', () => {
  it('refuses changes, says so, and goes on when there is room', async () => {
    const dir = join(small ?? '', 'state')
    const { store } = await opened(dir)
    await put(store, anAlert())
    const filler = join(small ?? '', 'filler')
    fill(small ?? '', filler)
    const says = 'x'.repeat(100_000)
    const refused = { kind: 'full', message: `state ${dir}/tierline.db: the disk is full: free some space` }
    await expect(store.change(SHARED, () => ({ alert: anAlert({ says }), result: null }))).rejects.toMatchObject(refused)
    expect(await store.alert(SHARED)).toEqual(anAlert())
    await expect(store.journal(Array.from({ length: 100 }, () => anEntry({ says })))).rejects.toMatchObject(refused)
    store.close()
    fill(small ?? '', filler)
    const again = opened(dir).then(({ store }) => store.change(SHARED, oneMore))
    await expect(again).rejects.toMatchObject({ kind: 'full' })
    const elsewhere = opened(join(small ?? '', 'other'))
    await expect(elsewhere).rejects.toMatchObject({ kind: 'full' })
    writeFileSync(filler, '')
    const { store: last, notes } = await opened(dir)
    expect(await last.alert(SHARED)).toEqual(anAlert())
    expect(await last.change(SHARED, oneMore)).toBe(1)
    expect(notes).toEqual([])
  })
})
