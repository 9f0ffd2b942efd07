import type { Want } from '../alert/alert.ts'
import type { CheckClass } from '../event/classify.ts'
import type { Recovery } from '../event/recovery.ts'
import type { Settings, Tier } from '../event/settings.ts'
import type { Grade, Severity } from '../event/severity.ts'

/** How a group as a whole is in trouble, or null when it is not. */
export type GroupTrouble = 'group_down' | 'group_floor' | 'group_half' | 'group_burst' | 'zone_down' | 'leave_budget' | 'churn'

/** Where a machine stands in its life, in no cloud's own words. */
type Phase = 'unknown' | 'warming' | 'active' | 'leaving' | 'gone' | 'parked' | 'pooled' | 'detached'

/** What is known beyond the event itself. Whatever nobody could find out says `unknown` and suppresses nothing. */
export interface Outside {
  /** What could not be found out though it was asked for, such as `policy`. */
  readonly unknown: readonly Unknown[]
  readonly group_trouble: GroupTrouble | null | 'unknown'
  readonly phase: Phase
  /** What shows the phase, for people: a life-cycle state, its source and its age. */
  readonly phase_evidence: string
  /** Whether autoscaling may still take machines without raising an alarm. */
  readonly within_leave_budget: boolean
  /** Whether the machine has been in its phase for longer than such a phase may last. */
  readonly phase_overdue: boolean
  readonly scaling: 'unknown' | 'idle' | 'launching' | 'launched' | 'cannot'
  readonly replacement: 'unknown' | 'none' | 'running' | 'overdue'
  readonly covered_by: 'group' | 'keepalive' | null
  /** What is wanted of the identity's alert until now; null when nothing is remembered. */
  readonly standing: Want | null
  /** Seconds since its last episode ended; null when nothing is remembered. */
  readonly closed_for: number | null
  /** Whether something is there that will release a hold: a relay or a recent tick. */
  readonly can_hold: boolean
  /** What went wrong while the facts were gathered, one line each. */
  readonly problems: readonly string[]
}

/** `unknown` when the zone cannot be read: whoever decides then treats it as inside. */
export type InHours = 'in' | 'out' | 'unknown'

export type Unknown = 'policy' | 'hours' | 'status'

/** An event alone: nothing is known of its group, its machine or its past. */
export const NOTHING_KNOWN: Outside = {
  unknown: [],
  group_trouble: 'unknown',
  phase: 'unknown',
  phase_evidence: '',
  within_leave_budget: false,
  phase_overdue: false,
  scaling: 'unknown',
  replacement: 'unknown',
  covered_by: null,
  standing: null,
  closed_for: null,
  can_hold: false,
  problems: [],
}

/** The first rule of the policy that matches the event. */
export interface MatchedRule {
  /** Its place in the policy file, from 1. */
  readonly number: number
  readonly because: string
  readonly then: Tier | 'drop' | 'record'
  readonly final: boolean
}

/** Everything a decision may look at, as plain values. */
export interface Facts extends Outside {
  readonly identity: string
  readonly namespace: string
  readonly entity: string
  /** Empty when the event has no check. */
  readonly check: string
  readonly class: CheckClass
  readonly status: number | null
  readonly grade: Grade
  readonly severity: Severity
  /** Seconds. */
  readonly failing_for: number
  /** Seconds that a failure of this class has to last before anybody is called. */
  readonly alert_after: number
  readonly recovery: Recovery
  readonly silenced: readonly string[]
  readonly flapping: boolean
  readonly settings: Settings
  readonly rule: MatchedRule | null
  readonly hours: InHours
  /** When the hours of the first line start next, seconds since 1970; null inside hours, or when they never start. */
  readonly hours_start: number | null
  /** When the decision is made, seconds since 1970. */
  readonly now: number
}
