import type { Alert } from '../alert/alert.ts'
import { concluded } from '../alert/conclude.ts'
import type { Finding } from '../alert/finding.ts'
import { isOfEvent } from '../alert/of-event.ts'
import { isSame } from '../alert/order.ts'
import { recall } from '../alert/recall.ts'
import { reconcile as compare } from '../alert/reconcile.ts'
import { record } from '../alert/record.ts'
import { drain } from '../deliver/pagerduty/drain.ts'
import { valueWithoutSecrets } from '../deliver/redact-value.ts'
import { oneLine } from '../deliver/text.ts'
import type { Event } from '../event/event.ts'
import { validateEvent } from '../event/validate.ts'
import { askOf } from '../sensu/ask.ts'
import { readWorld } from '../sensu/read-world.ts'
import { getFrom } from '../sensu/transport.ts'
import type { Reading } from '../sensu/world.ts'
import type { Store } from '../state/store.ts'
import { EXIT, type ExitCode } from './cli.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { judgeEvent } from './judge.ts'
import { type Operator, type OperatorArgs, operatorOf, warnOf } from './operator.ts'
import { TIME } from './pagerduty.ts'
import { sensuAccess } from './sensu.ts'

export interface ReconcileArgs extends OperatorArgs {
  readonly namespace?: readonly string[] | undefined
  readonly 'sensu-url'?: string | undefined
  readonly 'sensu-ca'?: string | undefined
  readonly all: boolean
  readonly 'dry-run': boolean
  /** Seconds. */
  readonly budget: number
}

/**
 * `tierline reconcile`: asks Sensu what fails now, closes what is over without an event having said so, and opens what was missed.
 * On an answer that is not whole it does nothing.
 */
export async function reconcile(args: ReconcileArgs, io: Io): Promise<ExitCode> {
  const access = sensuAccess(io.env, { url: args['sensu-url'], ca_file: args['sensu-ca'] })
  if ('fault' in access) throw new UsageError(access.fault)
  const operator = await operatorOf(args, io)
  warnOf(operator, io)
  const { memory, unsendable } = operator
  const { store } = memory
  if (store === null) return EXIT.problem
  try {
    if (unsendable !== null && !args['dry-run']) throw new UsageError(`nothing can be sent: ${unsendable}`)
    const deadline = io.now() + args.budget * 1000
    const ours = await standing(store)
    const get = access.urls.map((url) => getFrom(url, access))
    const began = Math.floor(io.now() / 1000)
    const question = { namespaces: args.namespace?.length ? args.namespace : null, wanted: ours.filter(isOfEvent) }
    const world = await readWorld(askOf(get, access.key, TIME, deadline), question, began, validateEvent)
    const findings = compare(ours, world, Math.floor(io.now() / 1000), { all: args.all })
    for (const { kind, identity, says } of findings) io.stdout(`${kind.padEnd(6)} ${oneLine(`${identity}  ${says}`)}\n`)
    if (!args['dry-run']) {
      const read = new Map(ours.map((alert) => [alert.identity, alert]))
      for (const finding of findings) await settle(finding, read.get(finding.identity) ?? null, operator, store, io)
      await drain(operator.means(store), deadline)
    }
    io.stdout(`${summary(findings, ours.length, world, args['dry-run'])}\n`)
    return world.complete && findings.every(({ kind }) => kind !== 'unsure') ? EXIT.handled : EXIT.problem
  } finally {
    store.close()
  }
}

/** What stands for something that fails, read before Sensu is asked. */
async function standing(store: Store): Promise<Alert[]> {
  const wants = ['open', 'held', 'covered'] as const
  return (await Promise.all(wants.map((want) => store.alerts({ want })))).flat()
}

/** Does what a finding asks for. What has an event is decided about like one that a handler gets. */
async function settle(
  finding: Finding,
  known: Alert | null,
  { policy, outside, secrets }: Operator,
  store: Store,
  io: Io,
): Promise<void> {
  if (finding.kind === 'unsure') return
  const now = Math.floor(io.now() / 1000)
  if ('event' in finding) {
    const event = valueWithoutSecrets(finding.event, secrets) as Event
    const { facts, known: newest } = await recall(store, event, now)
    const read = { where: '', raw: null, event }
    await record(store, { ...judgeEvent(read, policy, now, { ...outside, ...facts }), policy }, newest, { settles: true })
    return
  }
  await store.change(finding.identity, (alert) => {
    // An event that came while Sensu was asked knows better.
    if (alert === null || known === null || alert.want === 'closed' || !isSame(alert.order, known.order)) return { result: null }
    const { identity, namespace, entity, check, tier } = alert
    const says = `${finding.says}.`
    const entry = { at: now, kind: 'decision' as const, identity, namespace, entity, check, tier, what: 'resolve', says }
    return {
      alert: concluded(alert, 'deregistered', says, now),
      journal: [{ ...entry, reason: 'deregistered', latency_ms: null, facts: { why: finding.why } }],
      result: null,
    }
  })
}

function summary(findings: readonly Finding[], known: number, world: Reading, dry: boolean): string {
  if (!world.complete) return 'nothing was done'
  const count = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length
  const counts = `${count('close')} to close, ${count('open')} to open, ${count('unsure')} not sure, of ${known} that stand open or wait`
  return dry ? `${counts}. Nothing was sent.` : counts
}
