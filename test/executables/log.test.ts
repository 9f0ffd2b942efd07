import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REASONS } from '../../lib/triage/decision.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { afterABadHour, handle, justNow, withStore } from '../support/remembered.ts'
import { KEYS, type Ran, run } from '../support/run.ts'
import { stateFolder } from '../support/store.ts'
import { anEntry } from '../support/store-records.ts'

let fake: FakePagerDuty
let dir: string
beforeAll(async () => {
  fake = await startFakePagerDuty({ keys: Object.values(KEYS) })
  dir = await afterABadHour(fake)
})
afterAll(() => fake.stop())

const NOW = Math.floor(Date.now() / 1000)

function log(args = '', state = dir): Promise<Ran> {
  return run(`tierline log ${args}`, { env: { TIERLINE_STATE_DIR: state } })
}

async function entries(args: string, state = dir): Promise<Record<string, unknown>[]> {
  const ran = await log(`--json ${args}`, state)
  expect(ran.code).toBe(0)
  return ran.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}

/** A state whose journal holds these, and the entities of what is shown of it. */
async function journal(...differences: Parameters<typeof anEntry>[0][]): Promise<string> {
  const state = stateFolder()
  await withStore(state, (store) => store.journal(differences.map((some) => anEntry({ at: NOW, ...some }))))
  return state
}
async function entities(args: string, state: string): Promise<unknown[]> {
  return (await entries(args, state)).map(({ entity }) => entity)
}

