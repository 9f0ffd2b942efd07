import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../lib/mirror/verdict.ts'
import { failingEvent } from '../support/event.ts'
import { run, sample } from '../support/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tierline-'))
const TRUE = 'event.check.status === 2'
const FALSE = 'event.check.status === 0'
const THROWS = 'event.check.labels.a.b'

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

let count = 0

/** A file with one filter. */
function filter(spec: object): string {
  const resource = { type: 'EventFilter', api_version: 'core/v2', metadata: { name: 'mine' }, spec: { action: 'allow', ...spec } }
  return file(`filter-${count++}.json`, JSON.stringify(resource))
}

async function verdicts(path: string, event: unknown = failingEvent(), args = ''): Promise<Verdict[]> {
  const ran = await run(`tierline dry-run --json ${args} --filters ${path} -`, { stdin: JSON.stringify(event) })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ran.stdout).filters
}

describe('tierline dry-run --filters', () => {
  it('shows below each event what the filters do', async () => {
    const ran = await run('tierline dry-run --filters assets/sensu assets/events/site-down.json assets/events/recovered.json')
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(
      /^second +page .*\n {2}filters: pass tierline-not-autoscaling, tierline-second, .*; drop tierline-first, .*tierline-third$/m,
    )
    expect(ran.stdout).toMatch(/^- +resolve .*\n {2}filters: pass tierline-first, .*tierline-second, .*tierline-third$/m)
    expect(ran.stdout).toMatch(/^2 events\. Nothing was sent\.$/m)
  })

  it('takes several paths, with the namespace where a resource has one, and tells a reason once', async () => {
    const other = file(
      'other.yaml',
      'type: EventFilter\napi_version: core/v2\nmetadata: { name: chat, namespace: prod }\nspec: { action: allow, expressions: [chat()] }\n',
    )
    const args = `--filters ${other} --filters ${filter({ expressions: [FALSE] })}`
    const ran = await run(`tierline dry-run ${args} assets/events/site-down.json assets/events/asg-member.json`)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout.match(/^ {2}filters: pass prod\/chat \[1\]; drop mine$/gm)).toHaveLength(2)
    expect(ran.stdout).toMatch(
      /\n\n\[1\] the expression throws, so Sensu skips it: ReferenceError: chat is not defined\n\nfirst line/,
    )
    const json = await run(`tierline dry-run --json ${args} assets/events/site-down.json`)
    expect(JSON.parse(json.stdout).filters).toEqual([
      { name: 'chat', namespace: 'prod', passes: true, why: expect.stringContaining('chat is not defined') },
      { name: 'mine', passes: false },
    ])
  })

  it('without it says nothing of filters', async () => {
    const ran = await run('tierline dry-run --json assets/events/site-down.json')
    expect(JSON.parse(ran.stdout)).not.toHaveProperty('filters')
  })
})

/** sensu-go `evaluateEventFilter` of 6.9 and later. */
describe('a filter passes an event as in Sensu', () => {
  it.each([
    ['allow', [TRUE], true],
    ['allow', [FALSE], false],
    ['allow', [TRUE, TRUE], true],
    ['allow', [TRUE, FALSE], false, 'expression 2 is false'],
    ['allow', [THROWS], true, 'the expression throws, so Sensu skips it: TypeError: '],
    ['allow', [THROWS, TRUE], true, 'expression 1 throws'],
    ['allow', [THROWS, FALSE], false, 'expression 2 is false'],
    ['deny', [TRUE], false],
    ['deny', [FALSE], true],
    ['deny', [FALSE, FALSE], true],
    ['deny', [FALSE, TRUE], false, 'expression 2 is true'],
    ['deny', [TRUE, TRUE], false, 'expression 1 is true'],
    ['deny', [THROWS], true, 'the expression throws'],
    ['deny', [THROWS, FALSE], true, 'expression 1 throws'],
    ['deny', [THROWS, TRUE], false, 'expression 2 is true'],
    ['allow', ['"false"'], true],
    ['allow', ['[]'], true],
    ['allow', ['new Boolean(false)'], true],
    ['allow', ['""'], false],
    ['allow', ['0 / 0'], false],
    ['allow', ['null'], false],
    ['allow', ['var x = 1'], false],
    ['allow', ['var x = 1; x === 1', 'typeof x === "undefined"'], true],
    ['allow', ['event.check.mine = 1', 'event.check.mine === 1'], true],
    ['allow', ['event.check.name.includes("http")'], true, 'includes is not a function'],
    ['allow', ['typeof Map === "undefined" && typeof Object.assign === "undefined"'], true],
    ['allow', ['typeof process === "undefined" && typeof require === "undefined"'], true],
    ['allow', ['hour(1777972901) === 9 && minute(1777972901) === 21 && second(1777972901) === 41'], true],
    ['allow', ['weekday(1777972901) === 2 && hour("9") === 0 && weekday() === 0'], true],
    ['allow', ['seconds_since(event.check.executed) === 60'], true],
    ['allow', ['event.is_incident && event.has_check && !event.is_resolution && event.entity.labels.x === undefined'], true],
  ])('%s %j: %s', async (action, expressions, passes, why = '') => {
    const [verdict] = await verdicts(filter({ action, expressions }), failingEvent(), '--now 2026-05-05T09:22:41Z')
    expect(verdict?.passes).toBe(passes)
    expect(verdict?.why ?? '').toContain(why)
    if (why === '') expect(verdict?.why).toBeUndefined()
  })

  const now = '--now 2026-05-05T09:22:41Z'
  const inside = { days: { tuesday: [{ begin: '9:00AM', end: '10:00AM' }] } }
  const outside = { days: { all: [{ begin: '1:00PM', end: '2:00PM' }] } }

  it.each([
    ['allow', inside, TRUE, true, undefined],
    ['allow', inside, FALSE, false, undefined],
    ['allow', outside, TRUE, false, 'the time is outside its `when`'],
    ['deny', inside, FALSE, false, 'the time is inside its `when`'],
    ['deny', outside, FALSE, true, undefined],
    ['deny', outside, TRUE, false, undefined],
    ['allow', { days: { all: [{ begin: '09:00', end: '10:00' }] } }, FALSE, true, expect.stringContaining('Sensu cannot read')],
  ])('%s with the hours %j and %s: %s', async (action, when, expression, passes, why) => {
    const [verdict] = await verdicts(filter({ action, when, expressions: [expression] }), failingEvent(), now)
    expect(verdict).toEqual({ name: 'mine', passes, why })
  })
})

