import { withoutSecrets } from '../deliver/text.ts'
import { TIERS } from '../event/settings.ts'
import type { OptionTable, Sourced } from './options/options.ts'
import type { Setup } from './setup.ts'

/** Every value with its source, one a line; a key is shown as whether it is there, never as itself. */
export function configText(options: OptionTable, setup: Pick<Setup<OptionTable>, 'options' | 'keys' | 'secrets'>): string {
  const resolved: Readonly<Record<string, Sourced<unknown>>> = setup.options
  const { keys } = setup
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
  const text = all
    .map(([name, value, source]) => `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}\n`)
    .join('')
  return withoutSecrets(text, setup.secrets)
}

function masked(value: unknown): string {
  return value === undefined ? '-' : '********'
}

/** An address may hold a password before its host, or a token behind its path. */
function shown(value: unknown): string {
  if (value === undefined) return '-'
  if (typeof value !== 'string') return JSON.stringify(value)
  if (!URL.canParse(value)) return value
  const url = new URL(value)
  if (url.username === '' && url.password === '' && url.search === '') return value
  return `${url.protocol}//********@${url.host}${url.pathname}`
}
