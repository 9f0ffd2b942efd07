import { TIERS } from '../event/settings.ts'
import { ACTIONS } from '../triage/decision.ts'

/**
 * Series that are there from the first run, with 0: a derivative in Graphite says nothing about the first value of a series, so
 * the page that creates one would be missing. Reasons are too many for that; the total of their tier has them.
 */
const ALWAYS = [
  ...ACTIONS.map((action) => `decisions_total.${action}`),
  ...TIERS.map((tier) => `paged_total.${tier}`),
  'deliveries_total.failed',
  'graphite_total.points_spooled',
  'graphite_total.points_replayed',
  'graphite_total.points_dropped',
]

/**
 * Counters of the store (they only grow: `c`) and numbers of the moment as Nagios' performance data, for an output that Sensu's
 * `nagios_perfdata` turns into metric points. Before it stands exactly one `|` in the whole output, or Sensu takes none of it.
 * https://github.com/sensu/sensu-go/blob/main/agent/transformers/nagios.go
 */
export function perfdata(counters: Readonly<Record<string, number>>, gauges: Readonly<Record<string, number>>): string {
  const totals = new Map(ALWAYS.map((name) => [name, 0]))
  for (const [counter, value] of Object.entries(counters)) {
    for (const name of totalsOf(counter)) totals.set(name, (totals.get(name) ?? 0) + value)
  }
  const items = [...totals].map(([name, value]) => itemOf(name, value, 'c'))
  return [...items, ...Object.entries(gauges).map(([name, value]) => itemOf(name, value, ''))].flat().join(' ')
}

/** `decisions.<action>.<tier>.<reason>`, `pages.<tier>.<reason>`, and whatever else is counted under two names or more. */
function totalsOf(counter: string): string[] {
  const [family = '', ...rest] = counter.split('.')
  if (family === 'decisions') {
    const [action = '', , reason = ''] = rest
    const suppressed = action === 'drop' || action === 'hold' ? [`suppressed_total.${reason}`] : []
    return [`decisions_total.${action}`, ...suppressed]
  }
  const own = [`${family}_total`, ...rest].join('.')
  return family === 'pages' ? [own, `paged_total.${rest[0]}`] : [own]
}

/** Sensu keeps nothing of a value but digits, dots and minus signs: 1e-7 would be read as 1-7. */
function itemOf(name: string, value: number, unit: 'c' | ''): string[] {
  const text = String(Math.round(value * 1000) / 1000)
  return /^-?\d+(\.\d+)?$/.test(text) ? [`${name.replace(/[^A-Za-z0-9_.-]/g, '_')}=${text}${unit}`] : []
}
