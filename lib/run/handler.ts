import type { Outcome } from '../deliver/outcome.ts'
import type { Keys } from '../deliver/pagerduty/keys.ts'
import type { Event } from '../event/event.ts'
import type { Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import { describeError, UsageError } from './errors.ts'
import { type Io, processIo } from './io.ts'
import { type Judged, judgeEvent, outsideOf, type ReadEvent, readAll } from './judge.ts'
import { createLog, type Log } from './log.ts'
import type { handler_options } from './options/common.ts'
import { type OptionTable, parseCommandLine, type Resolved } from './options/options.ts'
import { configText } from './print-config.ts'
import { type Setup, setUp } from './setup.ts'

type HandlerTable = OptionTable & typeof handler_options

/** What a handler gets to deliver with. */
interface Delivery<Table extends OptionTable> {
  readonly policy: Policy
  readonly options: Resolved<Table>
  readonly keys: Keys
  readonly secrets: readonly string[]
  readonly env: Io['env']
  /** When everything has to be done, milliseconds since 1970. */
  readonly deadline: number
  readonly log: Log
}

/** What delivers the events of one run. */
export interface Courier {
  /** What is known about an event besides what is known for all. */
  readonly recall: (event: Event, now: number) => Promise<Partial<Outside>>
  readonly deliver: (judged: Judged) => Promise<readonly Outcome[]>
  /** After the last event: what earlier runs have left, as far as there is time. */
  readonly finish: () => Promise<void>
}

/** One executable that Sensu runs: what it is called, what it understands, and how it delivers one judged event. */
export interface Handler<Table extends HandlerTable> {
  readonly name: string
  readonly about: string
  readonly options: Table
  /** The policy with what the options say. */
  readonly configure: (policy: Policy, options: Resolved<Table>) => Policy
  /** Seconds for the whole run. */
  readonly timeout: (policy: Policy) => number
  /** Whether two tiers with one key stop it. */
  readonly needs_keys: boolean
  readonly courier: (delivery: Delivery<Table>) => Promise<Courier>
}

/** Kept for the lines that a run prints before it ends; the budget of the deliveries ends that much earlier. */
const MARGIN_MS = 500

/** Runs a handler as Sensu does: events on standard input, and 0 when nothing that had to go out is left behind. */
export async function runHandler<Table extends HandlerTable>(handler: Handler<Table>): Promise<void> {
  const io = processIo()
  let well = false
  try {
    well = await run(handler, io)
  } catch (error) {
    io.stderr(`${handler.name}: error: ${describeError(error)}\n`)
  }
  // All output is written by now; what may still be open, such as a look-up in DNS that hangs, must not keep a worker.
  process.exit(well ? 0 : 1)
}

async function run<Table extends HandlerTable>(handler: Handler<Table>, io: Io): Promise<boolean> {
  const { flags, words } = parseCommandLine(handler.options, io.args)
  const command = flags.help === 'true' ? 'help' : words[0]
  if (command === 'version') return print(io, `${handler.name} ${TIERLINE_VERSION}\n`)
  if (command === 'help') return print(io, await (await import('./help.ts')).helpText(handler))
  if (command !== undefined) throw new UsageError(`${JSON.stringify(command)} is no command here; there are version and help`)

  const setup = await setUp(handler.options, handler.configure, flags, io.env)
  const common: Resolved<typeof handler_options> = setup.options
  const log = await createLog(handler.name, common.log_format.value, setup.secrets)
  warnAbout(setup, flags.token !== undefined, log)
  if (common.print_config.value) return print(io, configText(handler.options, setup))
  if (handler.needs_keys && setup.key_error !== null) throw new UsageError(setup.key_error)
  return handle(handler, setup, io, log)
}

function warnAbout(
  { in_force, problems }: Pick<Setup<OptionTable>, 'in_force' | 'problems'>,
  key_on_command_line: boolean,
  log: Log,
): void {
  for (const error of in_force.errors) log.error(error)
  for (const problem of problems) log.error(problem)
  for (const warning of in_force.warnings) log.warn(warning)
  if (key_on_command_line)
    log.warn('--token shows the key to everybody who may list processes: set PAGERDUTY_TOKEN from a Sensu secret instead')
}

/** Each event of the input to its end; one that cannot be read does not keep the others back. */
async function handle<Table extends HandlerTable>(
  handler: Handler<Table>,
  setup: Setup<Table>,
  io: Io,
  log: Log,
): Promise<boolean> {
  const { policy, options, keys, secrets } = setup
  const started = io.now() - io.uptime()
  const deadline = started + handler.timeout(policy) * 1000 - MARGIN_MS
  const outside = outsideOf(setup.in_force, setup.problems)
  const now = () => Math.floor(io.now() / 1000)
  const input = readAll(io.stdin(), secrets)
  if (options.dry_run.value) {
    const { previewOf } = await import('../deliver/preview.ts')
    const previews = input.map((read) => {
      if ('refused' in read) return refuse(read, log)
      const judged = judgeEvent(read, policy, now(), outside)
      return print(io, `${JSON.stringify(previewOf({ ...judged, source: read.where || 'stdin' }, policy, keys))}\n`)
    })
    return previews.every((well) => well)
  }
  const courier = await handler.courier({ policy, options, keys, secrets, env: io.env, deadline, log })
  let all_well = true
  for (const read of input) {
    if (!('refused' in read ? refuse(read, log) : await carry(read, courier, policy, now(), outside, log))) all_well = false
  }
  await courier.finish()
  return all_well
}

function refuse({ where, refused }: { readonly where: string; readonly refused: string }, log: Log): false {
  log.error(where === '' ? refused : `${where}: ${refused}`)
  return false
}

/** One event to its end; whether nothing that had to go out is left behind. */
export async function carry(
  read: ReadEvent,
  courier: Courier,
  policy: Policy,
  now: number,
  outside: Outside,
  log: Log,
): Promise<boolean> {
  const recalled = await courier.recall(read.event, now)
  const problems = outside.problems.concat(recalled.problems ?? [])
  const judged = judgeEvent(read, policy, now, { ...outside, ...recalled, problems })
  const outcomes = await delivered(courier, judged)
  const well = isWell(outcomes)
  for (const outcome of outcomes) report(judged, outcome, well, log)
  return well
}

/** A fault of ours over one event must not cost the events after it. */
async function delivered(courier: Courier, judged: Judged): Promise<readonly Outcome[]> {
  try {
    return await courier.deliver(judged)
  } catch (error) {
    return [{ outcome: 'failed', tiers: [], says: describeError(error), tries: 0 }]
  }
}

/**
 * Something was sent, or is kept to be sent, or nothing had to be; a refused key beside a page that got through elsewhere is a
 * warning.
 */
function isWell(outcomes: readonly Outcome[]): boolean {
  if (outcomes.some(({ outcome }) => outcome === 'failed')) return false
  return (
    outcomes.every(({ outcome }) => outcome === 'skipped') ||
    outcomes.some(({ outcome }) => outcome === 'sent' || outcome === 'queued')
  )
}

function report({ facts, decision }: Judged, { outcome, tiers, says, tries }: Outcome, well: boolean, log: Log): void {
  const message = `${facts.identity}: ${decision.action} (${decision.reason}): ${says}`
  const fields = {
    identity: facts.identity,
    action: decision.action,
    tier: decision.tier,
    reason: decision.reason,
    outcome,
    tiers,
    tries,
  }
  if (outcome === 'failed' || (outcome === 'rejected' && !well)) log.error(message, fields)
  else if (outcome === 'rejected' || outcome === 'queued') log.warn(message, fields)
  else log.info(message, fields)
}

function print(io: Io, text: string): true {
  io.stdout(text)
  return true
}
