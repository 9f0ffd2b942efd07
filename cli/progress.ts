import type { Io } from '../lib/run/io.ts'

const EVERY_MS = 500
const QUIET_MS = 1000

/** Tells on standard error how far long work has come, only on a terminal and only after a second. */
export function progress(io: Io): { step: (count: number) => void; clear: () => void } {
  const shown = io.stderr_is_terminal
  let next = io.now() + QUIET_MS
  let dirty = false
  return {
    step: (count) => {
      if (!shown || io.now() < next) return
      next = io.now() + EVERY_MS
      dirty = true
      io.stderr(`\r${count} events ...`)
    },
    clear: () => {
      if (dirty) io.stderr('\r\u001b[K')
      dirty = false
    },
  }
}
