import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { parsePolicy } from '../../lib/policy/parse.ts'
import { Policy } from '../../lib/policy/schema.ts'

const FILE = 'tierline.yaml'

const errorsOf = (text: string): readonly string[] => {
  const parsed = parsePolicy(text, FILE)
  return 'errors' in parsed ? parsed.errors : []
}
const warningsOf = (text: string): readonly string[] => {
  const parsed = parsePolicy(text, FILE)
  return 'warnings' in parsed ? parsed.warnings : ['there are errors']
}
const rule = (text: string) => `rules:\n  - ${text}\n`
const hours = (...lines: string[]) =>
  ['tiers:', '  first:', '    hours:', '      zone: UTC', ...lines.map((line) => `      ${line}`)].join('\n')
const window = (from: string, to: string) => hours('windows:', `  - {days: [mon], from: "${from}", to: "${to}"}`)

describe('nothing said means the defaults', () => {
  it.each([
    ['an empty file', ''],
    ['comments', '# later\n\n'],
    ['null', '~'],
    ['an empty map', '{}'],
    ['a byte order mark', '\ufeff'],
  ])('%s', (_, text) => {
    expect(parsePolicy(text, FILE)).toEqual({ policy: DEFAULT_POLICY, given: {}, warnings: [] })
  })

  it('a part keeps the rest, and is told apart from a default', () => {
    const parsed = parsePolicy('pagerduty:\n  timeout: 10\n', FILE)
    expect(parsed).toEqual({ policy: DEFAULT_POLICY, given: { pagerduty: { timeout: 10 } }, warnings: [] })
  })
})

