/** One number on its way to a line; its series is safe to send, its value and time are still unchecked. */
export interface Sample {
  readonly series: string
  /** A short name for people, safe to print. */
  readonly name: string
  readonly value: number
  /** Whole seconds since 1970. */
  readonly time: number
  /** The point carried no time, so the event's was taken. */
  readonly undated: boolean
}

/**
 * `path;tag=value;...`, sorted as carbon sorts it before it hashes (carbon/util.py `TaggedSeries.format`), so
 * that hashing relays, which see the raw text, send every spelling of a series to the same place.
 */
export function taggedSeries(path: string, tags: ReadonlyMap<string, string>): string {
  const parts = [...tags].map(([name, value]) => `;${name}=${value}`)
  return path + parts.sort().join('')
}
