import { execFileSync } from 'node:child_process'
import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of one megabyte, where this user may mount one. */
export function smallDisk(): string | null {
  if (process.getuid?.() !== 0) return null
  const at = mkdtempSync(join(tmpdir(), 'tierline-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', at], { stdio: 'ignore' })
  } catch {
    return null
  }
  return at
}

/** Takes all that is left of it, with a file. */
export function fill(disk: string, filler: string): void {
  const { bavail, bsize } = statfsSync(disk)
  if (bavail > 0) writeFileSync(filler, Buffer.alloc(bavail * bsize), { flag: 'a' })
}
