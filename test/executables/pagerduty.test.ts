import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FakePagerDuty, type Fault, startFakePagerDuty, status } from '../support/fake-pagerduty.ts'
import { expectNoKey, KEYS, type Ran, type RunOptions, run, sample, THREE_KEYS } from '../support/run.ts'

let fake: FakePagerDuty
const folder = mkdtempSync(join(tmpdir(), 'tierline-'))

beforeAll(async () => {
  fake = await startFakePagerDuty({ keys: Object.values(KEYS) })
})
afterAll(() => fake.stop())

let seen = 0
/** The requests since the last look, after a check that the fake found nothing wrong with them. */
function fresh() {
  const requests = fake.requests.slice(seen)
  seen = fake.requests.length
  expect(requests.flatMap((request) => request.complaints)).toEqual([])
  return requests
}
afterEach(() => {
  fresh()
  expect(fake.pending()).toBe(0)
})

interface Body {
  event_action: string
  dedup_key: string
  payload: { summary: string; severity: string; source: string; custom_details: Record<string, unknown> }
  links?: { href: string; text: string }[]
  client_url?: string
}
const bodyOf = (request: { body: unknown } | undefined) => request?.body as Body

function handler(event: string, args = '', options: RunOptions = {}): Promise<Ran> {
  return run(`tierline-pagerduty --alternate-endpoint ${fake.url} ${args}`, {
    stdin: event,
    ...options,
    env: { ...THREE_KEYS, ...options.env },
  })
}

function policyFile(text: string): string {
  const file = join(folder, `policy-${Math.random().toString(36).slice(2)}.yaml`)
  writeFileSync(file, text)
  return file
}

describe('a page', () => {
  it.each([
    ['site-down', 'second'],
    ['http-critical-one-server', 'first'],
    ['keepalive-lost', 'first'],
    ['killed-by-signal', 'first'],
  ] as const)('%s goes to the %s line', async (name, tier) => {
    const ran = await handler(sample(name))
    const requests = fresh()
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toMatch(new RegExp(`^tierline-pagerduty: \\S+: page \\(\\w+\\): paged ${tier} line\n$`))
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ routing_key: KEYS[tier], status: 202, complaints: [] })
    expect(bodyOf(requests[0])).toMatchObject({ event_action: 'trigger', payload: { custom_details: { tier } } })
  })

  it('carries the runbook, the links and the way back to Sensu', async () => {
    await handler(sample('site-down'), '--sensu-base-url https://sensu.example.org/ --link-annotations --client-name Wall')
    const [request] = fresh()
    const body = bodyOf(request)
    expect(body).toMatchObject({ client: 'Wall' })
    expect(body.client_url).toMatch(/^https:\/\/sensu\.example\.org\/c\/~\/n\/prod\/events\/webshop\/http-front-page$/)
    expect(body.links?.[0]).toMatchObject({ text: 'Runbook' })
    expect(body.payload.custom_details.runbook).toBe(body.links?.[0]?.href)
  })

  it('takes the severity from --status-map, and the tier raises it to its floor', async () => {
    await handler(sample('disk-warning'), `--status-map '{"info": [1]}'`)
    expect(bodyOf(fresh()[0]).payload.severity).toBe('warning')
    await handler(sample('disk-warning'), '-s \'{"critical":[1]}\'')
    expect(bodyOf(fresh()[0]).payload.severity).toBe('critical')
  })

  it('of a silenced or opted-out check is not sent', async () => {
    for (const name of ['silenced', 'opted-out', 'ok-still', 'statsd-metrics', 'registration-notice']) {
      expect(await handler(sample(name))).toMatchObject({ code: 0 })
    }
    expect(fresh()).toEqual([])
  })
})

