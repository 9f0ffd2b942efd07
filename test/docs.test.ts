import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { lint } from '../lib/lint/lint.ts'
import { rules } from '../lib/lint/rules.ts'
import { parsePolicy } from '../lib/policy/parse.ts'
import { Policy } from '../lib/policy/schema.ts'
import { graphite_options } from '../lib/run/options/graphite.ts'
import type { OptionTable } from '../lib/run/options/options.ts'
import { pagerduty_options } from '../lib/run/options/pagerduty.ts'
import { rows } from '../lib/triage/rules.ts'

/** `npm run schemas` writes what differs; in CI a difference fails. */
describe('docs/ says what the code says', () => {
  it('decisions.md', async () => {
    const lines = rows.map(
      ({ row, about, reasons }) => `| ${row} | ${about} | ${reasons.map((reason) => `\`${reason}\``).join(' ')} |`,
    )
    const text = [
      '# The decision table',
      '',
      'The first row that fits decides.',
      '',
      '| row | when | reasons |',
      '|---|---|---|',
      ...lines,
    ]
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('../docs/decisions.md')
  })

  it('options.md', async () => {
    const text = [
      '# Options of the handlers',
      '',
      'A flag beats its variable, a variable beats the policy file, and the policy file beats the default.',
      ...optionTable('tierline-pagerduty', pagerduty_options),
      ...optionTable('tierline-graphite', graphite_options),
    ]
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('../docs/options.md')
  })

  it('policy.md', async () => {
    const schema = z.toJSONSchema(Policy, { io: 'input' }) as Node
    const text = [
      '# The policy file',
      '',
      '`tierline.yaml`: every key is optional, and an unknown one is an error. Examples stand in `assets/policy/`.',
      '',
      '| key | value | default | meaning |',
      '|---|---|---|---|',
      ...keysOf('', schema),
    ]
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('../docs/policy.md')
  })

  it('linter.md', async () => {
    const text = [
      '# What `tierline check` finds in resources for Sensu',
      '',
      'It takes files, folders and `-` for standard input: YAML, JSON as `sensuctl dump` writes it, and JavaScript of assets.',
      'Each finding is a line `file:line:column: level: rule: what to change`. Errors make it exit 1, warnings alone 0. A bad',
      'example of every rule stands in `test/lint/bad/`.',
      '',
      '| rule | level | what it finds |',
      '|---|---|---|',
      ...rules.map(({ id, level, about }) => `| \`${id}\` | ${level} | ${about.replaceAll('|', '\\|')} |`),
    ]
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('../docs/linter.md')
  })
})

describe('what the README shows', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  const blocks = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind = '', text = '']) => ({
      page,
      kind,
      text,
    })),
  )

  it.each(blocks.filter(({ kind, text }) => kind === 'yaml' && text.startsWith('# tierline.yaml')))(
    '$page: a policy that is right',
    ({ text }) => {
      expect(parsePolicy(text, 'tierline.yaml')).toMatchObject({ warnings: [] })
    },
  )

  it.each(blocks.filter(({ kind, text }) => kind === 'yaml' && text.startsWith('type:')))(
    '$page: a resource without a finding',
    ({ page, text }) => {
      expect(lint([{ source: page, text }]).findings).toEqual([])
    },
  )

  it.each(blocks.filter(({ kind }) => kind === 'json'))('$page: JSON', ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow()
  })
})

function optionTable(name: string, table: OptionTable): string[] {
  const lines = Object.values(table).map(({ flag, short, env, help }) => {
    const names = [`\`--${flag}\``, ...(short === undefined ? [] : [`\`-${short}\``])].join(' ')
    return `| ${names} | ${env === undefined ? '' : `\`${env}\``} | ${help.replaceAll('|', '\\|')} |`
  })
  return ['', `## ${name}`, '', '| flag | variable | meaning |', '|---|---|---|', ...lines]
}

interface Node {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

/** A line for every key that holds a value, `[]` for the items of a list. */
function keysOf(path: string, node: Node): string[] {
  if (node.properties)
    return Object.entries(node.properties).flatMap(([key, child]) => keysOf(path === '' ? key : `${path}.${key}`, child))
  if (node.items?.properties) return keysOf(`${path}[]`, node.items)
  const value =
    node.enum?.join(', ') ?? (node.items?.enum ? `list of ${node.items.enum.join(', ')}` : (node.type ?? 'text or list'))
  const fallback = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``
  return [`| \`${path}\` | ${value} | ${fallback} | ${(node.description ?? '').replaceAll('|', '\\|')} |`]
}
