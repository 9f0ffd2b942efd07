import { annotated, type Marks } from '../event/annotate.ts'
import { decode } from '../event/text.ts'
import { describeError, UsageError } from './errors.ts'
import { type Io, processIo } from './io.ts'
import { type Judged, judge, outsideOf } from './judge.ts'
import { common_options } from './options/common.ts'
import { type CommandLine, type Option, parseCommandLine } from './options/options.ts'
import { asSwitch } from './options/parsers.ts'
import { setUp } from './setup.ts'

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
  const input = io.stdin()
  try {
    if (command.flags.usage !== undefined) throw new UsageError(command.flags.usage)
    io.stdout(await classified(input, command.flags, io))
  } catch (error) {
    io.stdout(input)
    if (command.flags.strict !== 'true') return
    io.stderr(`${classify.name}: error: ${describeError(error)}\n`)
    process.exitCode = 1
  }
}

async function classified(input: Uint8Array, flags: CommandLine['flags'], io: Io): Promise<string> {
  const { in_force, policy } = await setUp(classify.options, (policy) => policy, flags, io.env)
  const [judged, another] = judge(input, {
    policy,
    secrets: [],
    outside: outsideOf(in_force),
    clock: () => Math.floor(io.now() / 1000),
  })
  if (judged === undefined || another !== undefined)
    throw new UsageError('more than one event on standard input: a mutator gets one')
  if ('refused' in judged) throw new UsageError(judged.refused)
  return annotated(decode(input).text, marksOf(judged))
}

function marksOf({ facts, decision }: Judged): Marks {
  return {
    'tierline/tier': decision.tier ?? 'none',
    'tierline/reason': decision.reason,
    'tierline/class': facts.class,
    'tierline/severity': facts.severity,
    'tierline/action': decision.action,
  }
}
