import {
  chownSync,
  closeSync,
  fchownSync,
  fdatasync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { storeErrorOf } from './failure.ts'
import { StoreError } from './store.ts'

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Where the files are, and whose. */
export interface Place {
  readonly folder: string
  readonly file: string
  /** An empty file: who has it locked may put `file` in its place or move it away. */
  readonly lock: string
  /** Who runs this; null where the system knows no such thing. */
  readonly uid: number | null
  /** Whose the files shall be, when that is somebody else: root works in a folder of Sensu's user. */
  readonly owner: Owner | null
}

/** Makes the folder when it is missing (or, without `create`, says so), and refuses one that others could have tampered with. */
export function prepareFolder(dir: string, uid: number | null, create = true): Place {
  const folder = resolve(dir)
  try {
    const there = statSync(folder, { throwIfNoEntry: false })
    if (!there && !create) throw noState(folder)
    const found = there ?? makeFolder(folder, uid)
    if (!found.isDirectory())
      throw new StoreError('unavailable', `state ${folder}: it is no folder: choose another with --state-dir`)
    refuseForeign(folder, found, uid, '700')
    const owner = uid === 0 && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : null
    return { folder, file: join(folder, 'tierline.db'), lock: join(folder, 'tierline.lock'), uid, owner }
  } catch (error) {
    throw storeErrorOf(error, folder)
  }
}

/** For who looks only: an empty memory and a mistyped folder must not look alike. */
export function noState(folder: string): StoreError {
  const why = 'nothing has been remembered there: name the folder that the handlers use with --state-dir or TIERLINE_STATE_DIR'
  return new StoreError('unavailable', `state ${folder}: ${why}`)
}

/** The identity of the file that stands at the path now; null when there is none. */
export function inodeOf({ file, uid }: Place): string | null {
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (!found) return null
  if (!found.isFile()) throw new StoreError('unavailable', `state ${file}: it is no regular file: move it away`)
  refuseForeign(file, found, uid, '600')
  return inodeAt(file)
}

/** The same without looking at what it is: cheap enough to ask after every transaction. */
export function inodeAt(file: string): string | null {
  const found = lstatSync(file, { throwIfNoEntry: false, bigint: true })
  return found ? `${found.dev}:${found.ino}` : null
}

/** Makes an empty file that only its owner may read; whether there was none. */
export function makeFile(path: string, { owner }: Place): boolean {
  let made: number
  try {
    made = openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  if (owner) fchownSync(made, owner.uid, owner.gid)
  closeSync(made)
  return true
}

/** Until then a new name in the folder may be gone after a power cut. */
export function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Waits, without stopping the thread, until the content has reached the disk. No file that SQLite locks: closing it would end the lock. */
export async function syncFile(path: string): Promise<void> {
  const opened = openSync(path, 'r')
  try {
    await new Promise<void>((resolve, reject) => fdatasync(opened, (error) => (error ? reject(error) : resolve())))
  } finally {
    closeSync(opened)
  }
}

function makeFolder(folder: string, uid: number | null): Stats {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first !== undefined) {
    const parent = dirname(first)
    const { uid: parent_uid, gid } = statSync(parent)
    if (uid === 0 && parent_uid !== 0) {
      const names = relative(parent, folder).split(sep)
      for (let depth = 1; depth <= names.length; depth++) chownSync(join(parent, ...names.slice(0, depth)), parent_uid, gid)
    }
    syncFolder(parent)
  }
  return statSync(folder)
}

function refuseForeign(path: string, found: Stats, uid: number | null, mode: string): void {
  if (uid === null) return
  if (uid !== 0 && found.uid !== uid)
    throw new StoreError(
      'unavailable',
      `state ${path}: it belongs to user ${found.uid}, but this is user ${uid}: run as that user, or chown -R ${uid} ${path}`,
    )
  if ((found.mode & 0o022) !== 0)
    throw new StoreError('unavailable', `state ${path}: other users may change it: chmod ${mode} ${path}`)
}