describe('a recovery', () => {
  it.each(['recovered', 'recovered-while-silenced', 'manual-resolve', 'deregistered', 'keepalive-recovered'])(
    '%s is closed on every tier',
    async (name) => {
      expect(await handler(sample(name))).toMatchObject({ code: 0 })
      const requests = fresh()
      expect(requests.map((request) => request.routing_key).sort()).toEqual([KEYS.first, KEYS.second, KEYS.third].sort())
      expect(new Set(requests.map((request) => bodyOf(request).event_action))).toEqual(new Set(['resolve']))
      expect(requests.flatMap((request) => request.complaints)).toEqual([])
    },
  )

  it('is closed once where one key serves all tiers', async () => {
    const env = { PAGERDUTY_TOKEN: KEYS.shared }
    await run(`tierline-pagerduty -e ${fake.url}`, { stdin: sample('recovered'), env })
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.shared])
  })

  it.each<[string, Record<string, string>]>([
    ['is malformed', { PAGERDUTY_TOKEN_SECOND: 'short' }],
    ['stands in a file that is not there', { PAGERDUTY_TOKEN_SECOND: '', PAGERDUTY_TOKEN_SECOND_FILE: '/nonexistent/key' }],
  ])('that cannot reach a tier whose key %s is a failure', async (_name, env) => {
    const ran = await handler(sample('recovered'), '', { env })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/error: .*not resolved on second line: .*SECOND/)
    expect(fresh().map((request) => request.routing_key)).toEqual(expect.arrayContaining([KEYS.first, KEYS.third]))
  })

  it('that one tier refuses is a failure', async () => {
    fake.script(status(403), { routing_key: KEYS.second })
    const ran = await handler(sample('recovered'))
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/error: .*not resolved on second line: PagerDuty answered 403/)
    expect(fresh()).toHaveLength(3)
  })

  it('closes what a failure opened, by the same key', async () => {
    const failing = JSON.parse(sample('http-critical-one-server'))
    const { check } = failing
    const recovered = {
      ...failing,
      check: { ...check, status: 0, output: 'OK', history: [...check.history, { status: 0, executed: check.executed + 60 }] },
    }
    await handler(JSON.stringify(failing))
    expect(fake.open(KEYS.first).map((alert) => alert.dedup_key)).toContain(bodyOf(fresh()[0]).dedup_key)
    await handler(JSON.stringify(recovered))
    expect(fake.open(KEYS.first).map((alert) => alert.dedup_key)).not.toContain(bodyOf(fresh()[0]).dedup_key)
  })
})

const bad_key = status(400, {
  text: '{"status":"invalid event","message":"Event object is invalid","errors":["invalid routing key"]}',
})
const bad_field = status(400, {
  text: '{"status":"invalid event","message":"Event object is invalid","errors":["\'payload.links\' is odd"]}',
})

describe('when PagerDuty is in trouble', () => {
  it.each<[string, Fault[], { code: number; requests: number; stderr: RegExp }]>([
    ['429 twice', [status(429), status(429)], { code: 0, requests: 3, stderr: /paged second line \(3 tries\)/ }],
    ['429 three times', [status(429), status(429), status(429)], { code: 1, requests: 3, stderr: /error: .*not paged.*429/ }],
    ['429 for a second', [status(429, { retry_after: 1 })], { code: 0, requests: 2, stderr: /paged second line/ }],
    ['429 for a minute', [status(429, { retry_after: 60 })], { code: 1, requests: 1, stderr: /error: .*not paged.*429/ }],
    ['500 with HTML', [status(500, { body: 'html' })], { code: 0, requests: 2, stderr: /paged second line/ }],
    ['503 without a body', [status(503, { body: 'empty' })], { code: 0, requests: 2, stderr: /paged second line/ }],
    ['408', [status(408)], { code: 0, requests: 2, stderr: /paged second line/ }],
    ['403', [status(403)], { code: 1, requests: 1, stderr: /error: .*not paged.*403/ }],
    ['a redirect', [{ kind: 'redirect' }], { code: 1, requests: 1, stderr: /redirects are not followed/ }],
    ['a reset before the answer', [{ kind: 'reset_before' }], { code: 0, requests: 2, stderr: /paged second line/ }],
    [
      'a reset after the event was taken',
      [{ kind: 'reset_after', processed: true }],
      { code: 0, requests: 2, stderr: /paged second line/ },
    ],
    ['half an answer', [{ kind: 'broken_json' }], { code: 0, requests: 1, stderr: /paged second line/ }],
    ['a field that it refuses', [bad_field], { code: 0, requests: 2, stderr: /minimal body.*'payload.links' is odd/ }],
    [
      'a field that it refuses twice',
      [bad_field, bad_field],
      { code: 1, requests: 2, stderr: /error: .*'payload.links' is odd/ },
    ],
  ])('%s', async (_name, faults, expected) => {
    fake.script(faults)
    const before = fake.pagesOf(KEYS.second, 'prod/webshop/http-front-page')
    const ran = await handler(sample('site-down'))
    expect(ran.stderr).toMatch(expected.stderr)
    expect({ code: ran.code, requests: fresh().length }).toEqual({ code: expected.code, requests: expected.requests })
    // The alert stays open between these rows, so whatever is sent again must not ring again.
    expect(fake.pagesOf(KEYS.second, 'prod/webshop/http-front-page') - before).toBeLessThanOrEqual(before === 0 ? 1 : 0)
  })

  it('a slow answer is an answer', async () => {
    fake.script({ kind: 'drip', interval_ms: 60 })
    const ran = await handler(sample('site-down'), '--timeout 10')
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/paged second line\n$/) })
    expect(fresh()).toHaveLength(1)
  })

  it('a refused key lets the next tier ring, and the page says so', async () => {
    fake.script(bad_key)
    const ran = await handler(sample('http-critical-one-server'))
    const [first, second] = fresh()
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/warning: .*PAGERDUTY_TOKEN_FIRST was refused: .*invalid routing key/)
    expect([first?.routing_key, second?.routing_key]).toEqual([KEYS.first, KEYS.second])
    expect(bodyOf(second).payload.summary).toMatch(/^\[key of first line refused\] /)
  })

  it('all keys refused is a failure', async () => {
    fake.script([bad_key, bad_key, bad_key])
    const ran = await handler(sample('site-down'))
    expect(ran.code).toBe(1)
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.second, KEYS.third, KEYS.first])
  })

  it('nothing listening: says so and exits 1', async () => {
    const ran = await run('tierline-pagerduty -e http://127.0.0.1:9/v2/enqueue', { stdin: sample('site-down'), env: THREE_KEYS })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(
      /^tierline-pagerduty: error: .*127\.0\.0\.1:9 refused the connection: is the address right\? \(3 tries\)\n$/,
    )
  })

  it('a name without an address', async () => {
    const ran = await run('tierline-pagerduty -e http://no-such-host.invalid/v2/enqueue', {
      stdin: sample('site-down'),
      env: THREE_KEYS,
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/no-such-host\.invalid (has no address|could not be looked up)/)
  })

  it.each<[string, Fault]>([
    ['never answers', { kind: 'hang' }],
    ['drips', { kind: 'drip', interval_ms: 400 }],
  ])('one that %s is given up within --timeout', async (_name, fault) => {
    fake.script([fault, fault, fault])
    const ran = await handler(sample('site-down'), '--timeout 3')
    const tried = fresh().length
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/did not answer in time/)
    expect(tried).toBeGreaterThan(1)
    // The budget ends half a second before the timeout; the rest is room for a busy machine.
    expect(ran.ms).toBeLessThan(6000)
    for (let left = fake.pending(); left > 0; left--) await handler(sample('site-down'), '--timeout 1')
  })
})

