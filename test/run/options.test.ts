import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import type { Policy } from '../../lib/policy/schema.ts'
import { UsageError } from '../../lib/run/errors.ts'
import { graphite_options } from '../../lib/run/options/graphite.ts'
import { parseCommandLine, resolveOptions } from '../../lib/run/options/options.ts'
import { pagerduty_options } from '../../lib/run/options/pagerduty.ts'
import { asOneOf, asPort, asSeconds, asStatusMap, asSwitch, asText, asWebAddress } from '../../lib/run/options/parsers.ts'
import { DEFAULTS_IN_FORCE, type PolicyInForce } from '../../lib/run/policy.ts'

const refusal = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'nothing was refused'
}

describe('parseCommandLine', () => {
  const parsed = (...args: string[]) => parseCommandLine(graphite_options, args)

  it.each<[string[], Record<string, string>, string[]]>([
    [[], {}, []],
    [['--host', 'carbon'], { host: 'carbon' }, []],
    [['--host=carbon'], { host: 'carbon' }, []],
    [['-H', 'carbon'], { host: 'carbon' }, []],
    [['-Hcarbon'], { host: 'carbon' }, []],
    [['-H=carbon'], { host: 'carbon' }, []],
    [['--host='], { host: '' }, []],
    [['--host', ''], { host: '' }, []],
    [['--host=a=b'], { host: 'a=b' }, []],
    [['--host=a\nb'], { host: 'a\nb' }, []],
    [['--host', 'a', '--host', 'b'], { host: 'b' }, []],
    [['--dry-run'], { 'dry-run': 'true' }, []],
    [['--dry-run=false'], { 'dry-run': 'false' }, []],
    [['--dry-run=true'], { 'dry-run': 'true' }, []],
    [['--dry-run=maybe'], { 'dry-run': 'maybe' }, []],
    [['--dry-run', 'false'], { 'dry-run': 'true' }, ['false']],
    [['--no-prefix'], { 'no-prefix': 'true' }, []],
    [['--no-prefix=false'], { 'no-prefix': 'false' }, []],
    [['-n'], { 'no-prefix': 'true' }, []],
    [['-ns'], { 'no-prefix': 'true', 'prefix-source': 'true' }, []],
    [['-nsH', 'carbon'], { 'no-prefix': 'true', 'prefix-source': 'true', host: 'carbon' }, []],
    [['-nHcarbon', '-p', '2004'], { 'no-prefix': 'true', host: 'carbon', port: '2004' }, []],
    [['version'], {}, ['version']],
    [['help', '--host', 'a', 'more'], { host: 'a' }, ['help', 'more']],
    [['--', '--host', 'a'], {}, ['--host', 'a']],
    [['--', '--dry-run=false'], {}, ['--dry-run=false']],
    [['--host', 'a', '-h'], { host: 'a', help: 'true' }, []],
  ])('%j', (args, flags, words) => {
    expect(parsed(...args)).toEqual({ flags, words })
  })

  it('lets the last of a repeated switch count', () => {
    expect(parsed('--dry-run=false', '--dry-run').flags).toEqual({ 'dry-run': 'true' })
    expect(parsed('--dry-run', '--dry-run=false').flags).toEqual({ 'dry-run': 'false' })
  })

  it.each([
    [['--hosts', 'a'], '--hosts'],
    [['--hosts=a'], '--hosts'],
    [['-x'], '-x'],
    [['-nx'], '-x'],
    [['--no-host'], '--no-host'],
    [['--host'], '--host'],
    [['-H'], '--host'],
    [['--__proto__=1'], '--__proto__'],
    [['--constructor'], '--constructor'],
  ])('%j is refused in one line that names %s', (args, named) => {
    const message = refusal(() => parsed(...args))
    expect(message).toContain(named)
    expect(message).toMatch(/^[^\n]{1,200}; --help lists the options$/)
  })

  const key = '0123456789abcdef0123456789abcdef'
  it.each([
    [['--tokn', key]],
    [[`--tokn=${key}`]],
    [['--token']],
    [['-t', key, '--nope']],
    [['-t', key, `-x${key}`]],
    [['--token', `--${key}`]],
  ])('a mistake near a key does not print it: %j', (args) => {
    const message = refusal(() => parseCommandLine(pagerduty_options, args))
    expect(message).not.toContain('nothing was refused')
    expect(message).not.toContain(key)
  })

  it('gives any text that is a value back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parsed(`--host=${text}`).flags).toEqual({ host: text })
        expect(parsed(`-Hx${text}`).flags).toEqual({ host: `x${text}` })
      }),
      { examples: [['--dry-run=true'], [' '], ['-']] },
    )
  })
})

