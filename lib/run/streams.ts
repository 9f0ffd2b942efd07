import { readSync, writeSync } from 'node:fs'

const CHUNK = 65_536

/**
 * The whole of standard input. Synchronous, because the stream of `process.stdin` costs a start a quarter of
 * Node's own time. A pipe that another program set to non-blocking answers EAGAIN: wait a moment and ask again.
 */
export function readInput(fd = 0): Uint8Array {
  const chunks: Uint8Array[] = []
  let size = CHUNK
  for (;;) {
    const chunk = Buffer.allocUnsafe(size)
    const count = patiently(() => readSync(fd, chunk, 0, size, null))
    if (count === 0) break
    chunks.push(chunk.subarray(0, count))
    if (count === size && size < 8 * 1024 * 1024) size *= 2
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** Writes every byte; false when the reader has gone away. */
export function writeOutput(fd: number, data: string | Uint8Array): boolean {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let done = 0; done < bytes.length; ) {
    try {
      done += patiently(() => writeSync(fd, bytes, done))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false
      throw error
    }
  }
  return true
}

/** Writes to standard error; a log that cannot be written (a full disk, a closed pipe) must not cost a page. */
export function writeError(text: string): void {
  try {
    writeOutput(2, text)
  } catch {}
}

function patiently(act: () => number): number {
  for (;;) {
    try {
      return act()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
