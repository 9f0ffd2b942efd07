import { perfdata } from '../alert/perfdata.ts'
import { oneLine } from '../deliver/text.ts'
import { type Backlog, type Store, StoreError } from '../state/store.ts'
import { span } from '../triage/words.ts'
import { attend } from './attend.ts'
import { carbonOf } from './carbon.ts'
import type { ExitCode } from './cli.ts'
import { isUsageError } from './errors.ts'
import { graphite } from './graphite.ts'
import type { Io } from './io.ts'
import { type Operator, type OperatorArgs, operatorOf } from './operator.ts'
import { graphite_options } from './options/graphite.ts'
import { prune } from './prune.ts'
import { type Replaying, replay } from './replay.ts'
import { setUp } from './setup.ts'

export interface TickArgs extends OperatorArgs {
  /** Seconds. */
  readonly budget: number
  readonly 'warning-age': number
  readonly 'critical-age': number
}

/**
 * `tierline tick`: what has to happen though no event comes. Releases holds, sends what waits, refreshes what is open, tidies up;
 * and reports as a check of Sensu: 0 fine, 1 something waits or has gone wrong, 2 pages are not getting through.
 */
export async function tick(args: TickArgs, io: Io): Promise<ExitCode> {
  const operator = await operatorOf(args, io)
  const { memory, problems } = operator
  const { store } = memory
  if (store === null) return tell(io, 2, memory.problems.join('; '), [], '')
  try {
    const trouble = await work(store, args, operator, io)
    return await report(store, args, operator, trouble === null ? problems : [...problems, trouble], io)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return tell(io, 2, error.message, problems, '')
  } finally {
    store.close()
  }
}

/** What is wrong with carbon, in one line; null when nothing is, or nothing waits for it. */
async function work(store: Store, { budget, policy: policy_file }: TickArgs, operator: Operator, io: Io): Promise<string | null> {
  const { policy, outside, unsendable, means } = operator
  const deadline = io.now() + budget * 1000
  // Without a key nothing can be released, so nobody may hold anything because of this tick.
  if (unsendable === null) await attend(store, policy, outside, means(store), deadline)
  await prune(store, policy, Math.floor(io.now() / 1000))
  if ((await store.spoolSize()).lines === 0) return null
  try {
    const carbon = await carbonHere(policy_file, io)
    const { trouble, left } = await replay(store, { carbon, max_age: policy.graphite.max_age, now: io.now }, deadline)
    return trouble === null ? null : `${left} lines wait for carbon: ${trouble}`
  } catch (error) {
    // Wrong settings of carbon say nothing about pages.
    if (!isUsageError(error)) throw error
    return `lines wait for carbon: ${error.message}`
  }
}

/** Carbon as tierline-graphite finds it, from the same variables and the same policy. */
async function carbonHere(policy_file: string | undefined, io: Io): Promise<Replaying['carbon']> {
  const flags = policy_file === undefined ? {} : { policy: policy_file }
  const { policy, options } = await setUp(graphite_options, graphite.configure, flags, io.env)
  return carbonOf(policy.graphite, options.tls_ca.value)
}

async function report(
  store: Store,
  args: TickArgs,
  { memory, unsendable }: Operator,
  problems: readonly string[],
  io: Io,
): Promise<ExitCode> {
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
  const spooled_lines = (await store.spoolSize()).lines
  const gauges = { queued, dead, oldest_seconds: age, held, open, spooled_lines }
  return tell(io, code, parts.join('; '), [...problems, ...memory.notes], perfdata(await store.counters(), gauges))
}

const WORDS = ['OK', 'WARNING', 'CRITICAL'] as const

/** With exactly one `|`: Sensu takes no metrics from an output that has another. */
function tell(io: Io, code: ExitCode, says: string, details: readonly string[], metrics: string): ExitCode {
  const clean = (text: string) => oneLine(text).replaceAll('|', '/')
  io.stdout(`tierline tick ${WORDS[code]}: ${clean(says)}${metrics === '' ? '' : ` | ${metrics}`}\n`)
  for (const detail of details) io.stdout(`${clean(detail)}\n`)
  return code
}

function sum(backlog: readonly Backlog[], what: 'queued' | 'dead'): number {
  return backlog.reduce((total, row) => total + row[what], 0)
}
