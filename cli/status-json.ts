import { countOf, type Listed, ORDER, STATES, type Status } from './status.ts'

/** What is remembered, for programs. Times are seconds since 1970, null for never. */
export function statusJson(status: Status, state_dir: string): object {
  const { now, last_tick, holds, spool, alerts } = status
  const tiers = ORDER.map((tier) => {
    const counts = STATES.map((state) => [state, countOf(status, tier, state)])
    return [tier ?? 'closing', Object.fromEntries(counts)]
  })
  return {
    at: now,
    state_dir,
    last_tick: last_tick || null,
    holds,
    spool,
    tiers: Object.fromEntries(tiers),
    alerts: alerts.map(alertJson),
  }
}

/** Without what was sent, the event that it was made from, and what only processes need. */
function alertJson({ state, waits, alert }: Listed): object {
  const { body: _, event: __, order: ___, lease: ____, next_at, queued_since, closed_at, ...rest } = alert
  const next_try = state === 'queued' && next_at > 0 ? Math.ceil(next_at / 1000) : null
  return { state, waits, ...rest, closed_at: closed_at || null, queued_since: queued_since || null, next_try }
}
