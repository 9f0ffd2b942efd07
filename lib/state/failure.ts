import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from './store.ts'

/** Primary result codes: https://www.sqlite.org/rescode.html */
const BUSY = 5
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const PROTOCOL = 15
const NOTADB = 26

/** SQLite writes more than it is asked to; with less than this free, a failed write is a full disk. */
const NO_ROOM_BYTES = 262_144

/** A record in the file that is no JSON: SQLite checks its own structure, not what people put into it. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord'
}

/** What a caller's own function threw in the middle of a transaction; it gets its `cause` back as it was. */
export class CallersError extends Error {
  override readonly name = 'CallersError'
}

/** Runs a function of the caller's. */
export function callersOwn<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new CallersError('the function of the caller failed', { cause })
  }
}

function primaryCode(error: unknown): number | null {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : null
}

/** Is another process in the way, and will soon be gone? PROTOCOL is SQLite's word for having lost too many races. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === BUSY || code === PROTOCOL
}

export function isDamage(error: unknown): boolean {
  const code = primaryCode(error)
  return code === CORRUPT || code === NOTADB || error instanceof DamagedRecord
}

/** Whatever went wrong with the file at `path`, as one line that says what to do. */
export function storeErrorOf(error: unknown, path: string, waited_ms = 0): StoreError {
  if (error instanceof StoreError) return error
  const [kind, why] = explain(error, path, waited_ms)
  return new StoreError(kind, `state ${path}: ${why}`, { cause: error })
}

const FULL_DISK = 'the disk is full: free some space'

function explain(error: unknown, path: string, waited_ms: number): [StoreError['kind'], string] {
  const { message, code, errcode } = error as NodeJS.ErrnoException & { errcode?: number }
  if (isBusy(error)) return ['busy', `other processes kept it locked for ${waited_ms} ms: see who with fuser -v ${path}`]
  if (isDamage(error)) return ['corrupt', `it is damaged (${message}): move it away, a new one will be made`]
  switch (primaryCode(error)) {
    case FULL:
      return ['full', FULL_DISK]
    case IOERR:
      if (hasNoRoom(path)) return ['full', FULL_DISK]
      return ['unavailable', `the disk refused to read or write (error ${errcode}): look at quotas, limits and the kernel's log`]
    case READONLY:
      return ['unavailable', 'it is read-only: make it and its folder writable for this user']
    case CANTOPEN:
      if (hasNoRoom(path)) return ['full', FULL_DISK]
      return ['unavailable', 'it cannot be opened: make it, its -wal and -shm and its folder writable for this user']
    case null:
      return explainSystem(String(message), code)
    default:
      return ['bug', `${message} (error ${errcode}); please report it`]
  }
}

function explainSystem(message: string, code: string | undefined): [StoreError['kind'], string] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return ['full', FULL_DISK]
    case 'EROFS':
      return ['unavailable', 'the file system is read-only: choose another folder with --state-dir']
    case 'EACCES':
    case 'EPERM':
      return ['unavailable', 'this user may not use it: make it writable for this user, or choose another with --state-dir']
    case 'ENOTDIR':
    case 'EEXIST':
      return ['unavailable', 'a part of the path is no folder: choose another with --state-dir']
    default:
      if (code && /^E[A-Z0-9]+$/.test(code)) return ['unavailable', `it cannot be used (${code})`]
      return ['bug', `${message}; please report it`]
  }
}

function hasNoRoom(path: string): boolean {
  for (const there of [path, dirname(path)]) {
    try {
      const { bavail, bsize } = statfsSync(there)
      return bavail * bsize < NO_ROOM_BYTES
    } catch {}
  }
  return false
}
