import yargs from 'yargs'
import type { OptionTable } from './options/options.ts'

export interface Described {
  readonly name: string
  readonly about: string
  readonly options: OptionTable
}

/** The help text of an executable, laid out by yargs from its option table. */
export async function helpText({ name, about, options }: Described): Promise<string> {
  const described = Object.values(options).map(({ flag, short, env, type, help }) => {
    const alias = short === undefined ? {} : { alias: short }
    return [flag, { type, ...alias, describe: env === undefined ? help : `${help} [$${env}]` }] as const
  })
  const text = await yargs([])
    .scriptName(name)
    .usage(`${about}\n\nUsage: $0 [options] < event.json`)
    .command('version', 'Show the version')
    .command('help', 'Show this text')
    .options(Object.fromEntries(described))
    .help(false)
    .version(false)
    .wrap(100)
    .getHelp()
  return `${text}\n`
}
