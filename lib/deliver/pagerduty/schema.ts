import type { Severity } from '../../event/severity.ts'

/*
 * A request of PagerDuty's Events API v2 as Tierline sends it, in the words of the wire.
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */

/** `payload.summary`: one character more is a 400, not a cut. PagerDuty does not say which characters; UTF-16 units are the most. */
export const SUMMARY_UNITS = 1024
/** `dedup_key`: 255 characters in the documentation, counted here as bytes, the strictest reading. */
export const DEDUP_KEY_BYTES = 255
/** The whole request: "512 KB", read as Alertmanager does after prometheus/alertmanager#2178. */
export const BODY_BYTES = 512_000

export type PagerDutyEvent = Trigger | Resolve

export interface Trigger {
  readonly routing_key: string
  readonly event_action: 'trigger'
  /** PagerDuty would make one up; but then a second try of a request whose answer was lost would page twice. */
  readonly dedup_key: string
  readonly payload: Payload
  readonly client?: string
  readonly client_url?: string
  readonly links?: readonly Link[]
}

export interface Resolve {
  readonly routing_key: string
  readonly event_action: 'resolve'
  readonly dedup_key: string
  /** Needed where an orchestration routes by content (prometheus/alertmanager#1483). */
  readonly payload?: Payload
}

export interface Payload {
  readonly summary: string
  readonly source: string
  readonly severity: Severity
  /** ISO 8601 with a zone. */
  readonly timestamp?: string
  readonly component?: string
  readonly group?: string
  readonly class?: string
  readonly custom_details?: Readonly<Record<string, unknown>>
}

export interface Link {
  readonly href: string
  readonly text?: string
}
