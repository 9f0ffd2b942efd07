import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { alone, COMPANIONS, create } from './create.ts'
import { inodeAt, type Place } from './folder.ts'
import type { Patience } from './patience.ts'
import { StoreError } from './store.ts'

const KEPT = 3

/**
 * Moves a damaged file aside and begins a new one; what to tell people, or null when another process was first. Who has the
 * old file open notices (`moved`) and comes over: SQLite leaves names alone that are not its file's any more.
 */
export async function mend(place: Place, inode: string, why: string, now: () => number, calm: Patience): Promise<string | null> {
  try {
    const is_there = () => inodeAt(place.file) === inode
    return await alone(place, calm, is_there, () => {
      const aside = `${place.file}.corrupt-${new Date(now()).toISOString().replaceAll(':', '-')}`
      for (const part of ['', ...COMPANIONS]) if (existsSync(place.file + part)) renameSync(place.file + part, aside + part)
      dropOldest(place)
      create(place)
      return `state ${place.file} was damaged (${why}): what it knew is lost, a new one was begun, the old one is kept as ${aside}`
    })
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'unavailable') throw error
    throw new StoreError('corrupt', `state ${place.file}: it is damaged (${why}) and cannot be moved aside; ${error.message}`, {
      cause: error,
    })
  }
}

function dropOldest({ folder, file }: Place): void {
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.corrupt-`) && !COMPANIONS.some((end) => name.endsWith(end)))
    .sort()
  for (const copy of copies.slice(0, -KEPT))
    for (const part of ['', ...COMPANIONS]) rmSync(join(folder, copy + part), { force: true })
}
