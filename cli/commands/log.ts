import type { Argv } from 'yargs'
import { oneLine } from '../../lib/deliver/text.ts'
import { type Command, EXIT } from '../../lib/run/cli.ts'
import type { JournalEntry } from '../../lib/state/store.ts'
import { instant } from '../../lib/triage/words.ts'
import { type LogArgs, queryOf } from '../log-query.ts'
import { readState, type StateArgs, stateArguments } from '../state.ts'
import { colourOf, inColour, type Row, table } from '../table.ts'
import { jsonLine } from '../words.ts'

interface AllArgs extends StateArgs, LogArgs {
  readonly json: boolean
}

const text = { type: 'string', requiresArg: true } as const

/** `tierline log`: what was decided and what became of it. */
export const log: Command<AllArgs> = {
  command: 'log',
  describe: 'Show what was decided and what was delivered, and why: the newest lines of the journal, oldest first',
  builder: (argv: Argv<object>) =>
    stateArguments(argv)
      .option('since', { ...text, describe: 'How long back (90s, 5m, 2h, 3d), or a moment: ISO 8601 with its offset' })
      .option('tier', { ...text, describe: 'first, second or third' })
      .option('entity', { ...text, describe: 'Name of an entity, or a glob such as web-*' })
      .option('check', { ...text, describe: 'Name of a check, or a glob' })
      .option('reason', { ...text, describe: 'One reason, such as machine_down' })
      .option('kind', { ...text, describe: 'decision or delivery' })
      .option('limit', { ...text, default: '200', describe: 'The newest so many lines' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line, with the facts and the latency' }),
  act: async (args, io) => {
    const query = queryOf(args, Math.floor(io.now() / 1000))
    // One more than asked for tells whether there are more.
    const looked = await readState(args, io, (store) => store.journaled({ ...query, limit: query.limit + 1 }))
    if (looked === null) return EXIT.problem
    const entries = looked.found.slice(0, query.limit).reverse()
    if (args.json) io.stdout(entries.map(jsonLine).join(''))
    else if (entries.length > 0) io.stdout(table(HEAD, entries.map(rowOf), inColour(io)))
    if (entries.length === 0) io.stderr('tierline: nothing in the journal fits\n')
    if (looked.found.length > query.limit)
      io.stderr(`tierline: there are older lines too: --limit shows more than ${query.limit}\n`)
    return EXIT.handled
  },
}

const HEAD = ['TIME', 'KIND', 'TIER', 'WHAT', 'REASON', 'IDENTITY', 'WHY']

function rowOf({ at, kind, tier, what, reason, identity, says }: JournalEntry): Row {
  const cells = [instant(at), kind, tier ?? '-', what, reason, identity, says].map(oneLine)
  return { cells, colour: colourOf(what), below: '' }
}
