import type { Alert } from '../../lib/alert/alert.ts'
import type { Change, JournalEntry } from '../../lib/state/store.ts'

/** An alert that has nothing to send: at first line, and taken there. */
export function anAlert(differences: Partial<Alert> = {}): Alert {
  const { namespace = 'default', entity = 'web-1', check = 'http' } = differences
  return {
    identity: `${namespace}/${entity}/${check}`,
    namespace,
    entity,
    check,
    order: { executed: 1000, sequence: 1 },
    want: 'open',
    since: 1000,
    tier: 'first',
    severity: 'critical',
    reason: 'machine_down',
    says: 'web-1 is down.',
    episode: 1000,
    closed_at: 0,
    until: null,
    covered_by: null,
    body: null,
    event: null,
    at: { first: 'open', second: 'closed', third: 'closed' },
    accepted: { tier: 'first', wanted: 'first', severity: 'critical', at: 1001 },
    rung: ['first'],
    queued_since: 0,
    tries: 0,
    next_at: 0,
    last_error: '',
    dead: null,
    lease: null,
    ...differences,
  }
}

export function anEntry(differences: Partial<JournalEntry> = {}): JournalEntry {
  return {
    at: 1000,
    kind: 'decision',
    identity: 'default/web-1/http',
    namespace: 'default',
    entity: 'web-1',
    check: 'http',
    tier: 'first',
    what: 'page',
    reason: 'machine_down',
    says: 'web-1 is down.',
    latency_ms: null,
    facts: { failing_for: 90 },
    ...differences,
  }
}

/** One more try of the alert that all processes of a test share. */
export function oneMore(alert: Alert | null): Change<number> {
  const tries = (alert?.tries ?? 0) + 1
  return { alert: anAlert({ tries }), count: { changes: 1 }, result: tries }
}

export const SHARED = anAlert().identity
