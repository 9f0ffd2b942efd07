import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import type { EventFilter } from '../../lib/mirror/event-filter.ts'
import { flatEvent } from '../../lib/mirror/flat-event.ts'
import { type Answer, type Verdict, verdictOf } from '../../lib/mirror/verdict.ts'
import type { Io } from '../../lib/run/io.ts'
import { engineFor } from './engine.ts'
import { filtersAt } from './filter-files.ts'

export { filterLines } from './lines.ts'

const OUR_ASSET = 'sensu-tierline-filters'
/** Two folders down from the root, as this file and the bundle that it becomes are. */
const OUR_FILE = new URL('../../dist/filters/lib/tierline.js', import.meta.url)

/** The EventFilters of files, and what is wrong with those files, a line each. */
export interface Mirror {
  readonly problems: readonly string[]
  /** What each filter does with an event as Sensu sent it, at a moment in seconds. */
  readonly verdictsOn: (event: unknown, now: number) => Verdict[]
}

export function mirrorOf(paths: readonly string[], io: Pick<Io, 'stdin'>): Mirror {
  const found = paths.map((path) => filtersAt(path, io))
  const filters = found.flatMap((one) => one.filters)
  const engine = engineWithAssets(filters.some(({ assets }) => assets.includes(OUR_ASSET)) ? ourAsset() : null)
  return {
    problems: found.flatMap((one) => one.problems),
    verdictsOn: (value, now) => {
      const event = flatEvent(value)
      const text = JSON.stringify(event)
      return filters.map((filter) => ({
        ...named(filter),
        ...verdictOf(filter, event.has_check === true, now, engine(filter.assets, text, now)),
      }))
    },
  }
}

/** Sensu has assets that are not here, and nobody can tell what their functions answer. */
function engineWithAssets(ours: Script | null) {
  return (assets: readonly string[], event: string, now: number): ((expression: string) => Answer) => {
    const missing = assets.filter((name) => name !== OUR_ASSET || ours === null)
    if (missing.length > 0) return () => ({ never_answers: `needs the asset ${missing.join(' and ')}, which is not here` })
    return engineFor(ours !== null && assets.includes(OUR_ASSET) ? [ours] : [], event, now)
  }
}

function ourAsset(): Script | null {
  try {
    return new Script(readFileSync(OUR_FILE, 'utf8'))
  } catch {
    return null
  }
}

function named({ name, namespace }: EventFilter): Pick<Verdict, 'name' | 'namespace'> {
  return namespace === '' ? { name } : { name, namespace }
}