describe('errors', () => {
  it.each<[string, string, string]>([
    ['an unknown key', 'pagerdty: {}', '1:1: pagerdty: unknown key; did you mean "pagerduty"?'],
    ['one far from all', 'colour: red', '1:1: colour: unknown key; known here: tiers, rules, annotations, noise'],
    ['two levels down', 'pagerduty:\n  regoin: eu', '2:3: pagerduty.regoin: unknown key; did you mean "region"?'],
    ['in capitals', 'pagerduty:\n  Region: eu', '2:3: pagerduty.Region: unknown key; did you mean "region"?'],
    [
      'three levels down',
      'tiers:\n  first:\n    severity_flor: error',
      '3:5: tiers.first.severity_flor: unknown key; did you mean "severity_floor"?',
    ],
    [
      'in a list',
      rule('match: {check: a}\n    drop: true\n    becuase: x'),
      '4:5: rules[0].becuase: unknown key; did you mean "because"?',
    ],
    [
      'in a map of a list',
      rule('{match: {chek: a}, drop: true, because: x}'),
      '2:14: rules[0].match.chek: unknown key; did you mean "check"?',
    ],
    [
      'in a window',
      hours('windows:', '  - {days: [mon], form: "09:00", to: "17:00"}'),
      '6:25: tiers.first.hours.windows[0].form: unknown key',
    ],
    [
      'behind an anchor',
      'tiers:\n  first: &a\n    severity_flor: error\n',
      '3:5: tiers.first.severity_flor: unknown key; did you mean',
    ],
    ['a key that every object has', 'constructor: 1', '1:1: constructor: unknown key'],
    ['a key that every object hides', 'tiers: {__proto__: {}}', '1:9: tiers.__proto__: unknown key'],
    ['with CRLF', 'tiers:\r\n  first:\r\n    bad: 1\r\n', '3:5: tiers.first.bad: unknown key; known here: key_env'],

    [
      'a bad word',
      'tiers:\n  first:\n    severity_floor: eror',
      '3:21: tiers.first.severity_floor: "eror" is not one of info, warning, error, critical; did you mean "error"?',
    ],
    ['a bad word in a list', 'graphite:\n  series: [up, statsu]', '2:16: graphite.series[1]: "statsu" is not one of status, up'],
    ['a number for a word', 'pagerduty:\n  region: 5', '2:11: pagerduty.region: 5 is not one of us, eu'],
    [
      'a tier that there is not',
      rule('{match: {check: a}, tier: fourth, because: x}'),
      '2:31: rules[0].tier: "fourth" is not one of first, second, third',
    ],
    ['drop: false', rule('{match: {check: a}, drop: false, because: x}'), '2:31: rules[0].drop: false is not one of true'],
    [
      'a setting that there is not',
      'annotations:\n  allow: [tier, runbok]',
      '2:17: annotations.allow[1]: "runbok" is not one of tier, class, runbook',
    ],

    ['text for a number', 'pagerduty:\n  timeout: soon', '2:12: pagerduty.timeout: "soon" is not a number'],
    ['text of digits for a number', 'graphite:\n  port: "2003"', '2:9: graphite.port: "2003" is not a number'],
    [
      'a fraction for a whole number',
      'noise:\n  alert_after:\n    load: 1.5',
      '3:11: noise.alert_after.load: 1.5 is not a whole number',
    ],
    ['a number too great', 'pagerduty:\n  timeout: 301', '2:12: pagerduty.timeout: '],
    ['a number too small', 'noise:\n  alert_after:\n    ttl: -1', '3:10: noise.alert_after.ttl: '],
    [
      'text for a switch',
      'pagerduty:\n  link_annotations: "yes"',
      '2:21: pagerduty.link_annotations: "yes" is not true or false',
    ],
    ['a number for keys', 'pagerduty: 5', '1:12: pagerduty: 5 is not a group of keys'],
    ['a list for keys', 'tiers: [first]', '1:8: tiers: a list is not a group of keys'],
    ['nothing for keys', 'tiers:\n', '1:'],
    ['keys for a list', 'rules: {}', '1:8: rules: a group of keys is not a list'],
    ['keys for text', 'graphite:\n  host: {a: b}', '2:9: graphite.host: a group of keys is not a text'],
    ['a list at the root', '- tiers', '1:1: a list is not a group of keys'],
    ['text at the root', 'tiers', '1:1: "tiers" is not a group of keys'],
    ['a missing reason', rule('{match: {check: a}, drop: true}'), '2:5: rules[0].because: missing: it has to be a text'],
    ['a missing zone', 'tiers:\n  first:\n    hours:\n      windows: []', '4:7: tiers.first.hours.zone: missing'],

    [
      'a number for globs',
      rule('{match: {check: 5}, drop: true, because: x}'),
      '2:21: rules[0].match.check: 5 is neither a text nor a list of texts',
    ],
    [
      'a label value that is no text',
      rule('{match: {labels: {app: 5}}, drop: true, because: x}'),
      '2:28: rules[0].match.labels.app: 5 is neither',
    ],
    [
      'a bad class',
      rule('{match: {class: lod}, drop: true, because: x}'),
      '2:21: rules[0].match.class: "lod" is not one of service, load, keepalive, ttl; did you mean "load"?',
    ],
    [
      'a bad class in a list',
      rule('{match: {class: [ttl, lod]}, drop: true, because: x}'),
      '2:27: rules[0].match.class[1]: "lod" is not one of service, load, keepalive, ttl; did you mean "load"?',
    ],
    ['no glob at all', rule('{match: {check: []}, drop: true, because: x}'), '2:21: rules[0].match.check: '],

    ['YAML that does not close', 'tiers: [', '1:9: '],
    ['a tab', 'tiers:\n\tfirst: {}', '2:1: Tabs are not allowed as indentation'],
    ['a key twice', 'pagerduty: {}\npagerduty: {}', '2:1: Map keys must be unique'],
    ['two documents', 'tiers: {}\n---\nrules: []', '2:1: '],
    ['an anchor that nothing defines', 'rules: *nothing', '1:1: Unresolved alias'],
    [
      'aliases that would fill the memory',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
          const before = 'abcdefg'[index]
          return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
        }),
      ].join('\n'),
      '1:1: Excessive alias count',
    ],

    [
      'a zone that there is not',
      hours('windows: []').replace('UTC', 'Mars/Base'),
      '4:13: tiers.first.hours.zone: not an IANA time zone',
    ],
    ['no window', hours('windows: []'), '5:16: tiers.first.hours.windows: '],
    ['an empty window', window('09:00', '09:00'), '6:44: tiers.first.hours.windows[0].to: the window is empty'],
    [
      'a window that starts at 24:00',
      window('24:00', '07:00'),
      '6:31: tiers.first.hours.windows[0].from: a window cannot start at 24:00',
    ],
    [
      'a time of day without its zero',
      window('9:00', '17:00'),
      '6:31: tiers.first.hours.windows[0].from: write a time of day as HH:MM',
    ],
    ['a time after midnight', window('09:00', '24:01'), '6:44: tiers.first.hours.windows[0].to: write a time of day as HH:MM'],
    [
      'a weekday in full',
      hours('windows:', '  - {days: [monday], from: "09:00", to: "17:00"}'),
      '6:19: tiers.first.hours.windows[0].days[0]: "monday" is not one of sun, mon',
    ],
    [
      'a holiday that is no date',
      `${window('09:00', '17:00')}\n      holidays: [2026-12-25, 2026-02-30]`,
      '7:30: tiers.first.hours.holidays[1]: write a date as YYYY-MM-DD',
    ],
    [
      'a holiday of another land',
      `${window('09:00', '17:00')}\n      holidays: ["25.12.2026"]`,
      '7:18: tiers.first.hours.holidays[0]: write a date',
    ],

    ['an address that is none', 'pagerduty:\n  endpoint: nonsense', '2:13: pagerduty.endpoint: a full http(s) address'],
    [
      'an address of another kind',
      'pagerduty:\n  sensu_base_url: ftp://sensu',
      '2:19: pagerduty.sensu_base_url: an http(s) address',
    ],
    [
      'a path without its point',
      'graphite:\n  path_template: "{entity}"',
      '2:18: graphite.path_template: the template has to name {point}',
    ],
    [
      'a status that is no number',
      'pagerduty:\n  status_map:\n    critical: [x]',
      '3:16: pagerduty.status_map.critical[0]: "x" is not a number',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toContainEqual(expect.stringMatching(startingWith(`${FILE}:${expected}`)))
  })

  it('are all told at once, each with its place', () => {
    const text = 'pagerdty: {}\ntiers:\n  first: {severity_floor: bad}\ngraphite:\n  port: 0\n'
    expect(
      errorsOf(text)
        .map((line) => line.split(': ')[0])
        .sort(),
    ).toEqual([`${FILE}:1:1`, `${FILE}:3:27`, `${FILE}:5:9`])
  })

  it('say about a list only what is wrong in it', () => {
    expect(errorsOf(rule('{match: {severity: [critical, bad]}, drop: true, because: x}'))).toEqual([
      expect.stringContaining('2:35: rules[0].match.severity[1]: "bad" is not one of'),
    ])
  })

  it('point at the item of a list of globs that is wrong', () => {
    expect(errorsOf(rule('{match: {check: [a, 5]}, drop: true, because: x}'))).toEqual([
      expect.stringContaining('2:25: rules[0].match.check[1]: '),
    ])
  })

  it.each([
    ['a number too great', 'graphite:\n  port: 70000'],
    ['an empty list', hours('windows: []')],
    ['an empty text', 'pagerduty:\n  client_name: ""'],
  ])('are in words for whoever writes the file, not in those of a library: %s', (_, text) => {
    expect(errorsOf(text).join()).not.toMatch(/expected \w+ to|[<>]=/)
  })
})