describe('a filter that cannot be judged is not said to pass', () => {
  it.each([
    [
      'an arrow function',
      { expressions: ['[1].some((x) => x)'] },
      /^Sensu refuses this filter: .*: an arrow function is newer than ES5/,
    ],
    ['what is no JavaScript', { expressions: [TRUE, 'event.'] }, /^Sensu refuses this filter: .*:1:\d+: Unexpected token/],
    ['a regular expression', { expressions: ['/(?=a)/.test("a")'] }, /^Sensu refuses this filter: .*: lookahead /],
    ['no expression', { expressions: [] }, /^Sensu refuses this filter: .*: a filter needs an expression/],
    ['no text', { expressions: [true] }, /^Sensu refuses this filter: .*: this is no text to YAML/],
    ['no action', { action: 'alow', expressions: [TRUE] }, /its action is neither allow nor deny/],
    [
      'an asset that is not here',
      { expressions: ['isOpen()'], runtime_assets: ['sensu-tierline-filters', 'opening-hours'] },
      /^the expression needs the asset opening-hours, which is not here$/,
    ],
    [
      'what RE2 reads',
      { expressions: ['/(?i)HTTP/.test(event.check.name)'] },
      /^the expression has a regular expression that only Sensu/,
    ],
    ['no end', { expressions: [TRUE, 'for (;;) {}'] }, /^expression 2 did not end within 1 s/],
    ['no bottom', { expressions: ['(function f() { return f() }())'] }, /^the expression calls itself without an end/],
    [
      'code from text',
      { expressions: ['event.constructor.constructor("return this")()'] },
      /^the expression makes code from text/,
    ],
  ])('%s', async (_name, spec, why) => {
    expect(await verdicts(filter(spec))).toEqual([{ name: 'mine', passes: null, why: expect.stringMatching(why) }])
  })

  it('an event without a check', async () => {
    const event = JSON.parse(sample('statsd-metrics'))
    const [verdict] = await verdicts('assets/sensu/filters/tierline-first.yaml', event)
    expect(verdict).toEqual({
      name: 'tierline-first',
      passes: null,
      why: expect.stringMatching(/^the event has no check, and Sensu up to 6\.12 at least crashes/),
    })
  })
})

describe('what is wrong with the files of filters hides no event', () => {
  const good = filter({ expressions: [TRUE] })
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const half = file(
    'half.yaml',
    `type: EventFilter\nmetadata: { name: left }\nspec: { action: allow, expressions: ["${TRUE}"] }\n---\ntype: EventFilter\nspec: [a: b: c\n`,
  )

  it.each([
    ['a folder without a file', empty, /empty: no \*\.yaml, \*\.yml or \*\.json file below this folder$/],
    ['a folder without a filter', 'assets/policy', /^tierline: --filters: assets\/policy: there is no EventFilter in it$/],
    ['a file that is not there', '/nonexistent.yaml', /^tierline: --filters: \/nonexistent\.yaml: ENOENT/],
    ['no name', "''", /^tierline: --filters: the name of a file is empty$/],
    ['YAML that is none', half, /^tierline: --filters: .*half\.yaml:6:\d+: .*; this resource is left out$/],
  ])('%s', async (_name, path, message) => {
    const ran = await run(`tierline dry-run --filters ${path} --filters ${good} assets/events/site-down.json`)
    expect(ran.code).toBe(2)
    expect(ran.stderr.trimEnd()).toMatch(message)
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(ran.stdout).toMatch(/service_down.*\n {2}filters: pass (left, )?mine$/m)
    expect(ran.stdout).toMatch(/^1 event\. Nothing was sent\.$/m)
  })

  it('no filter at all', async () => {
    const ran = await run(`tierline dry-run --filters ${empty} assets/events/site-down.json`)
    expect(ran).toMatchObject({ code: 2, stdout: expect.stringMatching(/service_down/) })
    expect(ran.stdout).not.toContain('filters:')
  })

  it('no path', async () => {
    expect(await run('tierline dry-run --filters')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Not enough arguments/),
    })
  })
})
