import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACTIONS } from '../../lib/triage/decision.ts'
import { run, sample, THREE_KEYS } from '../support/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tierline-'))
const loop = join(folder, 'loop.yaml')
symlinkSync(loop, loop)
const refused = ['invalid-check', 'invalid-entity', 'invalid-json', 'no-check', 'no-entity']

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('tierline dry-run', () => {
  it('shows the samples without any argument', async () => {
    const ran = await run('tierline dry-run', { env: THREE_KEYS })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^TIER +ACTION +REASON +SOURCE +WHY\n/)
    expect(ran.stdout).toMatch(/^second +page +service_down +site-down\.json +http-front-page on webshop/m)
    expect(ran.stdout).toMatch(/^first line +\d+ page$/m)
    expect(ran.stdout).toMatch(new RegExp(`^${readdirSync('assets/events').length} events\\. Nothing was sent\\.$`, 'm'))
    expect(ran.stdout).not.toContain('\u001b')
  })

  it('--json prints one whole object a line', async () => {
    const ran = await run('tierline dry-run --json assets/events', { env: THREE_KEYS })
    const lines = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(readdirSync('assets/events').length)
    for (const line of lines) {
      expect(Object.keys(line)).toEqual([
        'source',
        'identity',
        'class',
        'severity',
        'action',
        'tier',
        'reason',
        'says',
        'problems',
        'pagerduty',
        'graphite',
      ])
      expect(ACTIONS).toContain(line.action)
      expect(line.pagerduty.length).toBe(line.action === 'page' ? 1 : line.action === 'resolve' ? 3 : 0)
    }
  })

  it('shows the rest when some cannot be read, and exits 1', async () => {
    const ran = await run('tierline dry-run --json test/samples')
    expect(ran.code).toBe(1)
    const names = ran.stderr
      .trimEnd()
      .split('\n')
      .map((line) => /^tierline: sdk-event-([\w-]+)\.json: /.exec(line)?.[1])
    expect(names).toEqual(refused)
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(
      readdirSync('test/samples').filter((name) => name.endsWith('.json')).length - refused.length,
    )
  })

  it.each([
    ['standard input', 'tierline dry-run -', sample('site-down'), 0, /service_down/],
    ['NDJSON', 'tierline dry-run -', '{"entity":{"metadata":{"name":"a"}},"metrics":{}}\n'.repeat(3), 0, /^3 events/m],
    ['a file that is not there', 'tierline dry-run /nonexistent.json', '', 1, /cannot be read: ENOENT/],
    ['a command that does not exist', 'tierline frobnicate', '', 2, /Unknown argument: frobnicate/],
    ['no command', 'tierline', '', 2, /name a command/],
    ['an option that does not exist', 'tierline dry-run --nope', '', 2, /Unknown argument: nope/],
    ['an option without its value', 'tierline dry-run --now', '', 2, /Not enough arguments following: now/],
    [
      'a folder without events',
      `tierline dry-run ${mkdtempSync(join(folder, 'empty-'))}`,
      '',
      1,
      /no \*\.json, \*\.jsonl or \*\.ndjson file below/,
    ],
    ['several files', 'tierline dry-run assets/events/site-down.json assets/events/recovered.json', '', 0, /^2 events/m],
    ['an option given twice', 'tierline dry-run --policy a --policy b', '', 2, /--policy is given more than once/],
    ['a file behind --', 'tierline dry-run -- -x.json', '', 1, /-x\.json: cannot be read/],
    ['a moment without a zone', 'tierline dry-run --now 2026-03-29T02:10', '', 2, /is no time/],
    ['a moment that is none', 'tierline dry-run --now yesterday', '', 2, /--now: "yesterday" is no time/],
    [
      'a policy that is wrong',
      `tierline dry-run --policy ${file('wrong.yaml', 'rulez: []\n')}`,
      '',
      2,
      /wrong\.yaml:1:1: rulez: unknown key; did you mean "rules"\?/,
    ],
  ])('%s', async (_name, command, stdin, code, message) => {
    const ran = await run(command, { stdin })
    expect(ran.code).toBe(code)
    expect(ran.stdout + ran.stderr).toMatch(message)
  })

  it('--now and the policy decide what can wait', async () => {
    const policy = file(
      'night.yaml',
      'tiers: { first: { hours: { zone: Europe/Amsterdam, windows: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] } } }\n',
    )
    const ran = await run(
      `tierline dry-run --json --policy ${policy} --now 2026-03-29T02:10:00+01:00 assets/events/disk-warning.json`,
    )
    const [line] = ran.stdout.trim().split('\n')
    expect(JSON.parse(line ?? '')).toMatchObject({
      reason: 'night_hold',
      action: 'page',
      says: expect.stringMatching(/can wait until 2026-03-30T07:00:00Z\. Nothing here can release a hold, so it pages now\.$/),
    })
  })

  it('a terminal gets colour unless NO_COLOR is set', async () => {
    const command = "script -qec 'tierline dry-run assets/events/site-down.json' /dev/null"
    expect((await run(command, { env: { TERM: 'xterm' } })).stdout).toContain('\u001b[31m')
    expect((await run(command, { env: { TERM: 'xterm', NO_COLOR: '1' } })).stdout).not.toContain('\u001b[31m')
  })
})

