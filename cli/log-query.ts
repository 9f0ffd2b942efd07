import { TIERS } from '../lib/event/settings.ts'
import { UsageError } from '../lib/run/errors.ts'
import type { JournalQuery } from '../lib/state/store.ts'
import { REASONS } from '../lib/triage/decision.ts'
import { momentOf, oneOf, refuseRepeated } from './arguments.ts'

/** What of the journal is asked for, as it was written. */
export interface LogArgs {
  readonly since?: string | undefined
  readonly tier?: string | undefined
  readonly entity?: string | undefined
  readonly check?: string | undefined
  readonly reason?: string | undefined
  readonly kind?: string | undefined
  readonly limit: string
}

const NAMES = ['since', 'tier', 'entity', 'check', 'reason', 'kind', 'limit'] as const satisfies (keyof LogArgs)[]

const KINDS = ['decision', 'delivery'] as const
const MOST = 1_000_000

/** The query that the arguments mean; `now` is in seconds since 1970. */
export function queryOf(args: LogArgs, now: number): JournalQuery {
  refuseRepeated(args, NAMES)
  const { since, tier, entity, check, reason, kind, limit } = args
  for (const name of ['entity', 'check'] as const) if (args[name] === '') throw new UsageError(`--${name} is empty`)
  return {
    ...(since === undefined ? {} : { since: sinceOf(since, now) }),
    ...(tier === undefined ? {} : { tier: oneOf('tier', tier, TIERS) }),
    ...(reason === undefined ? {} : { reason: oneOf('reason', reason, REASONS) }),
    ...(kind === undefined ? {} : { kind: oneOf('kind', kind, KINDS) }),
    ...(entity === undefined ? {} : { entity }),
    ...(check === undefined ? {} : { check }),
    limit: limitOf(limit),
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

function sinceOf(text: string, now: number): number {
  const span = /^(\d{1,9})([smhd]?)$/.exec(text)
  const since = span ? now - Number(span[1]) * (UNITS[span[2] || 's'] ?? 1) : momentOf(text)
  if (since !== null) return since
  throw new UsageError(
    `--since: ${JSON.stringify(text)} is no time: write how long ago (90s, 5m, 2h, 3d), 2026-03-29T02:10:00+01:00 or seconds since 1970`,
  )
}

function limitOf(text: string): number {
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= MOST) return limit
  throw new UsageError(`--limit: ${JSON.stringify(text)} is no number from 1 to ${MOST}`)
}