describe('input', () => {
  it.each([
    ['nothing', '', /the input is empty/],
    ['white space', ' \n', /the input is empty/],
    ['broken JSON', '{"check": ', /not JSON/],
    ['a list', '[]', /empty list/],
    ['a number', '7', /not a Sensu event but a number/],
    ['no entity', '{"check":{"metadata":{"name":"a"}}}', /no entity: a Sensu event needs entity.metadata.name/],
    ['another resource', '{"type":"CheckConfig","spec":{}}', /of type "CheckConfig", not an Event/],
  ])('%s is refused in one line', async (_name, stdin, message) => {
    const ran = await handler(stdin)
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(message)
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(fresh()).toEqual([])
  })

  it('20 MB of output becomes a page that PagerDuty takes', async () => {
    const event = JSON.parse(sample('http-critical-one-server'))
    event.check.output = `${'\u0001é😀"\\'.repeat(3_500_000)}`
    const stdin = JSON.stringify(event)
    expect(stdin.length).toBeGreaterThan(20_000_000)
    expect(await handler(stdin)).toMatchObject({ code: 0 })
    expect(fresh()[0]).toMatchObject({ status: 202, complaints: [] })
  })

  it('events of one input do not hinder each other', async () => {
    const stdin = `${JSON.stringify(JSON.parse(sample('site-down')))}\n{broken\n${JSON.stringify(JSON.parse(sample('disk-warning')))}\n`
    const ran = await handler(stdin)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/line 2: not JSON/)
    expect(fresh()).toHaveLength(2)
  })

  it('a log that cannot be written costs no page and no exit code', async () => {
    const stdin = `${JSON.stringify(JSON.parse(sample('site-down')))}\n${JSON.stringify(JSON.parse(sample('disk-warning')))}\n`
    for (const args of ['', '--log-format json', '--timeout soon']) {
      const ran = await run(`tierline-pagerduty -e ${fake.url} ${args} 2>/dev/full`, { stdin, env: THREE_KEYS })
      expect(ran.code).toBe(0)
      expect(fresh()).toHaveLength(2)
    }
  })

  it('a directory in its place is told in one line', async () => {
    const ran = await run(`tierline-pagerduty -e ${fake.url} </tmp`, { env: THREE_KEYS })
    expect(ran).toMatchObject({ code: 1, stderr: 'tierline-pagerduty: error: standard input cannot be read (EISDIR)\n' })
  })

  it('a closed standard input is an empty one', async () => {
    const ran = await run(`tierline-pagerduty -e ${fake.url} <&-`, { env: THREE_KEYS })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/the input is empty/)
  })

  it('twenty copies at once open one alert', async () => {
    const event = JSON.parse(sample('http-critical-one-server'))
    event.entity.metadata.name = 'storm-1'
    const all = await Promise.all(Array.from({ length: 20 }, () => handler(JSON.stringify(event))))
    expect(all.map((ran) => ran.code)).toEqual(Array(20).fill(0))
    expect(fresh()).toHaveLength(20)
    expect(fake.pages.filter((page) => page.dedup_key.includes('storm-1'))).toHaveLength(1)
  })
})

