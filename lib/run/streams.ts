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

/** Writes every byte; a reader that has gone away ends it quietly. */
export function writeOutput(fd: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let done = 0; done < bytes.length; ) {
    try {
      done += patiently(() => writeSync(fd, bytes, done))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
      throw error
    }
  }
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
