import { closeEmptyDigest, openDigests } from '../alert/digest.ts'
import { LAST_TICK } from '../alert/recall.ts'
import { release } from '../alert/release.ts'
import { drain } from '../deliver/pagerduty/drain.ts'
import type { Means } from '../deliver/pagerduty/means.ts'
import { oneLine } from '../deliver/text.ts'
import type { Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Backlog, Store } from '../state/store.ts'
import { span } from '../triage/words.ts'
import type { ExitCode } from './cli.ts'
import type { Io } from './io.ts'
import { type Operator, type OperatorArgs, operatorOf } from './operator.ts'

export interface TickArgs extends OperatorArgs {
  /** Seconds. */
  readonly budget: number
  readonly 'warning-age': number
  readonly 'critical-age': number
}

const DAY = 86_400
/** Nothing asks for an alert that closed longer ago, but an event that comes later than any Sensu keeps. */
const CLOSED_KEPT = 7 * DAY
const PRUNED = 'last_prune'
const PRUNE_EVERY = 3600

/**
 * `tierline tick`: what has to happen though no event comes. Releases holds, sends what waits, refreshes what is open, tidies up;
 * and reports as a check of Sensu: 0 fine, 1 something waits or has gone wrong, 2 pages are not getting through.
 */
export async function tick(args: TickArgs, io: Io): Promise<ExitCode> {
  const operator = await operatorOf(args, io)
  const { memory, policy, outside, unsendable } = operator
  const { store } = memory
  if (store === null) return tell(io, 2, memory.problems.join('; '), [], '')
  try {
    return await work(store, args, operator, io)
  } finally {
    store.close()
  }

  async function work(store: Store, args: TickArgs, operator: Operator, io: Io): Promise<ExitCode> {
    const now = Math.floor(io.now() / 1000)
    // Without a key nothing can be released, so nobody may hold anything because of this tick.
    if (unsendable === null) await attend(store, policy, outside, operator.means(store), io.now() + args.budget * 1000)
    await prune(store, policy, now)
    return report(store, args, operator, io)
  }
}

/** What the passing of time asks for: holds end, digests of nothing close, and what waits is sent until `deadline` (ms since 1970). */
export async function attend(store: Store, policy: Policy, outside: Outside, means: Means, deadline: number): Promise<void> {
  const now = Math.floor(means.time.now() / 1000)
  // Times that were to come soon by the clock as it was would come far too late by the clock as it is.
  if (Number(await store.note(LAST_TICK)) > now) await forgetTimes(store)
  await store.setNote(LAST_TICK, String(now))
  await release(store, policy, outside, now)
  for (const digest of await openDigests(store)) await closeEmptyDigest(store, digest, now)
  await drain(means, deadline)
}

async function forgetTimes(store: Store): Promise<void> {
  for (const { identity } of await store.alerts({ queued: true })) {
    await store.change(identity, (alert) => ({ ...(alert && { alert: { ...alert, next_at: 0, lease: null } }), result: null }))
  }
}

async function prune(store: Store, { state }: Policy, now: number): Promise<void> {
  if (now - Number(await store.note(PRUNED)) < PRUNE_EVERY) return
  await store.setNote(PRUNED, String(now))
  const before = now - state.journal_days * DAY
  await store.prune({ before, rows: state.journal_rows, closed_before: now - CLOSED_KEPT })
}

async function report(store: Store, args: TickArgs, { memory, problems, unsendable }: Operator, io: Io): Promise<ExitCode> {
  const now = Math.floor(io.now() / 1000)
  const backlog = await store.backlog()
  const queued = sum(backlog, 'queued')
  const dead = sum(backlog, 'dead')
  const oldest = Math.min(...backlog.map((row) => row.oldest || Number.POSITIVE_INFINITY))
  const age = Number.isFinite(oldest) ? Math.max(0, now - oldest) : 0
  const late = queued > 0 && age >= args['critical-age']
  const code = unsendable !== null || dead > 0 || late ? 2 : age >= args['warning-age'] || problems.length > 0 ? 1 : 0
  const parts = [
    unsendable === null ? '' : `nothing can be sent: ${unsendable}`,
    dead === 0 ? '' : `${dead} PagerDuty will not take (tierline status shows them, tierline drain --requeue tries again)`,
    queued === 0 ? 'nothing waits' : `${queued} wait to be sent, the oldest for ${span(age)}`,
  ].filter((part) => part !== '')
  const held = (await store.alerts({ want: 'held' })).length
  const open = (await store.alerts({ want: 'open' })).length
  const gauges = { queued, dead, oldest_seconds: age, held, open }
  const perfdata = Object.entries(gauges).map(([name, value]) => `${name}=${value}`)
  return tell(io, code, parts.join('; '), [...problems, ...memory.notes], perfdata.join(' '))
}

const WORDS = ['OK', 'WARNING', 'CRITICAL'] as const

function tell(io: Io, code: ExitCode, says: string, details: readonly string[], perfdata: string): ExitCode {
  io.stdout(`tierline tick ${WORDS[code]}: ${oneLine(says)}${perfdata === '' ? '' : ` | ${perfdata}`}\n`)
  for (const detail of details) io.stdout(`${oneLine(detail)}\n`)
  return code
}

function sum(backlog: readonly Backlog[], what: 'queued' | 'dead'): number {
  return backlog.reduce((total, row) => total + row[what], 0)
}
