import { ranAt } from '../event/ran-at.ts'
import type { EventValidator } from '../event/read.ts'
import { readItem } from './item.ts'
import type { Seen } from './world.ts'

export interface Found {
  readonly events: ReadonlyMap<string, Seen>
  readonly unknown: ReadonlyMap<string, string>
  readonly unnamed: () => number
  /** Takes the items of one answer in; the number of those that do not say which event they are. */
  readonly take: (items: readonly unknown[], namespace: string | null) => number
  readonly doubt: (identity: string, why: string) => void
}

/** Gathers events by identity and drops at once what nobody asks about: of a large Sensu most events pass. */
export function collect(wanted: ReadonlySet<string>, validate: EventValidator): Found {
  const events = new Map<string, Seen>()
  const unknown = new Map<string, string>()
  let unnamed = 0

  function doubt(identity: string, why: string): void {
    unknown.set(identity, why)
    events.delete(identity)
  }

  function take(items: readonly unknown[], namespace: string | null): number {
    let nameless = 0
    for (const raw of items) {
      const item = readItem(raw, namespace, validate)
      if (item.kind === 'unnamed') nameless++
      else if (item.kind === 'unknown') for (const identity of item.identities) doubt(identity, item.why)
      else if (!unknown.has(item.identity)) keep(item.identity, item)
    }
    unnamed += nameless
    return nameless
  }

  /** Of an event that pages show twice the newer stays. */
  function keep(identity: string, { event, interval }: Seen): void {
    const other = events.get(identity)
    if (other !== undefined && ranAt(other.event) > ranAt(event)) return
    if (wanted.has(identity) || event.check?.status !== 0) events.set(identity, { event, interval })
    else events.delete(identity)
  }

  return { events, unknown, unnamed: () => unnamed, take, doubt }
}
