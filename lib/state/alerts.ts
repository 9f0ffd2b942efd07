import type { Alert } from '../alert/alert.ts'
import { pendingOf } from '../alert/steps.ts'
import type { Tier } from '../event/settings.ts'
import { type Connection, recordOf } from './connection.ts'
import type { AlertQuery, Backlog } from './store.ts'

/** What is sent first. */
const RANK = { page: 0, resolve: 1, tidy: 2 } as const

const COLUMNS = [
  'identity',
  'want',
  'tier',
  'namespace',
  'entity',
  'pending',
  'queued_since',
  'next_at',
  'lease_until',
  'until',
  'covered_by',
  'accepted_at',
  'ended_at',
  'dead',
  'record',
]

const WRITE = `INSERT INTO alerts (${COLUMNS}) VALUES (${COLUMNS.map(() => '?')})
  ON CONFLICT (identity) DO UPDATE SET ${COLUMNS.slice(1).map((name) => `${name} = excluded.${name}`)}`

export function readAlert(db: Connection, identity: string): Alert | null {
  const text = readRecord(db, identity)
  return text === null ? null : recordOf(text)
}

/** The record as it is stored. */
export function readRecord(db: Connection, identity: string): string | null {
  const row = db.get('SELECT record FROM alerts WHERE identity = ?', identity)
  return row ? String(row.record) : null
}

export function writeAlert(db: Connection, alert: Alert): void {
  const pending = pendingOf(alert)
  db.run(
    WRITE,
    alert.identity,
    alert.want,
    alert.tier,
    alert.namespace,
    alert.entity,
    pending && RANK[pending],
    alert.queued_since,
    alert.next_at,
    alert.lease?.until ?? 0,
    alert.until,
    alert.covered_by,
    alert.accepted?.at ?? null,
    // A recovery of what never had an episode has no end of one.
    alert.want === 'closed' ? Math.max(alert.closed_at, alert.since) : null,
    alert.dead === null ? 0 : 1,
    JSON.stringify(alert),
  )
}

export function removeAlert(db: Connection, identity: string): void {
  db.run('DELETE FROM alerts WHERE identity = ?', identity)
}

/** Each part has an index. */
const UNFINISHED = "(want IN ('open', 'held', 'covered') OR pending IS NOT NULL OR dead = 1)"

export function findAlerts(db: Connection, query: AlertQuery): Alert[] {
  const conditions = ['TRUE']
  const values: string[] = []
  for (const name of ['want', 'covered_by', 'namespace'] as const) {
    const value = query[name]
    if (value === undefined) continue
    conditions.push(`${name} = ?`)
    values.push(value)
  }
  if (query.dead !== undefined) conditions.push(`dead = ${query.dead ? 1 : 0}`)
  if (query.queued !== undefined) conditions.push(`pending IS ${query.queued ? 'NOT ' : ''}NULL`)
  if (query.unfinished) conditions.push(UNFINISHED)
  const sql = `SELECT record FROM alerts WHERE ${conditions.join(' AND ')} ORDER BY queued_since, identity LIMIT ?`
  return db.all(sql, ...values, query.limit ?? -1).map((row) => recordOf(row.record))
}

const DUE = `
  SELECT identity FROM (
    SELECT identity, pending AS rank, queued_since AS since FROM alerts
      WHERE pending IS NOT NULL AND next_at <= ?1 AND lease_until <= ?1 AND instr(?4, COALESCE(tier, 'none')) = 0
    UNION ALL
    SELECT identity, 3, accepted_at FROM alerts
      WHERE want = 'open' AND pending IS NULL AND dead = 0 AND accepted_at <= ?2
        AND next_at <= ?1 AND lease_until <= ?1 AND instr(?4, tier) = 0
  ) ORDER BY rank, since, identity LIMIT ?3`

export function dueIdentities(
  db: Connection,
  now: number,
  refresh_before: number,
  limit: number,
  skip: readonly (Tier | null)[],
): string[] {
  const skipped = skip.map((tier) => tier ?? 'none').join(' ')
  return db.all(DUE, now, refresh_before, limit, skipped).map((row) => String(row.identity))
}

/** When the first of what waits may be tried, ms since 1970; null when nothing waits. */
export function nextDue(db: Connection): number | null {
  const row = db.get('SELECT MIN(MAX(next_at, lease_until)) AS next FROM alerts WHERE pending IS NOT NULL')
  return row?.next === null || row?.next === undefined ? null : Number(row.next)
}

export function ripeIdentities(db: Connection, now: number, limit: number): string[] {
  const rows = db.all('SELECT identity FROM alerts WHERE until <= ? ORDER BY until, identity LIMIT ?', now, limit)
  return rows.map((row) => String(row.identity))
}

const BACKLOG = `
  SELECT tier, COUNT(pending) AS queued, SUM(dead) AS dead,
    COALESCE(MIN(CASE WHEN pending IS NOT NULL AND queued_since > 0 THEN queued_since END), 0) AS oldest
  FROM alerts WHERE pending IS NOT NULL OR dead = 1 GROUP BY tier ORDER BY tier`

export function backlogOf(db: Connection): Backlog[] {
  return db.all(BACKLOG).map((row) => ({
    tier: row.tier as Backlog['tier'],
    queued: Number(row.queued),
    dead: Number(row.dead),
    oldest: Number(row.oldest),
  }))
}

/** How many went. What still waits to be sent, or is being sent, stays. */
export function dropAlerts(db: Connection, closed_before: number, now_ms: number, limit: number): number {
  return db.run(
    `DELETE FROM alerts WHERE identity IN (
      SELECT identity FROM alerts WHERE ended_at < ? AND pending IS NULL AND dead = 0 AND lease_until <= ? ORDER BY ended_at LIMIT ?)`,
    closed_before,
    now_ms,
    limit,
  )
}
