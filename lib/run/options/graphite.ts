import { handler_options } from './common.ts'
import type { Option } from './options.ts'
import { asOneOf, asPort, asSeconds, asSwitch, asText } from './parsers.ts'

const option = <T>(one: Option<T>): Option<T> => one

/** The options of tierline-graphite: names of sensu-go-graphite-handler where they mean the same. */
export const graphite_options = {
  host: option<string>({
    flag: 'host',
    short: 'H',
    env: 'GRAPHITE_HOST',
    type: 'string',
    help: 'Host of carbon',
    parse: asText,
    policy: { path: ['graphite', 'host'], value: (policy) => policy.graphite.host },
  }),
  port: option<number>({
    flag: 'port',
    short: 'p',
    env: 'GRAPHITE_PORT',
    type: 'string',
    help: "Port of carbon's line receiver",
    parse: asPort,
    policy: { path: ['graphite', 'port'], value: (policy) => policy.graphite.port },
  }),
  protocol: option<'tcp' | 'tls' | 'udp'>({
    flag: 'protocol',
    env: 'GRAPHITE_PROTOCOL',
    type: 'string',
    help: 'tcp, tls or udp; over udp nobody can tell what was lost',
    parse: asOneOf(['tcp', 'tls', 'udp']),
    policy: { path: ['graphite', 'protocol'], value: (policy) => policy.graphite.protocol },
  }),
  timeout: option<number>({
    flag: 'timeout',
    env: 'GRAPHITE_TIMEOUT',
    type: 'string',
    help: 'Seconds to connect, send and see carbon close its side',
    parse: asSeconds(0.1, 300),
    policy: { path: ['graphite', 'timeout'], value: (policy) => policy.graphite.timeout },
  }),
  tls_ca: option<string | undefined>({
    flag: 'tls-ca',
    env: 'GRAPHITE_TLS_CA',
    type: 'string',
    help: 'PEM file with the CA of carbon, besides those that Node knows',
    parse: asText,
    fallback: undefined,
  }),
  format: option<'path' | 'tagged'>({
    flag: 'format',
    env: 'GRAPHITE_FORMAT',
    type: 'string',
    help: 'path, or tagged for Graphite 1.1 and later',
    parse: asOneOf(['path', 'tagged']),
    policy: { path: ['graphite', 'format'], value: (policy) => policy.graphite.format },
  }),
  prefix: option<string>({
    flag: 'prefix',
    short: 'P',
    type: 'string',
    help: 'First part of every series',
    parse: asText,
    policy: { path: ['graphite', 'prefix'], value: (policy) => policy.graphite.prefix },
  }),
  no_prefix: option<boolean>({
    flag: 'no-prefix',
    short: 'n',
    type: 'boolean',
    help: 'No prefix at all',
    parse: asSwitch,
    fallback: false,
  }),
  prefix_source: option<boolean>({
    flag: 'prefix-source',
    short: 's',
    type: 'boolean',
    help: "Points as prefix.entity.point, the Go handler's layout",
    parse: asSwitch,
    fallback: false,
  }),
  ...handler_options,
}
