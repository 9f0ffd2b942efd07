import { number, object } from '../event/fields.ts'
import { identityFrom, identityOf } from '../event/identity.ts'
import { type EventValidator, readEvent } from '../event/read.ts'
import type { Seen } from './world.ts'

/** One item of a list of events: an event, one whose state nobody can tell, or one that does not say which event it is. */
export type Item =
  | ({ readonly kind: 'event'; readonly identity: string } & Seen)
  | { readonly kind: 'unknown'; readonly identities: readonly string[]; readonly why: string }
  | { readonly kind: 'unnamed' }

/** Reads an item of the list of `namespace`, or of the list of all when that is null. */
export function readItem(raw: unknown, namespace: string | null, validate: EventValidator): Item {
  const reading = readEvent(raw, validate)
  if ('refused' in reading) return { kind: 'unnamed' }
  const { event } = reading
  const identity = identityOf(event)
  const check = object(unwrapped(raw)?.check)
  if (namespace !== null && event.namespace !== namespace) {
    const here = identityFrom(namespace, event.entity.name, event.check?.name ?? 'metrics')
    return { kind: 'unknown', identities: [here, identity], why: `the list of ${namespace} has it as one of ${event.namespace}` }
  }
  // Sensu always writes the status. The reader takes a missing one for 0, as Go does; here that would close an alert.
  if (event.check !== null && (event.check.status === null || typeof check?.status !== 'number')) {
    return { kind: 'unknown', identities: [identity], why: 'its status in Sensu cannot be read' }
  }
  return { kind: 'event', identity, event, interval: Math.max(0, number(check?.interval)) }
}

/** sensu-go 7 wraps what 6 sends bare. */
function unwrapped(raw: unknown) {
  const root = object(raw)
  return object(root?.spec) ?? root
}