describe('resolveOptions', () => {
  const given = { graphite: { host: 'from-policy', prefix: '' } }
  const with_policy: PolicyInForce = {
    ...DEFAULTS_IN_FORCE,
    policy: { ...DEFAULT_POLICY, graphite: { ...DEFAULT_POLICY.graphite, ...given.graphite } } as Policy,
    given,
    file: 'tierline.yaml',
  }
  const resolved = (
    flags: Record<string, string>,
    env: Record<string, string | undefined>,
    in_force: PolicyInForce = DEFAULTS_IN_FORCE,
  ) =>
    resolveOptions(graphite_options, { flags, env, in_force }, (problem) => {
      throw new Error(problem)
    })

  it.each<[string, Record<string, string>, Record<string, string | undefined>, PolicyInForce, string, string]>([
    ['a flag over all', { host: 'a' }, { GRAPHITE_HOST: 'b' }, with_policy, 'a', 'flag --host'],
    ['a variable over the policy', {}, { GRAPHITE_HOST: 'b' }, with_policy, 'b', 'GRAPHITE_HOST'],
    ['the policy over the default', {}, {}, with_policy, 'from-policy', 'tierline.yaml'],
    ['the default', {}, {}, DEFAULTS_IN_FORCE, '127.0.0.1', 'default'],
    ['an empty variable is none', {}, { GRAPHITE_HOST: '' }, with_policy, 'from-policy', 'tierline.yaml'],
    ['a blank variable is none', {}, { GRAPHITE_HOST: ' \n' }, DEFAULTS_IN_FORCE, '127.0.0.1', 'default'],
    ['an undefined variable is none', {}, { GRAPHITE_HOST: undefined }, DEFAULTS_IN_FORCE, '127.0.0.1', 'default'],
    ['space around a value goes', { host: ' a ' }, {}, DEFAULTS_IN_FORCE, 'a', 'flag --host'],
    ['space around a variable goes', {}, { GRAPHITE_HOST: ' b\n' }, DEFAULTS_IN_FORCE, 'b', 'GRAPHITE_HOST'],
  ])('%s', (_, flags, env, in_force, value, source) => {
    expect(resolved(flags, env, in_force).host).toEqual({ value, source })
  })

  it('knows what the file set from what it left', () => {
    const { host, port, prefix } = resolved({}, {}, with_policy)
    expect([host.source, port.source, prefix.source]).toEqual(['tierline.yaml', 'default', 'tierline.yaml'])
    expect(prefix.value).toBe('')
  })

  it('gives what is in no policy its fallback', () => {
    expect(resolved({}, {}).dry_run).toEqual({ value: false, source: 'default' })
    expect(resolved({}, {}).tls_ca).toEqual({ value: undefined, source: 'default' })
    expect(resolved({ 'dry-run': 'true' }, {}).dry_run).toEqual({ value: true, source: 'flag --dry-run' })
  })

  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['a flag', { port: 'x' }, {}, '--port: "x" is not a port from 1 to 65535'],
    ['a variable', {}, { GRAPHITE_PORT: '0' }, 'GRAPHITE_PORT: "0" is not a port from 1 to 65535'],
    ['an empty flag', { host: '' }, {}, '--host: is empty'],
    ['a switch', { 'dry-run': 'maybe' }, {}, '--dry-run: "maybe" is neither true nor false'],
  ])('names %s that is wrong', (_, flags, env, message) => {
    expect(refusal(() => resolved(flags, env))).toBe(message)
  })

  it('an option reads its own place in the policy', () => {
    for (const table of [graphite_options, pagerduty_options]) {
      for (const [name, { policy }] of Object.entries(table) as [string, (typeof graphite_options)['host']][]) {
        if (!policy) continue
        const at_path = policy.path.reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], DEFAULT_POLICY)
        expect([name, policy.value(DEFAULT_POLICY)]).toEqual([name, at_path])
      }
    }
  })

  it('no two options share a flag, a letter or a variable', () => {
    for (const table of [graphite_options, pagerduty_options]) {
      const names = Object.values(table).flatMap(({ flag, short, env }) =>
        [flag, short, env].filter((name) => name !== undefined),
      )
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

describe('parsers', () => {
  it.each<[string, (text: string) => unknown, string, unknown]>([
    ['asText', asText, 'a b', 'a b'],
    ['asSwitch', asSwitch, 'true', true],
    ['asSwitch', asSwitch, '1', true],
    ['asSwitch', asSwitch, 'false', false],
    ['asSwitch', asSwitch, '0', false],
    ['asSeconds', asSeconds(1, 300), '10', 10],
    ['asSeconds', asSeconds(1, 300), '10s', 10],
    ['asSeconds', asSeconds(1, 300), '1', 1],
    ['asSeconds', asSeconds(1, 300), '300', 300],
    ['asSeconds', asSeconds(0.1, 300), '0.1', 0.1],
    ['asPort', asPort, '1', 1],
    ['asPort', asPort, '65535', 65_535],
    ['asOneOf', asOneOf(['us', 'eu']), 'EU', 'eu'],
    ['asWebAddress', asWebAddress, 'https://events.pagerduty.com/v2/enqueue', 'https://events.pagerduty.com/v2/enqueue'],
    ['asWebAddress', asWebAddress, 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['asWebAddress', asWebAddress, 'HTTPS://EU', 'HTTPS://EU'],
    ['asStatusMap', asStatusMap, '{}', {}],
    ['asStatusMap', asStatusMap, '{"warning": [1], "critical": [2, 3]}', { warning: [1], critical: [2, 3] }],
    ['asStatusMap', asStatusMap, '{"info": [], "error": [4294967295]}', { info: [], error: [4_294_967_295] }],
  ])('%s takes %j %j', (_, parse, text, value) => {
    expect(parse(text)).toEqual(value)
  })

  it.each<[string, (text: string) => unknown, readonly string[]]>([
    ['asText', asText, ['']],
    ['asSwitch', asSwitch, ['', 'yes', 'TRUE ', '2', 'null']],
    [
      'asSeconds',
      asSeconds(1, 300),
      ['', '0', '0.99', '301', '-5', '1e2', '0x10', '5m', 'NaN', 'Infinity', '1,5', '.5', '1.', '10 s', '9'.repeat(400)],
    ],
    ['asPort', asPort, ['', '0', '65536', '-1', '2003x', '20.3', '1e3', '123456']],
    ['asOneOf', asOneOf(['us', 'eu']), ['', 'de', 'us,eu', 'constructor']],
    [
      'asWebAddress',
      asWebAddress,
      [
        '',
        'events.pagerduty.com',
        '//host/path',
        'ftp://host',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'http:host',
        'https://',
        'https://sensu/a b',
      ],
    ],
    [
      'asStatusMap',
      asStatusMap,
      [
        '',
        'null',
        '[]',
        '3',
        '{"warning": 1}',
        '{"warning": ["1"]}',
        '{"warning": [1.5]}',
        '{"warning": [-1]}',
        '{"warning": [null]}',
        '{"warn": [1]}',
        '{"Critical": [2]}',
        '{"__proto__": [2]}',
        '{"warning": [1],}',
        '{"info":[0],"warning":[1],"critical":[2]:}',
      ],
    ],
  ])('%s refuses in one line', (_, parse, texts) => {
    const taken = texts.filter((text) => refusal(() => parse(text)) === 'nothing was refused')
    expect(taken).toEqual([])
    for (const text of texts) expect(refusal(() => parse(text))).toMatch(/^[^\n]{1,500}$/)
  })

  it('asWebAddress does not repeat an address, which may hold a password', () => {
    expect(refusal(() => asWebAddress('ftp://user:hunter22@host'))).not.toContain('hunter22')
  })
})
