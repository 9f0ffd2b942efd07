import type { StatusMap } from '../../event/severity.ts'
import { handler_options } from './common.ts'
import { option } from './options.ts'
import { asOneOf, asSeconds, asStatusMap, asSwitch, asText, asWebAddress } from './parsers.ts'

/** The options of tierline-pagerduty: names of sensu-pagerduty-handler where they mean the same. */
export const pagerduty_options = {
  token: option<string | undefined>({
    flag: 'token',
    short: 't',
    env: 'PAGERDUTY_TOKEN',
    type: 'string',
    secret: true,
    help: 'Integration key for all tiers; better in PAGERDUTY_TOKEN, since every user of the machine sees a command line',
    parse: asText,
    fallback: undefined,
  }),
  region: option<'us' | 'eu'>({
    flag: 'region',
    vital: true,
    env: 'PAGERDUTY_REGION',
    type: 'string',
    help: 'Service region of the account: us or eu',
    parse: asOneOf(['us', 'eu']),
    policy: { path: ['pagerduty', 'region'], value: (policy) => policy.pagerduty.region },
  }),
  alternate_endpoint: option<string | undefined>({
    flag: 'alternate-endpoint',
    vital: true,
    short: 'e',
    env: 'PAGERDUTY_ALTERNATE_ENDPOINT',
    type: 'string',
    help: 'Full address to send to in place of the region',
    parse: asWebAddress,
    policy: { path: ['pagerduty', 'endpoint'], value: (policy) => policy.pagerduty.endpoint },
  }),
  timeout: option<number>({
    flag: 'timeout',
    env: 'PAGERDUTY_TIMEOUT',
    type: 'string',
    help: 'Seconds for the whole run; keep it below the timeout of the Sensu handler',
    parse: asSeconds(1, 300),
    policy: { path: ['pagerduty', 'timeout'], value: (policy) => policy.pagerduty.timeout },
  }),
  status_map: option<StatusMap>({
    flag: 'status-map',
    short: 's',
    env: 'PAGERDUTY_STATUS_MAP',
    type: 'string',
    help: 'JSON with the statuses of each severity, such as {"warning": [1], "critical": [2]}; any other is error',
    parse: asStatusMap,
    policy: { path: ['pagerduty', 'status_map'], value: (policy) => policy.pagerduty.status_map },
  }),
  client_name: option<string>({
    flag: 'client-name',
    type: 'string',
    help: 'Monitoring client that the incident names',
    parse: asText,
    policy: { path: ['pagerduty', 'client_name'], value: (policy) => policy.pagerduty.client_name },
  }),
  sensu_base_url: option<string | undefined>({
    flag: 'sensu-base-url',
    short: 'u',
    env: 'PAGERDUTY_SENSU_BASE_URL',
    type: 'string',
    help: 'Address of the Sensu web UI, for a link to the event',
    parse: asWebAddress,
    policy: { path: ['pagerduty', 'sensu_base_url'], value: (policy) => policy.pagerduty.sensu_base_url },
  }),
  link_annotations: option<boolean>({
    flag: 'link-annotations',
    short: 'l',
    type: 'boolean',
    help: 'Turn every annotation that is a web address into a link',
    parse: asSwitch,
    policy: { path: ['pagerduty', 'link_annotations'], value: (policy) => policy.pagerduty.link_annotations },
  }),
  ...handler_options,
}
