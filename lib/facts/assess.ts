import { classOf, isNotice } from '../event/classify.ts'
import type { Check, Event } from '../event/event.ts'
import { failingFor } from '../event/failing-for.ts'
import { identityOf } from '../event/identity.ts'
import { type Recovery, recoveryOf } from '../event/recovery.ts'
import { settingsOf } from '../event/settings.ts'
import { gradeOf, severityOf } from '../event/severity.ts'
import type { Policy } from '../policy/schema.ts'
import { inHours, nextOpening } from '../triage/hours.ts'
import { matchRule } from '../triage/match.ts'
import type { Facts, InHours, Outside, Unknown } from './facts.ts'

/** Everything a decision may look at: from the event, the policy, the clock (seconds) and what is known besides. */
export function assess(event: Event, policy: Policy, now: number, outside: Outside): Facts {
  const check = event.check
  const { settings, problems } = settingsOf(event, policy.annotations.allow)
  const check_class = classOf(event, policy.noise.load_checks, settings.class)
  const status = check === null ? 0 : check.status
  const map = policy.pagerduty.status_map
  const severity = severityOf(status, map, check_class)
  const hours = inHours(policy.tiers.first.hours ?? null, now * 1000)
  return {
    ...outside,
    unknown: outside.unknown.concat(unknownOf(status, hours)),
    problems: event.problems.concat(problems, outside.problems),
    identity: identityOf(event),
    namespace: event.namespace,
    entity: event.entity.name,
    check: check === null ? '' : check.name,
    class: check_class,
    status,
    grade: gradeOf(status, map, check_class),
    severity,
    failing_for: check === null ? 0 : failingFor(check, check_class, now),
    alert_after:
      outside.can_hold && isTimeless(check)
        ? 0
        : Math.max(settings.alert_after ?? alertAfter(policy, check_class), reopening(check, policy, outside)),
    recovery: check === null ? 'none' : recovered(check, outside),
    silenced: check === null ? [] : check.silenced,
    flapping: check !== null && check.state === 'flapping',
    settings,
    rule: matchRule(policy.rules, { event, class: check_class, severity }),
    hours,
    hours_start: hours === 'out' ? openingOf(policy, now) : null,
    now,
  }
}

/** An OK ends what is remembered as failing, even where the run before was OK too: the recovery itself must have been lost. */
function recovered(check: Check, { standing }: Outside): Recovery {
  const recovery = recoveryOf(check)
  const lost = check.status === 0 && recovery === 'none' && standing !== null && standing !== 'closed' && !isNotice(check)
  return lost ? 'resolved' : recovery
}

/** Who posts results to the API may leave all times out: such a failure would be too young for ever, and held as long. */
function isTimeless(check: Check | null): boolean {
  if (check === null || check.executed > 0 || check.last_ok > 0) return false
  return check.history.every(({ executed }) => executed === 0)
}

const LEAST_INTERVAL = 10
const MOST_INTERVAL = 300

/** What has only just recovered has to fail for one interval more before it rings again. */
function reopening(check: Check | null, policy: Policy, { closed_for, standing }: Outside): number {
  if (check === null || standing !== 'closed' || closed_for === null || closed_for >= policy.noise.reopen_window) return 0
  const [before, last] = check.history.slice(-2)
  const interval = before && last ? last.executed - before.executed : 0
  return Math.min(Math.max(interval, LEAST_INTERVAL), MOST_INTERVAL)
}

function alertAfter(policy: Policy, check_class: string): number {
  const limits: Readonly<Record<string, number>> = policy.noise.alert_after
  return limits[check_class] ?? policy.noise.alert_after.service
}

function openingOf(policy: Policy, now: number): number | null {
  const hours = policy.tiers.first.hours
  const opening = hours ? nextOpening(hours, now * 1000) : null
  return opening === null ? null : opening / 1000
}

function unknownOf(status: number | null, hours: InHours): Unknown[] {
  const unknown: Unknown[] = []
  if (status === null) unknown.push('status')
  if (hours === 'unknown') unknown.push('hours')
  return unknown
}
