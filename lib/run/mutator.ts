import { annotated } from '../event/annotate.ts'
import { marksOf } from '../event/marks.ts'
import { decode } from '../event/text.ts'
import { describeError, UsageError } from './errors.ts'
import { type Io, processIo } from './io.ts'
import { judge, outsideOf } from './judge.ts'
import { common_options } from './options/common.ts'
import { type CommandLine, type Option, parseCommandLine, resolveOption } from './options/options.ts'
import { asSwitch } from './options/parsers.ts'
import { DEFAULTS_IN_FORCE, policyInForce } from './policy.ts'

const strict: Option<boolean> = {
  flag: 'strict',
  type: 'boolean',
  help: 'Exit 1 with a message when the event cannot be classified; without it the event passes unchanged',
  parse: asSwitch,
  fallback: false,
}

const classify = {
  name: 'tierline-classify',
  about: 'Sensu mutator: adds the tier, class, severity, action and reason to an event as annotations.',
  options: { ...common_options, strict },
}

/**
 * Runs the mutator: one event in, the same event with `tierline/*` annotations out. Sensu takes standard output
 * and standard error together as the new event, and a mutator that fails costs the event for every later workflow:
 * so success prints one JSON document and nothing else, and any error prints the input as it came and exits 0.
 */
export async function runMutator(): Promise<void> {
  // Node prints its warnings on standard error, where one would become part of the event.
  process.removeAllListeners('warning')
  const io = processIo()
  let command: CommandLine
  try {
    command = parseCommandLine(classify.options, io.args)
  } catch (error) {
    command = { flags: { strict: String(io.args.includes('--strict')), usage: describeError(error) }, words: [] }
  }
  if (command.flags.help === 'true' || command.words[0] === 'help')
    return io.stdout(await (await import('./help.ts')).helpText(classify))
  if (command.words[0] === 'version') return io.stdout(`${classify.name} ${TIERLINE_VERSION}\n`)
  let input: Uint8Array = new Uint8Array()
  const is_strict = ['true', '1'].includes(command.flags.strict ?? '')
  try {
    input = io.stdin()
    if (command.words.length > 0)
      throw new UsageError(`${JSON.stringify(command.words[0])} is no command here; there are version and help`)
    if (command.flags.usage !== undefined) throw new UsageError(command.flags.usage)
    io.stdout(await classified(input, command.flags, io))
  } catch (error) {
    pass(input, io)
    if (!is_strict) return
    io.stderr(`${classify.name}: error: ${describeError(error)}\n`)
    process.exitCode = 1
  }
}

/** The event as it came. What cannot be written is nobody's to read, and a message about it would be the new event. */
function pass(input: Uint8Array, io: Io): void {
  try {
    io.stdout(input)
  } catch {}
}

async function classified(input: Uint8Array, flags: CommandLine['flags'], io: Io): Promise<string> {
  const in_force = await policyInForce(
    resolveOption(classify.options.policy, { flags, env: io.env, in_force: DEFAULTS_IN_FORCE }).value,
  )
  const { policy } = in_force
  const [judged, another] = judge(input, {
    policy,
    secrets: [],
    outside: outsideOf(in_force),
    clock: () => Math.floor(io.now() / 1000),
  })
  if (judged === undefined || another !== undefined)
    throw new UsageError('more than one event on standard input: a mutator gets one')
  if ('refused' in judged) throw new UsageError(judged.refused)
  const { event, facts, decision } = judged
  const { reason, action } = decision
  const results = { tier: decision.tier ?? 'none', reason, class: facts.class, severity: facts.severity, action }
  return annotated(decode(input).text, marksOf(event.annotations, results))
}
