import { fstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { opened, stateFolder } from '../support/store.ts'
import { anEntry, oneMore, SHARED } from '../support/store-records.ts'

type Done = (error: Error | null) => void
const disk = vi.hoisted(() => ({ waits: [] as { inode: number; done: Done }[], folders: [] as number[] }))

/** A disk that is done when the test says so. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    fdatasync: (file: number, done: Done) => void disk.waits.push({ inode: fs.fstatSync(file).ino, done }),
    fsyncSync: (file: number) => void disk.folders.push(fstatSync(file).ino),
  }
})
beforeEach(() => {
  disk.waits.length = 0
  disk.folders.length = 0
})

async function changing() {
  const dir = stateFolder()
  const { store } = await opened(dir, { busy_ms: 100 })
  disk.folders.length = 0
  let resolved = false
  const change = store.change(SHARED, oneMore).finally(() => {
    resolved = true
  })
  change.catch(() => {})
  await vi.waitFor(() => expect(disk.waits).toHaveLength(1))
  return { dir, store, change, is_resolved: () => resolved }
}

it('a change counts as done when its log and the name of that have reached the disk, and others write meanwhile', async () => {
  const { dir, store, change, is_resolved } = await changing()
  expect(disk.waits[0]?.inode).toBe(statSync(join(dir, 'tierline.db-wal')).ino)
  expect(disk.folders).toEqual([statSync(dir).ino])
  const { store: other } = await opened(dir, { busy_ms: 0 })
  await other.journal([anEntry()])
  await store.count({ pages: 1 })
  await store.changeKey('fp', () => ({ result: null }))
  expect(disk.waits).toHaveLength(1)
  expect(is_resolved()).toBe(false)
  disk.waits[0]?.done(null)
  expect(await change).toBe(1)
})

it('a change that does not reach the disk fails', async () => {
  const { change } = await changing()
  disk.waits[0]?.done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
  await expect(change).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('(EIO)') })
})
