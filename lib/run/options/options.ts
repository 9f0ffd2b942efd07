import { parseArgs } from 'node:util'
import type { Policy } from '../../policy/schema.ts'
import { UsageError } from '../errors.ts'
import type { PolicyInForce } from '../policy.ts'

/**
 * One option of an executable, said once: the flag, its variable, where the policy has it and its default. The
 * parser, `--print-config`, `--help` and the README come from it. `parse` throws UsageError.
 */
export interface Option<T> {
  readonly flag: string
  readonly short?: string
  readonly env?: string
  readonly type: 'string' | 'boolean'
  readonly secret?: boolean
  /** A wrong text stops the run, for without it nothing would arrive; any other wrong text is told and left out. */
  readonly vital?: boolean
  readonly help: string
  readonly parse: (text: string) => T
  /** The value that the policy gives (a default, when the file says nothing), and its path there. */
  readonly policy?: { readonly path: readonly string[]; readonly value: (policy: Policy) => T }
  readonly fallback?: T
}

/** An option of a type that is named, where its parts would not tell. */
export const option = <T>(one: Option<T>): Option<T> => one

// biome-ignore lint/suspicious/noExplicitAny: a table of options holds options of every type
export type OptionTable = Readonly<Record<string, Option<any>>>

/** A value and where it came from: `flag --timeout`, `PAGERDUTY_TIMEOUT`, `tierline.yaml`, `default`. */
export interface Sourced<T> {
  readonly value: T
  readonly source: string
}

export type Resolved<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? Sourced<T> : never
}

/** What the command line said, before any meaning: texts by option name, and the words that are no flags. */
export interface CommandLine {
  readonly flags: Readonly<Record<string, string>>
  readonly words: readonly string[]
}

/** Reads flags the way the Go plugins do: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `--switch=false`. */
export function parseCommandLine(table: OptionTable, args: readonly string[]): CommandLine {
  const described = Object.values(table).map(
    ({ flag, short, type }) => [flag, short === undefined ? { type } : { type, short }] as const,
  )
  const switches = new Set(Object.values(table).flatMap(({ flag, type }) => (type === 'boolean' ? [flag] : [])))
  const short_switches = new Set(Object.values(table).flatMap(({ short, type }) => (type === 'boolean' && short ? [short] : [])))
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const switched = new Map<number, string>()
  const plain = args.map((arg, index) => {
    if (index >= end) return arg
    const [, flag = '', value = ''] = /^--([\w-]+)=(.*)$/s.exec(arg) ?? []
    // Node knows neither `--switch=false` nor `-f=value`.
    if (switches.has(flag)) {
      switched.set(index, value)
      return `--${flag}`
    }
    const [, short = '', short_value = ''] = /^-(\w)=(.*)$/s.exec(arg) ?? []
    if (short === '') return arg
    if (!short_switches.has(short)) return `-${short}${short_value}`
    switched.set(index, short_value)
    return `-${short}`
  })
  try {
    const { tokens } = parseArgs({ args: plain, allowPositionals: true, tokens: true, options: Object.fromEntries(described) })
    const flags = tokens.flatMap((token) =>
      token.kind === 'option' ? [[token.name, switched.get(token.index) ?? token.value ?? 'true'] as const] : [],
    )
    return {
      flags: Object.fromEntries(flags),
      words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    }
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]}; --help lists the options`)
  }
}

export interface Sources {
  readonly flags: CommandLine['flags']
  readonly env: Readonly<Record<string, string | undefined>>
  readonly in_force: PolicyInForce
}

/** Every option with its source; flag over variable over policy over default. */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  sources: Sources,
  complain: (problem: string) => void,
): Resolved<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, resolveOption(option, sources, complain)]),
  ) as Resolved<Table>
}

export function resolveOption<T>(
  option: Option<T>,
  sources: Sources,
  complain: (problem: string) => void = () => {},
): Sourced<T> {
  const { flags, env, in_force } = sources
  const variable = option.env === undefined ? undefined : env[option.env]?.trim()
  const said = [
    [flags[option.flag], `--${option.flag}`, `flag --${option.flag}`],
    [variable || undefined, option.env ?? '', option.env ?? ''],
  ] as const
  for (const [text, where, source] of said) {
    if (text === undefined) continue
    try {
      return { value: parsed(option, text, where), source }
    } catch (error) {
      if (option.vital || !(error instanceof UsageError)) throw error
      complain(`${error.message}; left out`)
    }
  }
  if (option.policy) {
    const source = isGiven(in_force.given, option.policy.path) ? in_force.file : 'default'
    return { value: option.policy.value(in_force.policy), source }
  }
  return { value: option.fallback as T, source: 'default' }
}

function parsed<T>(option: Option<T>, text: string, where: string): T {
  try {
    return option.parse(text.trim())
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${where}: ${error.message}`)
  }
}

function isGiven(given: unknown, path: readonly string[]): boolean {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown> | null | undefined)?.[step], given) !== undefined
}
