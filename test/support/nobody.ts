import { chmodSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const NOBODY = 65_534
export const is_root = process.getuid?.() === 0

/**
 * The environment in which the built executables run as a plain user: to root nothing is forbidden. They are copied to where
 * everybody may read.
 */
export function plainUser(): Readonly<Record<string, string>> {
  if (!is_root) return {}
  const folder = mkdtempSync(join(tmpdir(), 'tierline-dist-'))
  cpSync('dist', folder, { recursive: true })
  writeFileSync(join(folder, 'nobody.cjs'), `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY})`)
  chmodSync(folder, 0o755)
  return { PATH: `${folder}/bin:${process.env.PATH}`, NODE_OPTIONS: `--require ${folder}/nobody.cjs` }
}
