import type { Argv } from 'yargs'
import { type Preview, previewOf } from '../../lib/deliver/preview.ts'
import { oneLine } from '../../lib/deliver/text.ts'
import type { Facts } from '../../lib/facts/facts.ts'
import { type Command, EXIT } from '../../lib/run/cli.ts'
import { type Step, trace } from '../../lib/triage/trace.ts'
import { instant } from '../../lib/triage/words.ts'
import { type EventArgs, eventArguments, eventsOf, inputsFrom, settingOf } from '../events.ts'

interface ExplainArgs extends EventArgs {
  readonly file: string
}

/** `tierline explain`: every row of the decision table that was tried, what it looked at, and what would be sent. */
export const explain: Command<ExplainArgs> = {
  command: 'explain <file>',
  describe: 'Show every rule tried for the events of a file (or -), the facts it looked at, and the requests',
  builder: (argv: Argv<object>) =>
    eventArguments(argv).positional('file', { type: 'string', demandOption: true, describe: 'File with events, or -' }),
  act: async (args, io) => {
    const setting = await settingOf(args, io)
    let refused = false
    for (const seen of eventsOf(inputsFrom([args.file], io), setting)) {
      if ('refused' in seen) {
        io.stderr(`tierline: ${oneLine(seen.source)}: ${seen.refused}\n`)
        refused = true
        continue
      }
      const preview = previewOf(seen, setting.policy, setting.keys)
      io.stdout(
        `${[heading(preview, seen.facts), steps(trace(seen.facts)), verdict(preview), requests(preview)].join('\n\n')}\n\n`,
      )
    }
    return refused ? EXIT.problem : EXIT.handled
  },
}

function heading({ identity, source }: Preview, facts: Facts): string {
  const hours = facts.hours === 'in' ? 'in hours' : facts.hours === 'out' ? 'out of hours' : 'hours unknown'
  return [
    `${identity}  (${oneLine(source)})`,
    `  class ${facts.class}, status ${facts.status ?? 'unknown'} (${facts.grade}), severity ${facts.severity}`,
    `  failing for ${facts.failing_for} s of the ${facts.alert_after} s that class ${facts.class} may; decided at ${instant(facts.now)}, ${hours}`,
  ].join('\n')
}

function steps(all: readonly Step[]): string {
  const lines = all.flatMap(({ row, about, looked_at, decision }) => [
    `  ${String(row).padStart(2)}  ${decision === null ? 'no ' : 'YES'}  ${about}`,
    `           ${looked_at.map(([name, value]) => `${name}=${brief(value)}`).join('  ')}`,
  ])
  return ['Rows tried:', ...lines].join('\n')
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 160)}...` : text
}

function verdict({ action, tier, reason, says, problems }: Preview): string {
  const whom = tier === null ? '' : ` ${tier} line`
  return [
    `Decision: ${action}${whom}, ${reason}`,
    `  ${oneLine(says)}`,
    ...problems.map((problem) => `  problem: ${oneLine(problem)}`),
  ].join('\n')
}

function requests({ pagerduty, graphite }: Preview): string {
  return [
    `PagerDuty would get ${pagerduty.length} request${pagerduty.length === 1 ? '' : 's'}:`,
    ...pagerduty.map((body) => JSON.stringify(body, null, 2)),
    `Graphite would get ${graphite.length} line${graphite.length === 1 ? '' : 's'}:`,
    ...graphite.map((line) => `  ${line}`),
  ].join('\n')
}
