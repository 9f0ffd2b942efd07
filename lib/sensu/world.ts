import type { Event } from '../event/event.ts'

/** An event as Sensu stores it: without metrics, its output perhaps cut (`max_output_size`). */
export interface Seen {
  readonly event: Event
  /** Seconds between two runs; 0 when the check has none, as with cron. */
  readonly interval: number
}

/** What Sensu said when it was read, as far as that concerns anybody. */
export interface World {
  readonly complete: true
  /** When the reading began, seconds since 1970. */
  readonly began: number
  /** Those that were read; null when all were. */
  readonly namespaces: readonly string[] | null
  /** By identity: the events that fail, and those that were asked for. */
  readonly events: ReadonlyMap<string, Seen>
  /** By identity, of those that were asked for: Sensu was asked for the entity itself, and this is what does not exist. */
  readonly absent: ReadonlyMap<string, 'event' | 'entity'>
  /** By identity: why nobody can tell. */
  readonly unknown: ReadonlyMap<string, string>
  /** Items of lists that do not even tell which event they are. */
  readonly unnamed: number
}

/** A world that was not read to its end is none: what it lacks may still be there. */
export type Reading = World | { readonly complete: false; readonly why: string }

export function covers({ namespaces }: Pick<World, 'namespaces'>, namespace: string): boolean {
  return namespaces === null || namespaces.includes(namespace)
}
