import { type CheckClass, isLost } from './classify.ts'

/** The four severities of PagerDuty's Events API v2, least first. */
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Which Sensu statuses mean which severity, as in `--status-map`. */
export type StatusMap = Readonly<Partial<Record<Severity, readonly number[]>>>

/**
 * How bad a result is: `broken` is a status that means nothing to the status map, so the check itself
 * (or what runs it) is at fault: 3, 126, 127, 4294967295 and the like.
 */
export type Grade = 'ok' | 'warning' | 'critical' | 'broken'

/** The severity by the status map; what is not in it, or no number, is `error`. */
export function severityOf(status: number | null, map: StatusMap, check_class: CheckClass): Severity {
  const mapped = mappedSeverity(status, map) || 'error'
  // On a service that sets urgency by severity, warning never escalates; a lost machine has to.
  return isLost(check_class) && status !== 0 ? atLeast(mapped, 'error') : mapped
}

/** A lost keepalive or TTL is critical at any failing status. */
export function gradeOf(status: number | null, map: StatusMap, check_class: CheckClass): Grade {
  if (status === 0) return 'ok'
  if (isLost(check_class)) return 'critical'
  const severity = mappedSeverity(status, map)
  if (severity === null) return 'broken'
  return severity === 'critical' || severity === 'error' ? 'critical' : 'warning'
}

/** The worse of the two. */
export function atLeast(severity: Severity, floor: Severity): Severity {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(floor) ? floor : severity
}

function mappedSeverity(status: number | null, map: StatusMap): Severity | null {
  if (status === null) return null
  for (let worst = SEVERITIES.length - 1; worst >= 0; worst--) {
    const severity = SEVERITIES[worst] as Severity
    if ((map[severity] || []).indexOf(status) >= 0) return severity
  }
  return null
}
