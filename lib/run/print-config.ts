import type { Keys } from '../deliver/pagerduty/keys.ts'
import { TIERS } from '../event/settings.ts'
import type { OptionTable, Sourced } from './options/options.ts'

/** Every value with its source, one a line; a key is shown as whether it is there, never as itself. */
export function configText(options: OptionTable, resolved: Readonly<Record<string, Sourced<unknown>>>, keys: Keys): string {
  const rows = Object.entries(options)
    .filter(([name]) => name !== 'help' && name !== 'print_config')
    .map(([name, option]) => {
      const { value, source } = resolved[name] as Sourced<unknown>
      return [option.flag, option.secret ? masked(value) : shown(value), source] as const
    })
  const key_rows = TIERS.map((tier) => {
    const { key, problem, source } = keys[tier]
    return [`key of ${tier} line`, key === null ? `none (${problem})` : '********', source] as const
  })
  const all = [...rows, ...key_rows]
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column as 0 | 1].length)))
  return all
    .map(([name, value, source]) => `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}\n`)
    .join('')
}

function masked(value: unknown): string {
  return value === undefined ? '-' : '********'
}

/** An address may hold a password before its host. */
function shown(value: unknown): string {
  if (value === undefined) return '-'
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/(\/\/)[^/@\s]*@/, '$1********@')
}