describe('tierline log', () => {
  it('shows what was decided and what became of it, a line each, the newest last', async () => {
    const ran = await log()
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const [head, ...rows] = ran.stdout.trimEnd().split('\n')
    expect(head).toMatch(/^TIME +KIND +TIER +WHAT +REASON +IDENTITY +WHY$/)
    const words = rows.map((row) => row.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +/, '').replace(/ +/g, ' '))
    expect(words.slice(0, 2)).toEqual([
      expect.stringMatching(
        /^decision second page service_down prod\/webshop\/http-front-page http-front-page on webshop has been .*\.$/,
      ),
      'delivery second sent service_down prod/webshop/http-front-page paged second line',
    ])
    expect(words).toContainEqual(expect.stringMatching(/^delivery first queued warning prod\/files-01\/disk-usage .*503/))
    expect(words).toContainEqual(expect.stringMatching(/^decision first hold too_young prod\/mail-01\/smtp-banner /))
    expect(words.at(-1)).toMatch(/^delivery \w+ \w+ resolved prod\/db-02\/keepalive /)
    const times = rows.map((row) => row.slice(0, 20))
    expect(times).toEqual(times.toSorted())
  })

  it('--json has one object a line, with the facts and the latency', async () => {
    const [decision, delivery] = await entries('--check http-front-page')
    expect(decision).toMatchObject({
      kind: 'decision',
      what: 'page',
      tier: 'second',
      latency_ms: null,
      facts: { class: 'service', failing_for: expect.any(Number) },
    })
    expect(delivery).toMatchObject({ kind: 'delivery', what: 'sent', latency_ms: expect.any(Number), facts: { tries: 1 } })
  })

  it('takes what fits all that is asked', async () => {
    const state = await journal(
      { entity: 'web-1', tier: 'first', kind: 'decision', reason: 'machine_down', check: 'http' },
      { entity: 'web-2', tier: 'second', kind: 'delivery', reason: 'machine_down', check: 'http' },
      { entity: 'db-1', tier: 'second', kind: 'decision', reason: 'service_down', check: 'disk' },
      { entity: 'db-2', tier: null, kind: 'decision', reason: 'silenced', check: 'disk' },
    )
    expect(await entities('', state)).toEqual(['web-1', 'web-2', 'db-1', 'db-2'])
    expect(await entities('--tier second', state)).toEqual(['web-2', 'db-1'])
    expect(await entities('--tier SECOND --kind decision', state)).toEqual(['db-1'])
    expect(await entities("--entity 'web-*'", state)).toEqual(['web-1', 'web-2'])
    expect(await entities("--entity '*-2' --check 'd?sk'", state)).toEqual(['db-2'])
    expect(await entities('--reason machine_down', state)).toEqual(['web-1', 'web-2'])
    expect(await entities("--entity 'web_*'", state)).toEqual([])
    expect(await log("--entity 'web_*'", state)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'tierline: nothing in the journal fits\n',
    })
  })

  it.each([
    ['90', ['85']],
    ['90s', ['85']],
    ['5m', ['280', '85']],
    ['2h', ['7000', '280', '85']],
    ['3d', ['100000', '7000', '280', '85']],
    [new Date((NOW - 290) * 1000).toISOString(), ['280', '85']],
    [new Date((NOW - 290 + 3600) * 1000).toISOString().replace('Z', '+01:00'), ['280', '85']],
    [String(NOW - 290), ['280', '85']],
  ])('--since %s', async (since, found) => {
    const ages = ['500000', '100000', '7000', '280', '85']
    const now = Math.floor(Date.now() / 1000)
    // Those of a moment are counted from the start of these tests, and have to be far enough from it.
    const from = since.length > 5 ? NOW : now
    const state = await journal(...ages.map((entity) => ({ entity, at: from - Number(entity) })))
    expect(await entities(`--since ${since}`, state)).toEqual(found)
  })

  it('--limit leaves the newest, and tells that there are more', async () => {
    const state = await journal(...Array.from({ length: 205 }, (_, n) => ({ entity: `web-${n}`, at: NOW + n })))
    const more = (limit: number) => `tierline: there are older lines too: --limit shows more than ${limit}\n`
    expect(await entities('', state)).toHaveLength(200)
    expect(await entities('--limit 2', state)).toEqual(['web-203', 'web-204'])
    expect((await log('--limit 2', state)).stderr).toBe(more(2))
    expect((await log('', state)).stderr).toBe(more(200))
    expect((await log('--limit 205', state)).stderr).toBe('')
  })

  it.each([
    ['--since yesterday', /^tierline: --since: "yesterday" is no time: write how long ago \(90s, 5m, 2h, 3d\), /],
    ['--since 2026-03-29T02:10', /^tierline: --since: "2026-03-29T02:10" is no time/],
    ['--since 5w', /^tierline: --since: "5w" is no time/],
    ['--tier forth', /^tierline: --tier: "forth" is not one of first, second, third/],
    ['--kind deliveries', /^tierline: --kind: "deliveries" is not one of decision, delivery; did you mean "delivery"\?/],
    [
      '--reason machine-down',
      new RegExp(`^tierline: --reason: "machine-down" is not one of ${REASONS.join(', ')}; did you mean "machine_down"\\?\n`),
    ],
    ['--reason xyzzyxyzzy', new RegExp(`^tierline: --reason: "xyzzyxyzzy" is not one of ${REASONS.join(', ')}\n`)],
    ['--limit 0', /^tierline: --limit: "0" is no number from 1 to 1000000/],
    ['--limit -5', /^tierline: .*/],
    ['--limit many', /^tierline: --limit: "many" is no number/],
    ["--entity ''", /^tierline: --entity is empty/],
    ['--tier first --tier second', /^tierline: --tier is given more than once/],
    ['--nonsense', /^tierline: Unknown argument: nonsense/],
  ])('%s is one line that says what to change', async (args, message) => {
    const ran = await log(args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(message)
    expect(ran.stderr.replace(/\(tierline --help says how it is used\)\n$/, '')).toMatch(/^[^\n]+\n$/)
  })

  it('prints no control character that an agent sent', async () => {
    const state = stateFolder()
    await handle(
      fake,
      state,
      justNow('site-down', { entity: 'web\u001b[31m\u009b1m\u0007', check: { name: 'a\u001b]0;x\u0007b' } }),
    )
    for (const args of ['', '--json']) {
      const { stdout } = await log(args, state)
      expect(stdout).toContain('service_down')
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    }
  })

  it('without a state says so, and exits 1', async () => {
    const none = stateFolder()
    expect(await log('', none)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`state ${none}: nothing has been remembered there`),
    })
  })

  it('stops when nobody reads any more', async () => {
    const state = await journal(...Array.from({ length: 3000 }, () => ({ says: 'x'.repeat(200) })))
    const ran = await run('tierline log --limit 3000 | head -1; echo done', { env: { TIERLINE_STATE_DIR: state } })
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/^TIME .*\ndone\n$/), stderr: '' })
  })
})
