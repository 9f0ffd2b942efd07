import type { Named } from '../alert/of-event.ts'
import type { EventValidator } from '../event/read.ts'
import type { Ask } from './ask.ts'
import { collect } from './collect.ts'
import { eachPage } from './list.ts'
import { lookUp } from './look-up.ts'
import { covers, type Reading } from './world.ts'

const LIST = 'list events'

export interface Question {
  /** null: all, which takes a ClusterRole. */
  readonly namespaces: readonly string[] | null
  /** What must be known for certain: alerts, read from the store before this, so that their events came before it too. */
  readonly wanted: readonly Named[]
}

/** Reads from Sensu what there is to know; `began` is now, in seconds. Never throws. */
export async function readWorld(
  ask: Ask,
  { namespaces, wanted }: Question,
  began: number,
  validate: EventValidator,
): Promise<Reading> {
  const asked = wanted.filter(({ namespace }) => covers({ namespaces }, namespace))
  const found = collect(new Set(asked.map(({ identity }) => identity)), validate)
  for (const namespace of namespaces ?? [null]) {
    const where = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`
    const permission = namespace === null ? `${LIST} of all namespaces, which takes a ClusterRole` : `${LIST} in ${namespace}`
    const why = await eachPage(ask, `/api/core/v2${where}/events`, permission, (items) => found.take(items, namespace))
    if (why !== null) return { complete: false, why }
  }
  const missing = asked.filter(({ identity }) => !found.events.has(identity) && !found.unknown.has(identity))
  const absent = await lookUp(ask, missing, found)
  return { complete: true, began, namespaces, events: found.events, absent, unknown: found.unknown, unnamed: found.unnamed() }
}
