import { drain as sendDue } from '../deliver/pagerduty/drain.ts'
import type { Store } from '../state/store.ts'
import { instant } from '../triage/words.ts'
import { EXIT, type ExitCode } from './cli.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { type OperatorArgs, operatorOf, warnOf } from './operator.ts'

export interface DrainArgs extends OperatorArgs {
  readonly requeue: boolean
  /** Seconds. */
  readonly budget: number
}

/** `tierline drain`: sends what waits and is due, at the pace that PagerDuty takes, until the queue is empty or the time is over. */
export async function drain(args: DrainArgs, io: Io): Promise<ExitCode> {
  const operator = await operatorOf(args, io)
  warnOf(operator, io)
  const { memory, unsendable } = operator
  const { store } = memory
  if (store === null) return EXIT.problem
  try {
    if (unsendable !== null) throw new UsageError(`nothing can be sent: ${unsendable}`)
    if (args.requeue) io.stdout(`${await requeue(store)} dead letters are tried again\n`)
    const deadline = io.now() + args.budget * 1000
    const means = operator.means(store)
    let done = 0
    let failed = 0
    for (;;) {
      const drained = await sendDue(means, deadline)
      done += drained.done
      failed += drained.failed
      const next = drained.resume_at ?? (await store.nextDue())
      if (next === null || next >= deadline || io.now() >= deadline) break
      await means.time.sleep(Math.max(50, next - io.now()))
    }
    io.stdout(`${await summary(store, done, failed)}\n`)
    return (await store.alerts({ queued: true, limit: 1 })).length > 0 ? EXIT.problem : EXIT.handled
  } finally {
    store.close()
  }
}

async function requeue(store: Store): Promise<number> {
  const dead = await store.alerts({ dead: true })
  for (const { identity } of dead) {
    await store.change(identity, (alert) =>
      alert === null ? { result: null } : { alert: { ...alert, dead: null, tries: 0, next_at: 0 }, result: null },
    )
  }
  return dead.length
}

async function summary(store: Store, done: number, failed: number): Promise<string> {
  const backlog = await store.backlog()
  const queued = backlog.reduce((total, row) => total + row.queued, 0)
  const dead = backlog.reduce((total, row) => total + row.dead, 0)
  const next = await store.nextDue()
  return [
    `${done} sent`,
    failed > 0 ? `${failed} attempts failed` : '',
    queued > 0
      ? `${queued} still wait${next === null ? '' : `, next try at ${instant(Math.ceil(next / 1000))}`}`
      : 'nothing waits',
    dead > 0 ? `${dead} dead letters (--requeue tries them again)` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
}
