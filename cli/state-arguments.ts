import type { Argv } from 'yargs'
import { UsageError } from '../lib/run/errors.ts'
import { common_options, state_options } from '../lib/run/options/common.ts'
import { refuseRepeated } from './arguments.ts'

/** The arguments of a command that works on the state. */
export function stateArguments<T>(argv: Argv<T>) {
  return argv
    .option('policy', { type: 'string', requiresArg: true, describe: described(common_options.policy) })
    .option('state-dir', { type: 'string', requiresArg: true, describe: described(state_options.state_dir) })
    .check((args) => {
      refuseRepeated(args, ['policy', 'state-dir'])
      return true
    })
}

/** A number of seconds above 0. */
export function secondsArgument(fallback: number, describe: string) {
  return {
    type: 'string' as const,
    requiresArg: true,
    default: fallback as unknown as string,
    describe,
    coerce: (text: unknown): number => {
      const seconds = /^\d+(\.\d+)?s?$/.test(String(text)) ? Number.parseFloat(String(text)) : 0
      if (seconds > 0 && seconds <= 86_400) return seconds
      throw new UsageError(`${JSON.stringify(text)} is not a number of seconds from 1 to 86400`)
    },
  }
}

function described({ help, env }: { readonly help: string; readonly env?: string }): string {
  return env === undefined ? help : `${help} [$${env}]`
}
