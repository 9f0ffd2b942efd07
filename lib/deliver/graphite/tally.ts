/** What can be wrong with a sample, and what a person reads about it. */
const FLAWS = {
  not_a_number: { dropped: true, says: 'dropped, not a number' },
  ahead: { dropped: true, says: 'dropped, more than 10 minutes ahead of the clock here' },
  too_old: { dropped: true, says: 'dropped, older than graphite.max_age' },
  too_long: { dropped: true, says: 'dropped, over 4096 bytes with all their tags (graphite.drop_tags can leave some out)' },
  too_many: { dropped: true, says: 'dropped, beyond graphite.max_points' },
  duplicate: { dropped: true, says: 'dropped, replaced by another of the same series and second' },
  undated: { dropped: false, says: 'without a time of their own, taken at the time of the event' },
} as const

export type Flaw = keyof typeof FLAWS

const MAX_NAMES = 3
const MAX_NAME = 100

export interface Tally {
  readonly add: (flaw: Flaw, name: string) => void
  readonly dropped: () => number
  /** One line a kind, with up to three names. */
  readonly problems: () => string[]
}

/** Counts flaws by kind: an event has thousands of points, and a log should have one line about them. */
export function newTally(): Tally {
  const found = new Map<Flaw, { count: number; names: Set<string> }>()
  return {
    add(flaw, name) {
      const entry = found.get(flaw) ?? { count: 0, names: new Set() }
      found.set(flaw, entry)
      entry.count++
      if (entry.names.size < MAX_NAMES) entry.names.add(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name)
    },
    dropped: () => [...found].reduce((sum, [flaw, { count }]) => sum + (FLAWS[flaw].dropped ? count : 0), 0),
    problems: () =>
      [...found].map(
        ([flaw, { count, names }]) =>
          `${count} ${count === 1 ? 'point' : 'points'} ${FLAWS[flaw].says}: ${[...names].join(', ')}`,
      ),
  }
}
