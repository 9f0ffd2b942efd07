import yargs, { type CommandModule } from 'yargs'
import { describeError, isUsageError, UsageError } from './errors.ts'
import { type Io, processIo } from './io.ts'

/** Exit codes of the operator's tool. */
export const EXIT = { handled: 0, problem: 1, usage: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command of `tierline`: yargs declares it, and `act` does it and says how it ended. */
export interface Command<Args = object> {
  readonly command: string
  readonly describe: string
  readonly builder: NonNullable<CommandModule<object, Args>['builder']>
  readonly act: (args: Args, io: Io) => Promise<ExitCode>
}

/** What a `-` among the arguments of a command becomes. */
export const STDIN = '/dev/stdin'

// biome-ignore lint/suspicious/noExplicitAny: every command has arguments of its own type
export async function runCli(commands: readonly Command<any>[]): Promise<void> {
  const io = processIo()
  const fail = (message: string): void => {
    io.stderr(`tierline: ${message}\n`)
    process.exitCode = EXIT.usage
  }
  // yargs takes a lone dash for an option and drops it; this name means the same and is none.
  const parser = yargs(io.args.map((arg) => (arg === '-' ? STDIN : arg)))
    .scriptName('tierline')
    .usage(
      '$0 <command>\n\nShows and checks what Tierline makes of Sensu events, and looks after what it remembers.\nOnly tick, drain and reconcile send anything.',
    )
    .version(TIERLINE_VERSION)
    .help()
    .alias('help', 'h')
    .completion('completion', 'Print a completion script for your shell')
    .demandCommand(1, 'name a command; --help lists them')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'populate--': true })
    .exitProcess(false)
    .fail((message, error) => {
      // yargs has errors of its own class for what is wrong with the words.
      if (error && error.name !== 'YError') throw error
      throw new UsageError(
        /^Not enough non-option/.test(message) ? 'a file is missing: name one, or - for standard input' : message,
      )
    })
  for (const { command, describe, builder, act } of commands) {
    parser.command({
      command,
      describe,
      builder,
      handler: async (args) => {
        process.exitCode = await act(args, io)
      },
    })
  }
  parser.wrap(Math.min(100, parser.terminalWidth()))
  try {
    await parser.parseAsync()
  } catch (error) {
    if (isUsageError(error)) return fail(`${error.message}\n(tierline --help says how it is used)`)
    io.stderr(`tierline: ${describeError(error)}\n`)
    process.exitCode = EXIT.problem
  }
}