describe('a key in the policy', () => {
  it.each([
    ['0123456789abcdef0123456789abcdef'],
    ['abcdef0123456789abcdef0123456789'],
    ['R0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123'],
    ['u+abcdefghijklmnopqr'],
  ])('in place of the name of its variable is refused and not repeated: %s', (key) => {
    const [error = ''] = errorsOf(`tiers:\n  second:\n    key_env: ${key}`)
    expect(error).toBe(`${FILE}:3:14: tiers.second.key_env: the name of an environment variable, not the key itself`)
  })

  it('under a name of its own is an unknown key and not repeated', () => {
    const errors = errorsOf('tiers:\n  first:\n    key: 0123456789abcdef0123456789abcdef\n')
    expect(errors).toEqual([expect.stringMatching(/^tierline.yaml:3:5: tiers.first.key: unknown key/)])
    expect(errors.join()).not.toContain('0123456789abcdef')
  })

  it('has a variable with any ordinary name', () => {
    expect(errorsOf('tiers:\n  first:\n    key_env: _pd_key_OF_the_1st_line_in_Amsterdam')).toEqual([])
  })
})

describe('between keys', () => {
  const everything = '{match: {check: "*"}, tier: second, because: x}'

  it.each<[string, string, string]>([
    [
      'two tiers with one variable',
      'tiers:\n  first: {key_env: A}\n  third:\n    key_env: A\n',
      '4:14: tiers.third.key_env: A is the key of the first line already',
    ],
    [
      'a variable that is the default of another tier',
      'tiers:\n  first:\n    key_env: PAGERDUTY_TOKEN_SECOND\n',
      '2:3: tiers.second.key_env: PAGERDUTY_TOKEN_SECOND is the key of the first line already',
    ],
    [
      'the address of another region',
      'pagerduty:\n  endpoint: https://events.eu.pagerduty.com/v2/enqueue\n',
      '2:13: pagerduty.endpoint: this is the address of the eu region, but region is us',
    ],
    [
      'the address of another region, the other way round',
      'pagerduty:\n  region: eu\n  endpoint: https://events.pagerduty.com/v2/enqueue\n',
      '3:13: pagerduty.endpoint: this is the address of the us region, but region is eu',
    ],
    [
      'a rule that drops everything',
      rule('{match: {check: "*"}, drop: true, because: x}'),
      '2:5: rules[0]: drops every failing check',
    ],
    [
      'one in two patterns',
      rule('{match: {check: "*", entity: "*"}, record: true, because: x}'),
      '2:5: rules[0]: drops every failing check',
    ],
    ['one in a list', rule('{match: {check: ["*"]}, drop: true, because: x}'), '2:5: rules[0]: drops every failing check'],
    ['one of two stars', rule('{match: {namespace: "**"}, drop: true, because: x}'), '2:5: rules[0]: drops every failing check'],
    ['one of no labels', rule('{match: {labels: {}}, drop: true, because: x}'), '2:5: rules[0]: drops every failing check'],
    [
      'two actions',
      rule('{match: {check: a}, drop: true, tier: first, because: x}'),
      '2:5: rules[0]: a rule needs exactly one of tier, drop: true or record: true',
    ],
    ['no action', rule('{match: {check: a}, because: x}'), '2:5: rules[0]: a rule needs exactly one of'],
    ['nothing to match', rule('{match: {}, drop: true, because: x}'), '2:13: rules[0].match: a match must name something'],
    [
      'final without a tier',
      rule('{match: {check: a}, drop: true, final: true, because: x}'),
      '2:44: rules[0].final: final only means something with tier',
    ],
  ])('error: %s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expect.stringMatching(startingWith(`${FILE}:${expected}`))])
  })

  it.each<[string, string, string]>([
    [
      'nobody whose pages escalate',
      'tiers:\n  first: {severity_floor: info}\n  second: {severity_floor: warning}\n  third: {severity_floor: info}\n',
      '2:3: tiers: no tier has a severity_floor of error or critical',
    ],
    [
      'a status under two severities',
      'pagerduty:\n  status_map:\n    warning: [1, 3]\n    error: [3]\n',
      '3:14: pagerduty.status_map.warning: status 3 stands under a worse severity too',
    ],
    [
      'a status that a default has too',
      'pagerduty:\n  status_map:\n    critical: [1, 2]\n',
      '3:5: pagerduty.status_map.warning: status 1 stands under a worse severity too',
    ],
    [
      'a rule after one that matches all',
      rule(`${everything}\n  - {match: {check: b}, tier: third, because: x}`),
      '3:5: rules[1]: never reached',
    ],
  ])('warning: %s', (_, text, expected) => {
    expect(warningsOf(text)).toEqual([expect.stringMatching(startingWith(`${FILE}:${expected}`))])
  })

  it.each([
    ['a region with its own address', 'pagerduty: {region: eu, endpoint: "https://events.eu.pagerduty.com/v2/enqueue"}'],
    ['a proxy of the house', 'pagerduty: {region: eu, endpoint: "http://localhost:8080/x"}'],
    ['one tier that escalates', 'tiers: {first: {severity_floor: info}}'],
    ['a last rule for all', rule(`{match: {check: b}, tier: third, because: x}\n  - ${everything}`)],
    ['a rule that drops some', rule('{match: {check: "*", entity: "lab-*"}, drop: true, because: x}')],
    [
      'variables that trade places',
      'tiers: {first: {key_env: PAGERDUTY_TOKEN_SECOND}, second: {key_env: PAGERDUTY_TOKEN_FIRST}}',
    ],
  ])('nothing to say: %s', (_, text) => {
    expect(warningsOf(text)).toEqual([])
  })
})

