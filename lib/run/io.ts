import { readInput, writeError, writeOutput } from './streams.ts'

/** The world outside, in one place: nothing but `lib/run` mentions `process`, so a run can be handed another world. */
export interface Io {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: () => Uint8Array
  readonly stdout: (text: string | Uint8Array) => void
  readonly stderr: (text: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds that this process has been running. */
  readonly uptime: () => number
  readonly stdin_is_terminal: boolean
  readonly stdout_is_terminal: boolean
  readonly stderr_is_terminal: boolean
}

export function processIo(): Io {
  return {
    args: process.argv.slice(2),
    env: process.env,
    stdin: readInput,
    stdout: (text) => {
      // Nobody reads any more, so there is nothing left to do.
      if (!writeOutput(1, text)) process.exit(0)
    },
    stderr: writeError,
    now: () => Date.now(),
    uptime: () => performance.now(),
    // isTTY of process.stdin would open the stream, which costs a start more than everything else here.
    get stdin_is_terminal() {
      return process.stdin.isTTY === true
    },
    get stdout_is_terminal() {
      return process.stdout.isTTY === true
    },
    get stderr_is_terminal() {
      return process.stderr.isTTY === true
    },
  }
}
