import type { Named } from '../alert/of-event.ts'
import type { Ask } from './ask.ts'
import type { Found } from './collect.ts'

/**
 * Asks for the entities of what no list had, since a list may leave an event out (see list.ts). All events of one
 * entity come in one answer: the address of a single event would do, but with etcd it answers with any check whose
 * name begins alike (sensu-go GetEventByEntityCheck, `WithPrefix`). What is found, or cannot be told, goes to `found`.
 */
export async function lookUp(
  ask: Ask,
  missing: readonly Named[],
  found: Found,
): Promise<ReadonlyMap<string, 'event' | 'entity'>> {
  const absent = new Map<string, 'event' | 'entity'>()
  for (const [base, alerts] of byEntity(missing)) {
    const gone = await lookUpEntity(ask, base, alerts, found)
    if (gone === null) continue
    for (const { identity } of alerts) if (!found.events.has(identity) && !found.unknown.has(identity)) absent.set(identity, gone)
  }
  return absent
}

/** Which of the two does not exist; null when nobody can tell. */
async function lookUpEntity(ask: Ask, at: Place, alerts: readonly Named[], found: Found): Promise<'event' | 'entity' | null> {
  const path = (what: string) =>
    `/api/core/v2/namespaces/${encodeURIComponent(at.namespace)}/${what}/${encodeURIComponent(at.entity)}`
  const doubt = (why: string) => {
    for (const { identity } of alerts) found.doubt(identity, why)
    return null
  }
  const list = await ask(path('events'), `get events in ${at.namespace}`)
  if (list.kind === 'failed') return doubt(list.why)
  if (list.kind === 'gone' || !Array.isArray(list.value) || list.next !== '')
    return doubt(`Sensu gave no list of the events of ${at.entity}`)
  if (found.take(list.value, at.namespace) > 0) return doubt(`an event of ${at.entity} in Sensu cannot be read`)
  if (list.value.length > 0) return 'event'
  const entity = await ask(path('entities'), `get entities in ${at.namespace}`)
  if (entity.kind === 'failed') return doubt(entity.why)
  return entity.kind === 'gone' ? 'entity' : 'event'
}

type Place = Pick<Named, 'namespace' | 'entity'>

function byEntity(alerts: readonly Named[]): [Place, Named[]][] {
  const groups = new Map<string, [Place, Named[]]>()
  for (const alert of alerts) {
    const key = JSON.stringify([alert.namespace, alert.entity])
    const group = groups.get(key)
    if (group) group[1].push(alert)
    else groups.set(key, [alert, [alert]])
  }
  return [...groups.values()]
}
