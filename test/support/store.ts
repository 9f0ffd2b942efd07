import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import type { Alert } from '../../lib/alert/alert.ts'
import { openStore, type StoreOptions } from '../../lib/state/sqlite.ts'
import type { Store } from '../../lib/state/store.ts'

export function stateFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'tierline-state-')), 'state')
}

export async function opened(
  dir: string,
  options: Partial<StoreOptions> = {},
): Promise<{ store: Store; notes: readonly string[] }> {
  const uid = process.getuid?.() ?? null
  const made = await openStore(dir, { now: Date.now, chance: Math.random, uid, ...options })
  onTestFinished(() => made.store.close())
  return made
}

export async function aStore(): Promise<Store> {
  return (await opened(stateFolder())).store
}

export async function put(store: Store, ...alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts) await store.change(alert.identity, () => ({ alert, result: null }))
}

/** What SQLite itself says of the file. */
export function soundness(dir: string): unknown {
  const database = new DatabaseSync(join(dir, 'tierline.db'))
  try {
    return database.prepare('PRAGMA integrity_check').get()?.integrity_check
  } finally {
    database.close()
  }
}

/** Somebody begins to write, and does not end until told, or until the test ends. */
export function keepLocked(dir: string): () => void {
  const other = new DatabaseSync(join(dir, 'tierline.db'))
  other.exec('BEGIN IMMEDIATE')
  const release = () => {
    if (other.isOpen) other.close()
  }
  onTestFinished(release)
  return release
}

export function copiesIn(dir: string): string[] {
  return readdirSync(dir).filter((name) => /corrupt-[^-]+-[^-]+-[^-]+-[^-]+-[^-]+$/.test(name))
}

export interface Worker {
  readonly child: ChildProcessWithoutNullStreams
  readonly lines: Interface
  /** Has it begun, when it is ready. */
  readonly go: () => void
  readonly ready: Promise<void>
  /** Its last line, once it has ended. */
  readonly end: Promise<{ last: string; errors: string; code: number | null }>
}

/** Another process, test/support/store-worker.ts; it begins when told. */
export function worker(args: readonly string[], shell?: string): Worker {
  const command = [process.execPath, 'test/support/store-worker.ts', ...args]
  const child = shell ? spawn('sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command]) : spawn(command[0] ?? '', command.slice(1))
  child.stdin.on('error', () => {})
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  let last = ''
  let errors = ''
  lines.on('line', (line) => {
    last = line
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const end = once(child, 'close').then(([code]) => ({ last, errors, code }))
  const ready = Promise.race([
    once(lines, 'line').then(() => {}),
    end.then(({ errors }) => {
      throw new Error(`the worker ended: ${errors}`)
    }),
  ])
  ready.catch(() => {})
  return { child, lines, ready, end, go: () => void child.stdin.write('go\n') }
}
