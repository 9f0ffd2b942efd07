import { dedupKey } from '../deliver/pagerduty/dedup-key.ts'
import { SUMMARY_UNITS } from '../deliver/pagerduty/schema.ts'
import { cut, oneLine } from '../deliver/text.ts'
import { SEVERITIES, type Severity } from '../event/severity.ts'
import type { Store } from '../state/store.ts'
import { instant } from '../triage/words.ts'
import type { Alert, StoredBody } from './alert.ts'
import { BLANK } from './blank.ts'
import { concluded } from './conclude.ts'

/** The place of a digest among identities, where a check of Sensu would have its namespace and entity. */
const NAMESPACE = 'tierline'
const DIGEST = 'digest'

const MOST_LISTED = 200
/** Seconds in which another tick may still be putting alerts under it. */
const BEING_OPENED = 60

/** One alert of the first line in place of the many that waited for its hours: one call, and all of them in its text. */
function digestOf(waited: readonly Alert[], now: number): Alert {
  const starts = Math.min(...waited.map(({ until }) => until ?? now))
  const check = instant(starts)
  const identity = `${NAMESPACE}/${DIGEST}/${check}`
  const severity = worst(waited)
  const says = `${waited.length} alerts waited for the hours to start: ${waited.map((alert) => `${alert.check} on ${alert.entity}`).join(', ')}`
  const body: StoredBody = {
    event_action: 'trigger',
    dedup_key: dedupKey(identity),
    payload: {
      summary: cut(oneLine(says), SUMMARY_UNITS),
      source: NAMESPACE,
      severity,
      timestamp: instant(now),
      component: DIGEST,
      class: DIGEST,
      custom_details: {
        tier: 'first',
        reason: 'night_hold',
        why: cut(oneLine(says), SUMMARY_UNITS),
        alerts: waited.slice(0, MOST_LISTED).map((alert) => ({
          identity: alert.identity,
          since: instant(alert.episode),
          says: cut(oneLine(alert.says), 300),
        })),
        ...(waited.length > MOST_LISTED ? { more: waited.length - MOST_LISTED } : {}),
      },
    },
  }
  return {
    ...BLANK,
    identity,
    namespace: NAMESPACE,
    entity: DIGEST,
    check,
    order: { executed: starts, sequence: 0 },
    want: 'open',
    since: now,
    tier: 'first',
    severity,
    reason: 'night_hold',
    says: cut(oneLine(says), SUMMARY_UNITS),
    episode: now,
    body,
    queued_since: now,
  }
}

function worst(alerts: readonly Alert[]): Severity {
  const ranks = alerts.map(({ severity }) => SEVERITIES.indexOf(severity))
  return SEVERITIES[Math.max(...ranks)] ?? 'error'
}

/** Opens one digest for all that waited, and lets it stand for them. */
export async function openDigest(store: Store, waited: readonly Alert[], now: number): Promise<Alert> {
  const digest = digestOf(waited, now)
  const { identity, namespace, entity, check, tier, reason, says } = digest
  const entry = { at: now, kind: 'decision' as const, identity, namespace, entity, check, tier, reason, says }
  await store.change(identity, (known) =>
    // Another tick may be doing the same.
    known?.want === 'open'
      ? { result: null }
      : {
          alert: digest,
          journal: [{ ...entry, what: 'page', latency_ms: null, facts: { alerts: waited.length } }],
          result: null,
        },
  )
  for (const alert of waited) {
    await store.change(alert.identity, (known) =>
      known?.want === 'held' && known.until === alert.until
        ? { alert: { ...known, want: 'covered', covered_by: identity, since: now, until: null }, result: null }
        : { result: null },
    )
  }
  return digest
}

/** Closes a digest when nothing that it stands for is left. Whether it did. */
export async function closeEmptyDigest(store: Store, identity: string, now: number): Promise<boolean> {
  if ((await store.alerts({ covered_by: identity, want: 'covered', limit: 1 })).length > 0) return false
  return store.change(identity, (known) =>
    known?.entity === DIGEST && known.want === 'open' && now - known.since >= BEING_OPENED
      ? { alert: concluded(known, 'resolved', 'All that it stood for is over.', now), result: true }
      : { result: false },
  )
}

/** The digests that are open. */
export async function openDigests(store: Store): Promise<string[]> {
  const open = await store.alerts({ want: 'open', namespace: NAMESPACE })
  return open.filter(({ entity }) => entity === DIGEST).map(({ identity }) => identity)
}