describe('keys', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['none at all', {}, /error: .*PAGERDUTY_TOKEN is not set/],
    [
      'equal ones',
      { ...THREE_KEYS, PAGERDUTY_TOKEN_SECOND: KEYS.first },
      /PAGERDUTY_TOKEN_FIRST and PAGERDUTY_TOKEN_SECOND hold the same key/,
    ],
    ['a REST token', { PAGERDUTY_TOKEN: 'u+AbCdEfGhIjKlMnOpQr' }, /looks like a token of the REST API/],
    ['a short one', { PAGERDUTY_TOKEN: 'abc123abc123abc123abc' }, /has 21 characters/],
  ])('%s: exit 1, one line that says what to change', async (_name, env, message) => {
    const ran = await run(`tierline-pagerduty -e ${fake.url}`, { stdin: sample('site-down'), env })
    expect(ran).toMatchObject({ code: 1 })
    expect(ran.stderr).toMatch(message)
    expect(fresh()).toEqual([])
  })

  it('a malformed key of the right tier lets the next tier ring', async () => {
    const ran = await handler(sample('http-critical-one-server'), '', { env: { PAGERDUTY_TOKEN_FIRST: 'oops' } })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/warning: .*PAGERDUTY_TOKEN_FIRST has 4 characters/)
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.second])
  })

  it('may stand in files', async () => {
    const file = join(folder, 'first.key')
    writeFileSync(file, `${KEYS.first}\n`)
    const env = { PAGERDUTY_TOKEN_FIRST_FILE: file, PAGERDUTY_TOKEN_SECOND: KEYS.second }
    await run(`tierline-pagerduty -e ${fake.url}`, { stdin: sample('http-critical-one-server'), env })
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.first])
  })

  it('on the command line work, with a warning that everybody sees them', async () => {
    const ran = await run(`tierline-pagerduty -e ${fake.url} -t ${KEYS.shared}`, { stdin: sample('site-down') })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/warning: --token shows the key to everybody/)
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.shared])
  })

  it('that an event holds do not go out with it', async () => {
    const event = JSON.parse(sample('http-critical-one-server'))
    event.check.output = `leaked ${KEYS.first} and ${KEYS.second}`
    event.entity.metadata.labels = { ...event.entity.metadata.labels, note: KEYS.third, db_password: 'hunter2hunter2' }
    const ran = await handler(JSON.stringify(event))
    const body = bodyOf(fresh()[0])
    const { routing_key: _, ...rest } = body as Body & { routing_key: string }
    expectNoKey(JSON.stringify(rest))
    expect(JSON.stringify(rest)).not.toContain('hunter2')
    expect(ran.code).toBe(0)
  })
})

