import type { Argv } from 'yargs'
import { type Command, EXIT } from '../../lib/run/cli.ts'
import { readState, type StateArgs, stateArguments } from '../state.ts'
import { statusOf } from '../status.ts'
import { statusJson } from '../status-json.ts'
import { statusText } from '../status-text.ts'
import { inColour } from '../table.ts'
import { jsonLine } from '../words.ts'

interface StatusArgs extends StateArgs {
  readonly json: boolean
}

/** `tierline status`: everything that is not over, and what keeps it. */
export const status: Command<StatusArgs> = {
  command: 'status',
  describe: 'Show what is open, held, covered, waiting to be sent, or given up; what needs you comes first',
  builder: (argv: Argv<object>) =>
    stateArguments(argv).option('json', {
      type: 'boolean',
      default: false,
      describe: 'One JSON object; times in seconds since 1970',
    }),
  act: async (args, io) => {
    const looked = await readState(args, io, (store) => statusOf(store, Math.floor(io.now() / 1000)))
    if (looked === null) return EXIT.problem
    const { dir, found } = looked
    io.stdout(args.json ? jsonLine(statusJson(found, dir)) : statusText(found, dir, inColour(io)))
    return EXIT.handled
  },
}
