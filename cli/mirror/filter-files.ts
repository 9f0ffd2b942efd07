import { readResources } from '../../lib/lint/read.ts'
import { type EventFilter, eventFilterOf } from '../../lib/mirror/event-filter.ts'
import type { Io } from '../../lib/run/io.ts'
import { type Input, inputsOf } from '../inputs.ts'

const RESOURCES = /\.(ya?ml|json)$/i

interface Found {
  readonly filters: readonly EventFilter[]
  readonly problems: readonly string[]
}

/** The EventFilters of a file, or of a folder. Nothing here throws: a bad file takes no other along. */
export function filtersAt(path: string, io: Pick<Io, 'stdin'>): Found {
  if (path === '') return { filters: [], problems: ['the name of a file is empty'] }
  const found = inputsOf([path], io.stdin, RESOURCES).map(filtersIn)
  const filters = found.flatMap((one) => one.filters)
  const problems = [...new Set(found.flatMap((one) => one.problems))]
  return { filters, problems: filters.length + problems.length === 0 ? [`${path}: there is no EventFilter in it`] : problems }
}

function filtersIn({ path, read }: Input): Found {
  try {
    const reading = readResources({ source: path, text: new TextDecoder().decode(read()) })
    const { resources, unreadable } = reading ?? { resources: [], unreadable: [] }
    return {
      filters: resources.filter(({ kind }) => kind === 'EventFilter').map(eventFilterOf),
      problems: unreadable.map(({ place, says }) => `${path}:${place.line}:${place.column}: ${says}; this resource is left out`),
    }
  } catch (error) {
    return { filters: [], problems: [`${path}: ${(error as Error).message}`] }
  }
}
