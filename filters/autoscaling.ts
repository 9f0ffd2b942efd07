import { isNotice } from '../lib/event/classify.ts'
import type { Event } from '../lib/event/event.ts'
import { list, object, text } from '../lib/event/fields.ts'
import { globMatches } from '../lib/event/glob.ts'
import { classIn, setting } from '../lib/triage/alone.ts'
import { labelOf } from '../lib/triage/match.ts'
import { type FilterPolicy, secondsOption } from './options.ts'
import { ageOf } from './time.ts'
import { metadataOf } from './view.ts'

/**
 * States that the instance metadata service gives as the target of a machine that leaves, or serves nobody. Groups must
 * not capture: on one that takes no part in a match, `test` panics in otto v0.2.1, and no `catch` helps.
 */
const LEAVING = /^(?:Terminat(?:ed|ing(?::\w+)*)|Detached|Standby|Warmed:\w+(?::\w+)*)$/

/**
 * Does the event itself prove that autoscaling takes care of it? Either a lifecycle hook of the check answered that the
 * machine is leaving, or it is a load alert of a group that has had no time to scale yet. Never for a keepalive or an
 * expired TTL, which only tell that nobody answers, and never for a check that watches the whole service.
 */
export function autoscalingHandles(event: Event, raw: unknown, given: unknown, policy: FilterPolicy): boolean {
  const check = event.check
  if (!check?.status || isNotice(check)) return false
  const check_class = classIn(event, policy)
  if ((check_class !== 'load' && check_class !== 'service') || setting(event, 'scope', policy) === 'group') return false
  if (isLeaving(raw, text(object(given)?.lifecycle_hook) || '*lifecycle*')) return true
  if (check_class !== 'load' || !isMember(event, policy)) return false
  const grace = secondsOption(object(given)?.scaling_grace) ?? (policy.alert_after.load || 0)
  const age = check.state === 'flapping' ? null : ageOf(event, check, 'load')
  return age !== null && age < grace
}

function isMember(event: Event, policy: FilterPolicy): boolean {
  return policy.group_labels.some((name) => labelOf(event, name))
}

/** The whole output has to be the state: a hook that lists processes may well mention "Standby". */
function isLeaving(raw: unknown, wanted: string): boolean {
  const check = object(object(raw)?.check)
  return list(check?.hooks).some((item) => {
    const hook = object(item)
    if (hook === null || hook.status) return false
    return globMatches(wanted, text(metadataOf(hook).name)) && LEAVING.test(text(hook.output).trim())
  })
}
