import type { Argv } from 'yargs'
import type { Command } from '../../lib/run/cli.ts'
import type { TickArgs } from '../../lib/run/tick.ts'
import { secondsArgument, stateArguments } from '../state-arguments.ts'

/** `tierline tick`: run it every minute, as a check of Sensu on the backend's own machine. */
export const tick: Command<TickArgs> = {
  command: 'tick',
  describe: 'Release what is held, send what waits, and report as a Sensu check; run it every minute on the backend',
  builder: (argv: Argv<object>) =>
    stateArguments(argv)
      .option('budget', secondsArgument(20, 'Seconds for all of it; keep it below the timeout of the check'))
      .option('warning-age', secondsArgument(120, 'WARNING when something has waited for so many seconds'))
      .option('critical-age', secondsArgument(600, 'CRITICAL when something has waited for so many seconds')),
  act: async (args, io) => (await import('../../lib/run/tick.ts')).tick(args, io),
}
