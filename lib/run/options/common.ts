import type { LogFormat } from '../log.ts'
import { type Option, option } from './options.ts'
import { asOneOf, asSwitch, asText } from './parsers.ts'

const switchOption = (flag: string, help: string, short?: string): Option<boolean> => ({
  flag,
  type: 'boolean',
  vital: true,
  help,
  parse: asSwitch,
  fallback: false,
  ...(short === undefined ? {} : { short }),
})

/** What every executable understands. */
export const common_options = {
  policy: option<string | undefined>({
    flag: 'policy',
    env: 'TIERLINE_POLICY',
    type: 'string',
    help: 'Policy file (tierline.yaml); without one the defaults apply',
    parse: asText,
    fallback: undefined,
  }),
  help: switchOption('help', 'Show this text', 'h'),
}

/** What everything that remembers understands. */
export const state_options = {
  state_dir: option<string | undefined>({
    flag: 'state-dir',
    env: 'TIERLINE_STATE_DIR',
    type: 'string',
    help: 'Folder for what is remembered between runs, or none; /var/lib/sensu/tierline where Sensu is installed',
    parse: asText,
    fallback: undefined,
  }),
}

/** What both handlers understand besides. */
export const handler_options = {
  ...common_options,
  ...state_options,
  log_format: option<LogFormat>({
    flag: 'log-format',
    env: 'TIERLINE_LOG_FORMAT',
    type: 'string',
    help: 'text for people, json for machines; both to standard error',
    parse: asOneOf<LogFormat>(['text', 'json']),
    fallback: 'text',
  }),
  dry_run: switchOption('dry-run', 'Print what would be sent, as JSON, and send nothing'),
  print_config: switchOption('print-config', 'Print every value with its source, keys masked, and send nothing'),
}