describe('any text', () => {
  const word = fc.constantFrom('tiers', 'first', 'rules', 'match', 'hours', 'windows', 'check', 'pagerduty', 'timeout', 'x')
  const yamlish = fc
    .array(
      fc.tuple(
        fc.nat({ max: 4 }),
        fc.constantFrom('', '- ', '? ', '&a ', '*a', '<<: ', '!t '),
        word,
        fc.constantFrom(':', ': 1', ': []', ': {', ': "', ': |', ''),
      ),
    )
    .map((lines) => lines.map(([depth, mark, name, rest]) => `${'  '.repeat(depth)}${mark}${name}${rest}`).join('\n'))

  it('gives a policy or lines with a place', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parsePolicy(text, FILE)
        if (!('errors' in parsed)) return
        expect(parsed.errors.length).toBeGreaterThan(0)
        for (const error of parsed.errors) expect(error).toMatch(/^tierline\.yaml:\d+:\d+: .+/)
      }),
    )
  })

  it('that JSON makes of any policy is that policy', () => {
    const parsed = parsePolicy(JSON.stringify(Policy.parse({})), FILE)
    expect('policy' in parsed && parsed.policy).toEqual(DEFAULT_POLICY)
  })
})

describe('the examples', () => {
  const folder = new URL('../../assets/policy/', import.meta.url)
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))

  it.runIf(files.length > 0)('have no error and no warning', () => {
    const said = files.map((name) => {
      const parsed = parsePolicy(readFileSync(new URL(name, folder), 'utf8'), name)
      return [name, 'errors' in parsed ? parsed.errors : parsed.warnings]
    })
    expect(said).toEqual(files.map((name) => [name, []]))
  })
})

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
}
