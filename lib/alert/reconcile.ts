import type { Event } from '../event/event.ts'
import { ranAt } from '../event/ran-at.ts'
import { covers, type Reading, type World } from '../sensu/world.ts'
import type { Alert } from './alert.ts'
import type { Finding } from './finding.ts'
import { isOfEvent } from './of-event.ts'
import { unpaged } from './unpaged.ts'

/** So many may be gone at once, whatever their share. */
const FEW = 5

/**
 * Compares the alerts, read from the store before the world was, with what Sensu says, at `now` in seconds. Only what
 * Sensu has said itself closes an alert: that it passes, or that there is no such event any more. When Sensu has lost
 * more than half of them, it has rather lost itself: a new or emptied backend knows nothing. `all` closes them all the same.
 */
export function reconcile(alerts: readonly Alert[], world: Reading, now: number, { all = false } = {}): Finding[] {
  if (!world.complete) return [unsure('', `Sensu was not read to the end, so nothing is closed or opened: ${world.why}`)]
  const ours = alerts.filter(({ want }) => want !== 'closed')
  const judged = ours.filter((alert) => isOfEvent(alert) && covers(world, alert.namespace))
  const findings = judged.map((alert) => judge(alert, world, now)).filter((finding) => finding !== null)
  const isGone = (finding: Finding) => finding.kind === 'close' && finding.why !== 'ok'
  const gone = findings.filter(isGone).length
  const lost = !all && gone > FEW && gone * 2 > judged.length
  return [
    ...(lost ? [unsure('', lostSays(gone, judged.length))] : []),
    ...findings.filter((finding) => !(lost && isGone(finding))),
    ...unpaged(world, new Set(ours.map(({ identity }) => identity))),
  ]
}

function judge(alert: Alert, world: World, now: number): Finding | null {
  const { identity, entity, check, order } = alert
  // What happened while Sensu was read may be missing from what was read; the next time will tell.
  if (order.executed >= world.began) return null
  const doubt = world.unknown.get(identity)
  if (doubt !== undefined) return unsure(identity, `not known: ${doubt}`)
  const seen = world.events.get(identity)
  if (seen !== undefined) return judgeSeen(alert, seen.event, now)
  const absent = world.absent.get(identity)
  if (absent === undefined) return unsure(identity, 'not known: no list had it, and nobody asked Sensu for it')
  const says =
    absent === 'entity' ? `Sensu has no entity ${entity} any more` : `Sensu has no event of ${check} on ${entity} any more`
  return { kind: 'close', identity, why: absent === 'entity' ? 'entity_gone' : 'event_gone', says }
}

function judgeSeen({ identity, check, entity, order, want, until }: Alert, event: Event, now: number): Finding | null {
  if (event.check?.status !== 0) return null
  if (ranAt(event) < order.executed) {
    return unsure(identity, 'passes in Sensu by an event that is older than the one that we know: is that backend behind?')
  }
  if (event.check.state === 'flapping') return unsure(identity, 'passes now, but flaps')
  // The recovery is known and counts at `until`.
  if (want === 'open' && until !== null && until > now) return null
  return { kind: 'close', identity, why: 'ok', says: `${check} on ${entity} passes in Sensu`, event }
}

function lostSays(gone: number, of: number): string {
  return `${gone} of ${of} alerts have no event in Sensu any more: is it a new or emptied backend? None of them is closed; --all closes them`
}

function unsure(identity: string, says: string): Finding {
  return { kind: 'unsure', identity, says }
}
