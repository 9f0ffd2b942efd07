import type { Tier } from '../event/settings.ts'
import type { GroupTrouble } from '../facts/facts.ts'

export const ACTIONS = ['page', 'resolve', 'hold', 'drop', 'record'] as const
/**
 * - `page`: open an alert at the tier. `resolve`: close it on every tier.
 * - `hold`: wait, then decide again. `drop`: nobody hears of it. `record`: for Graphite only.
 */
export type Action = (typeof ACTIONS)[number]

/** The closed list of why: it goes into pages, logs and series, so a name never changes its meaning. */
export const REASONS = [
  'fail_open',
  'metrics_only',
  'resolved',
  'deregistered',
  'ok',
  'notice',
  'opted_out',
  'silenced',
  'rule',
  'group_down',
  'group_floor',
  'group_half',
  'group_burst',
  'zone_down',
  'leave_budget',
  'churn',
  'service_down',
  'leaving',
  'gone',
  'pooled',
  'standby',
  'warming',
  'warming_overdue',
  'scaling_out',
  'scale_out_insufficient',
  'cannot_scale',
  'covered_by_group',
  'covered_by_keepalive',
  'replacing',
  'replace_overdue',
  'too_young',
  'flapping',
  'machine_down',
  'warning',
  'check_broken',
  'night_hold',
] as const satisfies readonly (GroupTrouble | string)[]
export type Reason = (typeof REASONS)[number]

export interface Decision {
  readonly action: Action
  /** Who is paged, or would be at the end of a hold; null when nobody is. */
  readonly tier: Tier | null
  readonly reason: Reason
  /** One sentence for a person woken at 2 a.m. */
  readonly says: string
  /** When a hold ends, seconds since 1970; null when it is no hold or nobody can say. */
  readonly hold_until: number | null
}
