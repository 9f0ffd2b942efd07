import type { Argv } from 'yargs'
import type { Command } from '../../lib/run/cli.ts'
import type { DrainArgs } from '../../lib/run/drain.ts'
import { secondsArgument, stateArguments } from '../state-arguments.ts'

/** `tierline drain`: empties the queue by hand. */
export const drain: Command<DrainArgs> = {
  command: 'drain',
  describe: 'Send what waits for PagerDuty, at the pace that it takes',
  builder: (argv: Argv<object>) =>
    stateArguments(argv)
      .option('requeue', {
        type: 'boolean',
        default: false,
        describe: 'Try dead letters again too: what PagerDuty found fault with',
      })
      .option('budget', secondsArgument(60, 'Seconds after which it stops; the rest waits on')),
  act: async (args, io) => (await import('../../lib/run/drain.ts')).drain(args, io),
}