describe('tierline explain', () => {
  it('shows every row tried, what it looked at, the winner and the bodies', async () => {
    const ran = await run('tierline explain assets/events/http-critical-one-server.json', { env: THREE_KEYS })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^ {2} 0 {2}no {3}What has to be known is not/m)
    expect(ran.stdout).toMatch(/^ {2}18 {2}YES {2}One machine is critical/m)
    expect(ran.stdout).toMatch(/^ +class="service"/m)
    expect(ran.stdout).not.toMatch(/^ {2}19 /m)
    expect(ran.stdout).toMatch(/"routing_key": "<PAGERDUTY_TOKEN_FIRST>"/)
    expect(ran.stdout).toMatch(/^ {2}sensu\.events\./m)
  })

  it('shows the rules of the policy, and what did not fit', async () => {
    const ran = await run('tierline explain --policy assets/policy/tierline.yaml assets/events/http-critical-one-server.json')
    expect(ran.stdout).toMatch(/^ {3}1 {2}no {3}a failed backup .* \(the check does not fit\)$/m)
    expect(ran.stdout).toMatch(/decided at \S+Z, .*GMT\+\d+.* in Europe\/Amsterdam, /)
  })

  it('wants a file', async () => {
    expect(await run('tierline explain')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/name one, or - for standard input/),
    })
    expect(await run('tierline explain test/samples/sdk-event-no-entity.json')).toMatchObject({ code: 1 })
  })
})

it('tierline stops when nobody reads any more', async () => {
  const stdin = `${JSON.stringify(JSON.parse(sample('site-down')))}\n`.repeat(3000)
  const ran = await run('tierline explain - | head -1; echo done', { stdin })
  expect(ran).toMatchObject({ stdout: expect.stringMatching(/^prod\/webshop\/.*\ndone\n$/), stderr: '' })
})

describe('tierline check', () => {
  it.each([
    ['the defaults and three keys', '', THREE_KEYS, 0, /^the default policy: right, with 0 rules\n$/],
    ['no key at all', '', {}, 0, /warning: no PagerDuty key in this environment/],
    [
      'one key missing',
      '',
      { ...THREE_KEYS, PAGERDUTY_TOKEN_THIRD: '' },
      0,
      /warning: key of the third line: PAGERDUTY_TOKEN_THIRD is not set/,
    ],
    ['equal keys', '', { ...THREE_KEYS, PAGERDUTY_TOKEN_THIRD: THREE_KEYS.PAGERDUTY_TOKEN_FIRST }, 1, /hold the same key/],
    ['a malformed key', '', { PAGERDUTY_TOKEN: 'short' }, 1, /PAGERDUTY_TOKEN has 5 characters/],
    [
      'a wrong policy',
      file('typo.yaml', 'tiers:\n  first:\n    hourz: {}\n'),
      THREE_KEYS,
      1,
      /typo\.yaml:3:5: tiers\.first\.hourz: unknown key; did you mean "hours"\?/,
    ],
    [
      'no such policy',
      '/nonexistent.yaml',
      THREE_KEYS,
      1,
      /^tierline: \/nonexistent\.yaml: cannot be read: ENOENT: [\w ]+, open '.*'\n$/,
    ],
    ['an empty policy', file('empty.yaml', '\n'), THREE_KEYS, 0, /empty\.yaml: right, with 0 rules/],
    ['a link to itself', loop, THREE_KEYS, 1, /^tierline: .*loop\.yaml: cannot be read: ELOOP/],
    [
      'what is no text',
      file('archive.yaml', Buffer.from([0x1f, 0x8b, 8, 0, 0xff])),
      THREE_KEYS,
      1,
      /^tierline: .*archive\.yaml: cannot be read: it is no text in UTF-8\n$/,
    ],
    ['a terminal told to change', file('escape.yaml', 'a\u001b]0;x: |\u001b[2J\n'), THREE_KEYS, 1, /^[^\u001b]*$/],
  ])('%s', async (_name, path, env, code, message) => {
    const ran = await run(`tierline check ${path}`, { env })
    expect(ran.stdout + ran.stderr).toMatch(message)
    expect(ran.code).toBe(code)
  })
})

