import type { Argv } from 'yargs'
import { type Preview, previewOf } from '../../lib/deliver/preview.ts'
import { oneLine } from '../../lib/deliver/text.ts'
import type { Facts } from '../../lib/facts/facts.ts'
import type { Policy } from '../../lib/policy/schema.ts'
import { type Command, EXIT } from '../../lib/run/cli.ts'
import type { Judged } from '../../lib/run/judge.ts'
import { misfit } from '../../lib/triage/misfit.ts'
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
    for (const seen of eventsOf(inputsFrom({ paths: [args.file] }, io), setting)) {
      if ('refused' in seen) {
        io.stderr(`tierline: ${oneLine(seen.source)}: ${seen.refused}\n`)
        refused = true
        continue
      }
      const preview = previewOf(seen, setting.policy, setting.keys)
      io.stdout(
        `${[heading(preview, seen.facts, setting.policy), policyRules(seen, setting.policy), steps(trace(seen.facts)), verdict(preview), requests(preview)].join('\n\n')}\n\n`,
      )
    }
    return refused ? EXIT.problem : EXIT.handled
  },
}

function heading({ identity, source }: Preview, facts: Facts, policy: Policy): string {
  const hours = facts.hours === 'in' ? 'in hours' : facts.hours === 'out' ? 'out of hours' : 'hours unknown'
  return [
    `${identity}  (${oneLine(source)})`,
    `  class ${facts.class}, status ${facts.status ?? 'unknown'} (${facts.grade}), severity ${facts.severity}`,
    `  failing for ${facts.failing_for} s; class ${facts.class} pages from ${facts.alert_after} s on
  decided at ${instant(facts.now)}, ${local(facts.now, policy)}${hours}`,
  ].join('\n')
}

/** The moment on the team's own clock, with the offset that was reckoned with. */
function local(now: number, policy: Policy): string {
  const zone = policy.tiers.first.hours?.zone
  if (zone === undefined) return ''
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  })
  return `${format.format(now * 1000)} in ${zone}, `
}

function policyRules({ event, facts }: Judged, policy: Policy): string {
  if (policy.rules.length === 0) return 'Rules of the policy: none'
  const subject = { event, class: facts.class, severity: facts.severity }
  const lines = policy.rules.map((rule, index) => {
    const why = misfit(rule, subject)
    return `  ${String(index + 1).padStart(2)}  ${why === null ? 'YES' : 'no '}  ${oneLine(rule.because)}${why === null ? '' : ` (the ${why} does not fit)`}`
  })
  return ['Rules of the policy, the first that fits counts:', ...lines].join('\n')
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
