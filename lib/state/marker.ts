import { rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/** As long as a handler sends at a time, see lib/run/spool.ts. */
const TURN_MS = 2000

/**
 * An empty file that stands beside the database as long as points are kept, so that a run learns without opening the database
 * that there are none. Its time says when somebody last began to send them. Where it is lost, the points wait for
 * `tierline tick`, which asks the database.
 */
export function markerIn(folder: string): string {
  return join(folder, 'spooled')
}

/** Whether it is this run's turn to send what is kept: when carbon comes back, fifty runs at once would all send the same lines. */
export function takeTurn(folder: string, now_ms: number): boolean {
  const path = markerIn(folder)
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found || Math.abs(now_ms - found.mtimeMs) < TURN_MS) return false
    utimesSync(path, now_ms / 1000, now_ms / 1000)
    return true
  } catch {
    return false
  }
}

/** Makes an empty file and tells whether there was none. */
type Make = (path: string) => boolean

/** Marks that points are kept, and that nobody has begun to send them. */
export function setMarker(folder: string, make: Make): void {
  try {
    if (make(markerIn(folder))) utimesSync(markerIn(folder), 0, 0)
  } catch {}
}

/**
 * Takes the mark away where a look has found nothing kept. What another process has kept since then, and marked, is seen by
 * `any`, which is asked only after that.
 */
export async function clearMarker(folder: string, any: () => Promise<boolean>, make: Make): Promise<void> {
  try {
    rmSync(markerIn(folder))
  } catch {
    return
  }
  if (await any()) setMarker(folder, make)
}
