import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { needing } from '../support/needing.ts'
import { opened, put, stateFolder } from '../support/store.ts'
import { anAlert, oneMore, SHARED } from '../support/store-records.ts'

const asRoot = needing(process.getuid?.() === 0, 'Only root can give files away.')
const SENSU = 12_345

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function ownersIn(dir: string): number[] {
  return readdirSync(dir).map((name) => statSync(join(dir, name)).uid)
}

async function kept(dir: string): Promise<string> {
  const { store } = await opened(dir)
  await store.change(SHARED, oneMore)
  store.close()
  return join(dir, 'tierline.db')
}

describe('the folder and its files', () => {
  it('are made for their owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const dir = join(stateFolder(), 'a', 'b')
      const { store } = await opened(dir)
      await store.change(SHARED, oneMore)
      expect(modeOf(dir)).toBe('700')
      expect(readdirSync(dir).sort()).toEqual(['tierline.db', 'tierline.db-shm', 'tierline.db-wal', 'tierline.lock'])
      expect(readdirSync(dir).map((name) => modeOf(join(dir, name)))).toEqual(['600', '600', '600', '600'])
    } finally {
      process.umask(before)
    }
  })

  it('may have names that mean something to others', async () => {
    const dir = join(stateFolder(), 'a b?mode=memory&x#y%20ü')
    expect(existsSync(await kept(dir))).toBe(true)
  })

  it.each([
    ['a folder that others may change', (dir: string) => chmodSync(dir, 0o770), 'chmod 700'],
    ['a file that others may change', (dir: string) => chmodSync(join(dir, 'tierline.db'), 0o666), 'chmod 600'],
    ['a link', asLink, 'it is no regular file'],
    ['a folder in the place of the file', asFolder, 'it is no regular file'],
  ])('are refused: %s', async (_, spoil, advice) => {
    const dir = stateFolder()
    await kept(dir)
    spoil(dir)
    await expect(opened(dir)).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining(advice) })
  })

  it('are refused when the folder is a file, with one line', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tierline-')), 'file')
    writeFileSync(file, '')
    await expect(opened(file)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^state .*no folder.*$/),
    })
    await expect(opened(join(file, 'in'))).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^state .*$/),
    })
  })

  it('are refused when a newer version made them, and stay as they are', async () => {
    const dir = stateFolder()
    const file = await kept(dir)
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    await expect(opened(dir)).rejects.toMatchObject({ kind: 'newer', message: expect.stringContaining('version 99') })
    expect(existsSync(file)).toBe(true)
    expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([])
  })

  function asLink(dir: string): void {
    const file = join(dir, 'tierline.db')
    copyFileSync(file, `${file}.elsewhere`)
    rmSync(file)
    symlinkSync(`${file}.elsewhere`, file)
  }

  function asFolder(dir: string): void {
    rmSync(join(dir, 'tierline.db'))
    mkdirSync(join(dir, 'tierline.db'))
  }
})

asRoot('as root', () => {
  it("in a folder of another user every file is that user's", async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    chownSync(dir, SENSU, SENSU)
    const { store } = await opened(dir)
    await store.change(SHARED, oneMore)
    expect(ownersIn(dir)).toEqual([SENSU, SENSU, SENSU, SENSU])
  })

  it("below a folder of another user the new folders are that user's too", async () => {
    const parent = stateFolder()
    mkdirSync(parent)
    chownSync(parent, SENSU, SENSU)
    await kept(join(parent, 'a', 'b'))
    for (const dir of [join(parent, 'a'), join(parent, 'a', 'b')]) expect(ownersIn(dir)).not.toContain(0)
    expect(statSync(join(parent, 'a')).uid).toBe(SENSU)
  })

  it("a file that is made again after a damage is that user's as well", async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'tierline.db'), 'x'.repeat(5000), { mode: 0o600 })
    chownSync(dir, SENSU, SENSU)
    await kept(dir)
    expect(statSync(join(dir, 'tierline.db')).uid).toBe(SENSU)
  })

  it.each([
    ['a folder', (dir: string) => chownSync(dir, SENSU, SENSU)],
    ['a file', (dir: string) => chownSync(join(dir, 'tierline.db'), SENSU, SENSU)],
  ])('what belongs to another is refused for anybody else: %s', async (_, give) => {
    const dir = stateFolder()
    await kept(dir)
    chownSync(dir, 1000, 1000)
    chownSync(join(dir, 'tierline.db'), 1000, 1000)
    give(dir)
    await expect(opened(dir, { uid: 1000 })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(`it belongs to user ${SENSU}, but this is user 1000: run as that user, or chown -R 1000`),
    })
  })
})

describe('for who looks only', () => {
  it('nothing is made where there is nothing', async () => {
    const dir = stateFolder()
    const refusal = {
      kind: 'unavailable',
      message: expect.stringMatching(/^state .*: nothing has been remembered there: .*--state-dir/),
    }
    await expect(opened(dir, { create: false })).rejects.toMatchObject(refusal)
    expect(existsSync(dir)).toBe(false)
    mkdirSync(dir, { mode: 0o700 })
    await expect(opened(dir, { create: false })).rejects.toMatchObject(refusal)
    expect(readdirSync(dir)).toEqual([])
  })

  it('what is there can be read, also after it has gone and come again', async () => {
    const dir = stateFolder()
    const file = await kept(dir)
    const { store } = await opened(dir, { create: false })
    expect(await store.alert(SHARED)).not.toBeNull()
    rmSync(file)
    await expect(store.alert(SHARED)).rejects.toMatchObject({ message: expect.stringContaining('nothing has been remembered') })
    await kept(dir)
    expect(await store.alert(SHARED)).not.toBeNull()
  })

  it('a damaged file stays where it is', async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'tierline.db'), 'x'.repeat(5000), { mode: 0o600 })
    await expect(opened(dir, { create: false })).rejects.toMatchObject({
      kind: 'corrupt',
      message: expect.stringMatching(/^state .*: it is damaged .*move it away/),
    })
    expect(readdirSync(dir)).toEqual(['tierline.db'])
  })
})

describe('what is left of another file', () => {
  it("is not taken for the new one's", async () => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    await put(store, anAlert())
    const wal = join(dir, 'tierline.db-wal')
    copyFileSync(wal, `${wal}.old`)
    store.close()
    rmSync(join(dir, 'tierline.db'))
    copyFileSync(`${wal}.old`, wal)
    writeFileSync(join(dir, 'tierline.db.new'), 'half a file')
    const again = await opened(dir)
    expect(await again.store.alerts({})).toEqual([])
    expect(again.notes).toEqual([])
  })
})
