import { isNotice } from '../event/classify.ts'
import type { Event } from '../event/event.ts'
import { failingFor } from '../event/failing-for.ts'
import { ranAt } from '../event/ran-at.ts'
import type { Seen, World } from '../sensu/world.ts'
import type { Finding } from './finding.ts'

/** Of a check without an interval (cron, by hand): as long as the default of keepalives. */
const PATIENCE_SECS = 120

/** The events that fail in Sensu, unsilenced, and that nobody knows of: to be decided about like any other event. */
export function unpaged(world: World, known: ReadonlySet<string>): Finding[] {
  return [...world.events].flatMap(([identity, seen]) => {
    const { check, entity, namespace } = seen.event
    if (known.has(identity) || world.unknown.has(identity)) return []
    if (check === null || check.status === 0 || check.silenced.length > 0 || isNotice(check)) return []
    const age = ageAt(world.began, seen.event)
    if (age <= patienceOf(seen)) return []
    const long = Number.isFinite(age) ? ` for ${age} s` : ''
    const says = `${check.name} on ${entity.name} in ${namespace} fails in Sensu${long}, and no alert of ours stands for it`
    return [{ kind: 'open' as const, identity, says, event: seen.event }]
  })
}

/** The handler of the first failing event may still be at work, and that of the second, too. */
function patienceOf({ interval }: Seen): number {
  return interval > 0 ? 2 * interval : PATIENCE_SECS
}

/**
 * How long it had been failing when the reading began, for alerts that came later were not read. Counted from its first
 * failing event, for a keepalive too, as that started the first handler. For ever when nothing tells: it is better looked at.
 */
function ageAt(began: number, event: Event): number {
  const { check } = event
  if (check === null) return 0
  const executed = ranAt(event)
  if (executed === 0 && check.history.length === 0) return Number.POSITIVE_INFINITY
  const failing = failingFor({ ...check, executed, state: '' }, 'service', began)
  return began - (Math.max(began, executed) - failing)
}
