import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const PREVIOUS = '.cache/bench-previous'

/** Builds the previous commit beside this one; null when there is none that can be built. */
export function previousBuild(): string | null {
  try {
    execFileSync('git', ['worktree', 'prune'])
    rmSync(PREVIOUS, { recursive: true, force: true })
    execFileSync('git', ['worktree', 'add', '--force', '--detach', PREVIOUS, 'HEAD~1'], { stdio: 'ignore' })
    symlinkSync(join(process.cwd(), 'node_modules'), join(PREVIOUS, 'node_modules'))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: PREVIOUS, stdio: 'ignore' })
    return existsSync(join(PREVIOUS, 'dist/bin')) ? PREVIOUS : null
  } catch {
    return null
  }
}

export function dropPreviousBuild(): void {
  execFileSync('git', ['worktree', 'remove', '--force', PREVIOUS])
}
