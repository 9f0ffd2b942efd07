import type { Event } from '../lib/event/event.ts'
import { type Loose, object, readCheck, readEntity, seconds, stringMap, text } from '../lib/event/fields.ts'

/** As many items of the history as tell a recovery from an OK. */
export const LAST_TWO = 2

/**
 * The event of a filter, where Sensu has merged `metadata` into its owner, or of a mutator, where it has not. Nothing
 * is refused: what is missing is empty. Only what is no event at all throws, as a call that forgot it, so that it passes.
 * Metrics are not read, since no filter goes by them.
 */
export function viewOf(event: unknown, items: number): Event {
  const root = object(event) as Loose
  const entity = object(root.entity) || {}
  const check = object(root.check)
  const metadata = metadataOf(root)
  return {
    namespace: text(metadata.namespace) || text(metadataOf(entity).namespace) || 'default',
    entity: readEntity(entity, metadataOf(entity)),
    check: check === null ? null : readCheck(check, metadataOf(check), items),
    metrics: null,
    labels: stringMap(metadata.labels),
    annotations: stringMap(metadata.annotations),
    timestamp: seconds(root.timestamp),
    sequence: 0,
    problems: [],
  }
}

export function metadataOf(owner: Loose): Loose {
  return object(owner.metadata) || owner
}
