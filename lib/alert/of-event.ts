import { identityFrom } from '../event/identity.ts'
import type { Alert } from './alert.ts'

export type Named = Pick<Alert, 'identity' | 'namespace' | 'entity' | 'check'>

/**
 * Whether an alert stands for one event of Sensu. Those of groups (`ns/group/...`) and digests (`ns/digest/...`) do not:
 * Sensu has no event of that name, which does not mean that it is over. An entity that is called so is left alone too.
 */
export function isOfEvent({ identity, namespace, entity, check }: Named): boolean {
  return identity === identityFrom(namespace, entity, check) && entity !== 'group' && entity !== 'digest'
}
