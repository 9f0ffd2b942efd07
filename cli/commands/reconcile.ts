import type { Argv } from 'yargs'
import type { Command } from '../../lib/run/cli.ts'
import type { ReconcileArgs } from '../../lib/run/reconcile.ts'
import { secondsArgument, stateArguments } from '../state-arguments.ts'

/** `tierline reconcile`: heals what no event tells, such as an entity that was deleted while its check failed. */
export const reconcile: Command<ReconcileArgs> = {
  command: 'reconcile',
  describe: 'Ask Sensu what fails now; close what is over, open what was missed [$SENSU_API_URL, $SENSU_API_KEY]',
  builder: (argv: Argv<object>) =>
    stateArguments(argv)
      .option('namespace', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Only this namespace; without any all, which takes a ClusterRole',
      })
      .option('sensu-url', {
        type: 'string',
        requiresArg: true,
        describe: 'Addresses of the backends, with commas between [$SENSU_API_URL]',
      })
      .option('sensu-ca', { type: 'string', requiresArg: true, describe: 'PEM file with the CA of the API [$SENSU_CA_FILE]' })
      .option('all', {
        type: 'boolean',
        default: false,
        describe: 'Close also when more than half of all have gone from Sensu at once',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Only show what would be done' })
      .option('budget', secondsArgument(60, 'Seconds for reading Sensu and sending')),
  act: async (args, io) => (await import('../../lib/run/reconcile.ts')).reconcile(args, io),
}
