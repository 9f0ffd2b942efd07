import type { Argv } from 'yargs'
import { previewOf } from '../../lib/deliver/preview.ts'
import { oneLine } from '../../lib/deliver/text.ts'
import { type Command, EXIT } from '../../lib/run/cli.ts'
import type { Io } from '../../lib/run/io.ts'
import type { Decision } from '../../lib/triage/decision.ts'
import { type EventArgs, eventArguments, eventsOf, inputsFrom, settingOf } from '../events.ts'
import { progress } from '../progress.ts'
import { colourOf, inColour, type Row, table } from '../table.ts'
import { totals } from '../totals.ts'

const HEAD = ['TIER', 'ACTION', 'REASON', 'SOURCE', 'WHY']

interface DryRunArgs extends EventArgs {
  readonly filters?: string | readonly string[] | undefined
  readonly json: boolean
}

/** `tierline dry-run`: what would become of events, and nothing is sent. */
export const dryRun: Command<DryRunArgs> = {
  command: 'dry-run [paths..]',
  describe: 'Show what would become of events: files, folders, NDJSON, or - for standard input',
  builder: (argv: Argv<object>) =>
    eventArguments(argv)
      .positional('paths', {
        type: 'string',
        array: true,
        describe: 'Files and folders; without any, the samples that come with Tierline',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'One JSON object a line, with the bodies and lines that would be sent',
      })
      .option('filters', {
        type: 'string',
        requiresArg: true,
        describe: 'Also show which EventFilters of this file or folder would pass or drop each event; may be repeated',
      }),
  act: async (args, io) => {
    const setting = await settingOf(args, io)
    const mirror = await mirrorFor([args.filters ?? []].flat(), io)
    const rows: Row[] = []
    const decisions: Decision[] = []
    let refused = 0
    const tell = progress(io)
    for (const seen of eventsOf(inputsFrom(args, io), setting)) {
      if ('refused' in seen) {
        tell.clear()
        io.stderr(`tierline: ${oneLine(seen.source)}: ${seen.refused}\n`)
        refused++
        continue
      }
      const { decision } = seen
      decisions.push(decision)
      const filters = mirror?.verdictsOn(seen.raw, seen.facts.now)
      if (args.json) {
        io.stdout(`${JSON.stringify({ ...previewOf(seen, setting.policy, setting.keys), filters })}\n`)
      } else {
        const below = filters === undefined ? '' : (mirror?.line(filters) ?? '')
        const { tier, action, reason, says } = decision
        rows.push({ cells: [tier ?? '-', action, reason, oneLine(seen.source), oneLine(says)], colour: colourOf(action), below })
      }
      tell.step(decisions.length)
    }
    tell.clear()
    if (!args.json) {
      const notes = mirror?.notes() ?? ''
      io.stdout(`${table(HEAD, rows, inColour(io))}\n${notes === '' ? '' : `${notes}\n`}${totals(decisions, refused)}`)
    }
    if (mirror !== null && mirror.problems.length > 0) return EXIT.usage
    return refused === 0 ? EXIT.handled : EXIT.problem
  },
}

/** The filters to ask besides, and nothing loaded without any. What is wrong with their files hides no event. */
async function mirrorFor(paths: readonly string[], io: Io) {
  if (paths.length === 0) return null
  const { filterLines, mirrorOf } = await import('../mirror/mirror.ts')
  const mirror = mirrorOf(paths, io)
  for (const problem of mirror.problems) io.stderr(`tierline: --filters: ${oneLine(problem)}\n`)
  return { ...mirror, ...filterLines() }
}
