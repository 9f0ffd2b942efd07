/**
 * What Tierline reads of a Sensu event, after the door: nothing is optional here but a missing check or
 * missing metrics, and every time is in whole seconds since 1970. Names are Sensu's own
 * (core/v2 event, check and entity).
 */

/** Labels or annotations: always an object, values always text. */
export type StringMap = Readonly<Record<string, string>>

export interface HistoryItem {
  readonly status: number
  /** Seconds since 1970; 0 when unknown. */
  readonly executed: number
}

export interface Check {
  readonly name: string
  /** 0 ok, 1 warning, 2 critical, anything else up to 4294967295 unknown; null when it was no number. */
  readonly status: number | null
  readonly output: string
  /** `passing`, `failing`, `flapping`, or empty on events that Sensu makes up itself. */
  readonly state: string
  /** Oldest first, the current result last, 21 at most. */
  readonly history: readonly HistoryItem[]
  readonly executed: number
  readonly issued: number
  readonly last_ok: number
  readonly ttl: number
  /** Seconds, with fractions; 0 when unknown. */
  readonly duration: number
  readonly occurrences: number
  readonly total_state_change: number
  /** Names of the silences that match; `is_silenced` can disagree and is not read. */
  readonly silenced: readonly string[]
  readonly processed_by: string
  readonly labels: StringMap
  readonly annotations: StringMap
}

export interface Entity {
  readonly name: string
  readonly entity_class: string
  readonly labels: StringMap
  readonly annotations: StringMap
}

export interface MetricTag {
  readonly name: string
  readonly value: string
}

export interface MetricPoint {
  readonly name: string
  /** NaN when the event carried no number. */
  readonly value: number
  /** As sent: seconds, milliseconds, microseconds or nanoseconds; 0 when absent. */
  readonly timestamp: number
  readonly tags: readonly MetricTag[]
}

export interface Event {
  readonly namespace: string
  readonly entity: Entity
  readonly check: Check | null
  /** null when the event carried no metrics object. */
  readonly metrics: readonly MetricPoint[] | null
  readonly labels: StringMap
  readonly annotations: StringMap
  /** Seconds since 1970; 0 when the event carried none. */
  readonly timestamp: number
  readonly sequence: number
  /** What was wrong with the event but could be borne, one line each. */
  readonly problems: readonly string[]
}

/** The answer of the reader: an event, or one line that says why not and where. */
export type Reading = { readonly event: Event } | { readonly refused: string }
