import type { Marks } from './annotate.ts'
import type { StringMap } from './event.ts'
import { isMarked } from './settings.ts'

/** What a mutator says of an event. */
export interface Results {
  readonly tier: string
  readonly reason: string
  readonly class: string
  readonly severity: string
  readonly action: string
}

/** Results as annotations, and what the owner had set on the event itself where one takes its place, as `tierline/owner_<name>`. */
export function marksOf(annotations: StringMap, results: Results): Marks {
  const marks: Record<keyof Marks, string> = {}
  const is_marked = isMarked(annotations)
  const names = Object.keys(results) as (keyof Results)[]
  names.forEach((name) => {
    const set = annotations[`tierline/${name}`]
    if ((name === 'tier' || name === 'class') && set !== undefined && !is_marked) marks[`tierline/owner_${name}`] = set
    marks[`tierline/${name}`] = results[name]
  })
  return marks
}