describe('tierline check, of resources for Sensu', () => {
  const bad = 'test/lint/bad'
  const one_warning = readFileSync(`${bad}/several-deny.yaml`, 'utf8')

  it('a folder: a line for each finding, a summary, and what could not be checked', async () => {
    const ran = await run(`tierline check ${bad}`)
    expect(ran).toMatchObject({ code: 1, stderr: '' })
    const lines = ran.stdout.trimEnd().split('\n')
    const files = readdirSync(bad)
    expect(lines.at(-1)).toMatch(new RegExp(`^${files.length} files, \\d+ resources, \\d+ scripts: \\d+ errors, \\d+ warnings$`))
    for (const line of lines.slice(0, -1))
      expect(line).toMatch(/^test\/lint\/bad\/[\w-]+\.\w+:\d+:\d+: (error|warning): [\w-]+: \S/)
    expect(ran.stdout).toContain(
      'test/lint/bad/metadata-path.yaml:8:19: error: metadata-path: there is no event.check.metadata here',
    )
  })

  it('what comes with Tierline is clean', async () => {
    const ran = await run('tierline check assets/sensu')
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/: 0 errors, 0 warnings\nnot checked: .* for Asset, Secret: the files hold none\n$/)
  })

  it.each([
    [
      'warnings alone',
      `${bad}/several-deny.yaml`,
      '',
      0,
      /^test\/lint\/bad\/several-deny\.yaml:8:5: warning: several-deny: .*\n1 file, 1 resource, 2 scripts: 0 errors, 1 warning\n$/,
    ],
    ['an error', `${bad}/metadata-path.yaml`, '', 1, /1 error, 0 warnings\n$/],
    ['JavaScript of an asset', `${bad}/missing-method.js`, '', 1, /missing-method\.js:1:16: error: missing-method/],
    ['standard input without anything', '-', ' \n', 1, /^tierline: stdin: cannot be read: it is empty\n$/],
    [
      'a resource with an alias to nothing',
      file('alias.yaml', 'type: Handler\nspec: *nope\n'),
      '',
      1,
      /alias\.yaml:1:1: error: yaml-syntax: Unresolved alias/,
    ],
    ['a chain without an end', file('chain.js', `a${'.b()'.repeat(20_000)}`), '', 0, /0 errors/],
    ['standard input', '-', one_warning, 0, /^stdin:8:5: warning: several-deny/],
    ['a policy on standard input', '-', 'tiers:\n  first:\n    hourz: {}\n', 1, /^stdin:3:5: tiers\.first\.hourz: unknown key/],
    [
      'a policy and a resource',
      `assets/policy/one-service.yaml ${bad}/several-deny.yaml`,
      '',
      0,
      /^assets\/policy\/one-service\.yaml: right.*\n.*several-deny/,
    ],
    ['a right policy and an error', `assets/policy/one-service.yaml ${bad}/metadata-path.yaml`, '', 1, /1 error,/],
    ['a wrong policy and a warning', `${file('misspelt.yaml', 'rule: []')} ${bad}/several-deny.yaml`, '', 1, /1 warning/],
    [
      'references between files',
      `${bad}/missing-reference.yaml assets/sensu/filters`,
      '',
      1,
      /no EventFilter is called not-there in these files\n.*\nnot checked: .* for Asset, Handler:/,
    ],
    [
      'a folder without any file of the kind',
      'assets/graphite',
      '',
      2,
      /assets\/graphite: no \*\.yaml, \*\.yml, \*\.json or \*\.js file below this folder/,
    ],
    ['a folder without any resource', 'assets/policy', '', 2, /no Sensu resource in assets\/policy/],
    ['an unknown option', '--nonsense', '', 2, /Unknown argument: nonsense/],
  ])('%s', async (_name, args, stdin, code, message) => {
    const ran = await run(`tierline check ${args}`, { stdin, env: THREE_KEYS })
    expect(ran.stdout + ran.stderr).toMatch(message)
    expect(ran.code).toBe(code)
  })
})

describe('what the README shows', () => {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```/gm)]

  it.each(blocks.map(([, command = '', output = '']) => ({ command, output })))('$command', async ({ command, output }) => {
    expect((await run(command)).stdout).toBe(output)
  })
})

describe('tierline', () => {
  it('has help, a version and completion', async () => {
    expect((await run('tierline --help')).stdout).toMatch(/dry-run \[paths\.\.\]/)
    expect((await run('tierline status --help')).stdout).toMatch(/what needs you comes first[\s\S]*--state-dir +Folder/)
    expect((await run('tierline log --help')).stdout).toMatch(
      /--since +How long back[\s\S]*--limit .*newest.* \[string\] \[default: "200"\]/,
    )
    expect((await run('tierline --version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await run('tierline completion')).stdout).toMatch(/###-begin-tierline-completions-###/)
    expect((await run('tierline --get-yargs-completions tierline d')).stdout).toMatch(/^dry-run/m)
  })
})