describe('settings', () => {
  it('--print-config names every value and its source, and no key', async () => {
    const file = policyFile('pagerduty: { region: eu, timeout: 7 }\n')
    const ran = await handler('', `--policy ${file} --print-config`, { env: { PAGERDUTY_TIMEOUT: '9' } })
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(new RegExp(`region +eu +${file}`))
    expect(ran.stdout).toMatch(/timeout +9 +PAGERDUTY_TIMEOUT/)
    expect(ran.stdout).toMatch(/alternate-endpoint +http\S+ +flag --alternate-endpoint/)
    expect(ran.stdout).toMatch(/key of second line +\*{8} +PAGERDUTY_TOKEN_SECOND/)
  })

  it('a policy that cannot be used: pages all the same, and the page says so', async () => {
    const young = JSON.parse(sample('first-failure'))
    young.check.executed = Math.floor(Date.now() / 1000)
    young.check.history.at(-1).executed = young.check.executed
    const ran = await handler(JSON.stringify(young), `--policy ${policyFile('tiers: { frist: {} }\n')}`)
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/error: .*policy-\w+\.yaml:1:10: tiers\.frist: unknown key; did you mean "first"\?/)
    const details = bodyOf(fresh()[0]).payload.custom_details
    expect(details.reason).toBe('fail_open')
    expect(details.warnings).toEqual([expect.stringContaining('the policy could not be used')])
  })

  it('a rule names the tier', async () => {
    const file = policyFile(
      'rules:\n  - match: { check: "disk*" }\n    tier: third\n    because: the storage people asked for it\n',
    )
    await handler(sample('disk-warning'), `--policy ${file}`)
    const [request] = fresh()
    expect(request?.routing_key).toBe(KEYS.third)
    expect(bodyOf(request).payload.custom_details).toMatchObject({
      reason: 'rule',
      why: expect.stringContaining('the storage people'),
    })
  })

  it('--dry-run prints what would be sent and sends nothing', async () => {
    const ran = await handler(sample('recovered'), '--dry-run')
    const preview = JSON.parse(ran.stdout)
    expect(preview).toMatchObject({ action: 'resolve', tier: null })
    expect(preview.pagerduty.map((body: { routing_key: string }) => body.routing_key)).toEqual([
      '<PAGERDUTY_TOKEN_FIRST>',
      '<PAGERDUTY_TOKEN_SECOND>',
      '<PAGERDUTY_TOKEN_THIRD>',
    ])
    expect(fresh()).toEqual([])
  })

  it('--log-format json writes one JSON object a line', async () => {
    const ran = await handler(sample('site-down'), '--log-format json')
    const [line] = ran.stderr
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))
    expect(line).toMatchObject({
      level: 'info',
      name: 'tierline-pagerduty',
      tier: 'second',
      reason: 'service_down',
      outcome: 'sent',
    })
    fresh()
  })

  it.each([
    ['--nope', /Unknown option '--nope'/],
    ['frobnicate', /"frobnicate" is no command here/],
    ['--region asia', /--region: "asia" is not one of us, eu/],
    ['-e events.pagerduty.com', /--alternate-endpoint: is not a full http\(s\) address/],
  ])('%s: exit 1, one line', async (args, message) => {
    const ran = await run(`tierline-pagerduty ${args}`, { stdin: sample('site-down'), env: THREE_KEYS })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(message)
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['--timeout soon', /--timeout: "soon" is not a number of seconds from 1 to 300; left out/],
    [`--status-map '{"critical:":[2]}'`, /--status-map: "critical:" is not a severity .*; left out/],
    ['--log-format xml', /--log-format: "xml" is not one of text, json; left out/],
    ['--sensu-base-url sensu.example', /--sensu-base-url: is not a full http\(s\) address .*; left out/],
  ])('%s costs no page, and the page tells', async (args, message) => {
    const ran = await handler(sample('site-down'), args)
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(message)
    expect(String(bodyOf(fresh()[0]).payload.custom_details.warnings)).toMatch(message)
  })

  it('a key typed where something else belongs is not printed', async () => {
    for (const args of [KEYS.first, `--region ${KEYS.first}`, `--${KEYS.first}`]) {
      expect(await run(`tierline-pagerduty ${args}`, { stdin: sample('site-down') })).toMatchObject({ code: 1 })
    }
  })

  it('a policy with a typo keeps its keys and its address', async () => {
    const file = policyFile(
      `tiers: { first: { key_env: MY_FIRST }, second: { key_env: MY_SECOND } }\npagerduty: { endpoint: "${fake.url}" }\nnoise: { alert_aftr: 3 }\n`,
    )
    const env = { MY_FIRST: KEYS.first, MY_SECOND: KEYS.second }
    expect(await run(`tierline-pagerduty --policy ${file}`, { stdin: sample('site-down'), env })).toMatchObject({ code: 0 })
    expect(fresh().map((request) => request.routing_key)).toEqual([KEYS.second])
  })

  it('version and help', async () => {
    expect(await run('tierline-pagerduty version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^tierline-pagerduty \d+\.\d+\.\d+\n$/),
    })
    for (const command of ['help', '--help', '-h']) {
      expect((await run(`tierline-pagerduty ${command}`)).stdout).toMatch(/--sensu-base-url/)
    }
  })
})
