import type { Argv } from 'yargs'
import type { Io } from '../lib/run/io.ts'
import { state_options } from '../lib/run/options/common.ts'
import { stateDirOf } from '../lib/state/state-dir.ts'
import type { Store } from '../lib/state/store.ts'
import { refuseRepeated } from './arguments.ts'

export interface StateArgs {
  readonly stateDir?: string | undefined
}

/** The argument of a command that shows what is remembered. */
export function stateArguments<T>(argv: Argv<T>) {
  return argv.option('state-dir', { type: 'string', requiresArg: true, describe: state_options.state_dir.help })
}

/** What is read from the state that the arguments or the environment name; null, and a line for people, when it cannot be read. */
export async function readState<T>(
  args: StateArgs,
  io: Io,
  read: (store: Store) => Promise<T>,
): Promise<{ readonly dir: string; readonly found: T } | null> {
  refuseRepeated(args, ['state-dir'])
  const where = stateDirOf(args.stateDir, io.env)
  const looked =
    where.dir === null
      ? { trouble: `no state: ${where.why}` }
      : await (await import('../lib/run/look.ts')).lookInto(where.dir, read)
  if ('found' in looked) return { dir: where.dir ?? '', found: looked.found }
  io.stderr(`tierline: ${looked.trouble}\n`)
  return null
}
