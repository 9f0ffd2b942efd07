import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { needing } from '../support/needing.ts'
import { afterABadHour, handle, justNow, outage, tick, withStore } from '../support/remembered.ts'
import { KEYS, type Ran, run } from '../support/run.ts'
import { put, stateFolder, worker } from '../support/store.ts'
import { anAlert } from '../support/store-records.ts'

let fake: FakePagerDuty
beforeEach(async () => {
  fake = await startFakePagerDuty({ keys: Object.values(KEYS) })
})
afterEach(() => fake.stop())

const asRoot = needing(process.getuid?.() === 0, 'Only root can give files away.')
const SENSU = 12_345
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

function status(dir: string, args = ''): Promise<Ran> {
  return run(`tierline status ${args}`, { env: { TIERLINE_STATE_DIR: dir } })
}

/** The words of each line. */
function lines(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
}

/** As `duration` writes them. */
const SPAN = '\\d+ (?:s|min(?: \\d+ s)?)'
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'

describe('tierline status', () => {
  it('shows everything that is not over, what needs somebody first, and what keeps it', async () => {
    const ran = await status(await afterABadHour(fake))
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const shown = lines(ran.stdout)
    expect(shown.slice(0, 10)).toEqual([
      expect.stringMatching(new RegExp(`^state /tmp/\\S+, at ${TIME}$`)),
      expect.stringMatching(new RegExp(`^last tick ${TIME}, ${SPAN} ago$`)),
      'spool nothing waits for Graphite',
      '',
      'TIER DEAD QUEUED OPEN HELD COVERED',
      'third 0 0 0 0 0',
      'second 0 0 1 0 0',
      'first 1 1 1 1 0',
      'closing 0 1 0 0 0',
      '',
    ])
    const row = (text: string) => expect.stringMatching(new RegExp(`^${text}$`))
    const waits = (what: string, why: string) =>
      row(`the ${what} waits since ${TIME}, ${SPAN} ago; has failed once; next try ${TIME}, in ${SPAN}: .*${why}.*`)
    expect(shown.slice(10)).toEqual([
      'STATE TIER SEVERITY REASON SINCE FOR IDENTITY',
      row(`dead first critical machine_down ${TIME} ${SPAN} prod/web-03/http-healthz`),
      row('the page is given up: .*PagerDuty answered 400.*; when that is put right: tierline drain --requeue'),
      row(`queued first warning warning ${TIME} ${SPAN} prod/files-01/disk-usage`),
      waits('page', 'PagerDuty answered 503'),
      row(`queued - info resolved ${TIME} ${SPAN} prod/db-02/keepalive`),
      waits('resolve', 'key has to rest'),
      row(`open second critical service_down ${TIME} ${SPAN} prod/webshop/http-front-page`),
      row(`open first error check_broken ${TIME} ${SPAN} prod/search-04/index-consistency`),
      'second line has the page',
      row(`held first critical too_young ${TIME} ${SPAN} prod/mail-01/smtp-banner`),
      row(`until ${TIME}, in ${SPAN}`),
    ])
  })

  it('--json is one object with the counts and, without bodies and events, the alerts', async () => {
    const dir = await afterABadHour(fake)
    const ran = await status(dir, '--json')
    expect(ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^[^\n]+\n$/) })
    const found = JSON.parse(ran.stdout)
    expect(found).toMatchObject({
      state_dir: dir,
      holds: true,
      spool: { lines: 0 },
      tiers: { first: { dead: 1, queued: 1, open: 1, held: 1, covered: 0 }, closing: { queued: 1 } },
    })
    expect(found.alerts.map((alert: { state: string }) => alert.state)).toEqual([
      'dead',
      'queued',
      'queued',
      'open',
      'open',
      'held',
    ])
    const now = Math.floor(Date.now() / 1000)
    expect(found.alerts[1]).toMatchObject({ waits: 'page', tier: 'first', tries: 1, last_error: expect.stringContaining('503') })
    expect(Math.abs(found.alerts[1].next_try - now)).toBeLessThan(600)
    for (const alert of found.alerts) {
      expect(alert).not.toHaveProperty('body')
      expect(alert).not.toHaveProperty('event')
    }
  })

  it('says so when nothing is open, and shows no alert that is over', async () => {
    const dir = stateFolder()
    await handle(fake, dir, justNow('site-down'))
    expect((await status(dir)).stdout).toMatch(/^open +second/m)
    await handle(fake, dir, justNow('site-down', { check: { status: 0, history: [], output: 'OK' } }))
    expect(await handle(fake, dir, justNow('recovered'))).toMatchObject({ code: 0 })
    const ran = await status(dir)
    expect(ran.stdout).toMatch(/\n\nNothing is open, and nothing waits\.\n$/)
    expect(ran.code).toBe(0)
  })

  it.each([
    ['lately', 35, new RegExp(`^last tick {2}${TIME}, \\d\\d s ago$`, 'm'), true],
    [
      'too long ago',
      1500,
      new RegExp(`^last tick {2}${TIME}, 25 min( \\d+ s)? ago: too long, so that holds page at once$`, 'm'),
      false,
    ],
    ['never', null, /^last tick {2}never: holds page at once$/m, false],
  ])('tells whether holds are released: a tick %s', async (_, ago, line, holds) => {
    const dir = stateFolder()
    await withStore(dir, (store) => put(store, anAlert()))
    if (ago !== null) await tick(dir, ago)
    expect((await status(dir)).stdout).toMatch(line)
    expect(JSON.parse((await status(dir, '--json')).stdout)).toMatchObject({ holds })
  })

  it('tells of what is covered, settling, sent at this moment, and of points that wait', async () => {
    const dir = stateFolder()
    const now = Math.floor(Date.now() / 1000)
    const page = { accepted: null, at: { first: 'closed', second: 'closed', third: 'closed' }, queued_since: now - 7500 } as const
    await withStore(dir, async (store) => {
      await put(
        store,
        anAlert({
          entity: 'covered',
          want: 'covered',
          covered_by: 'prod/group/web/service',
          at: page.at,
          since: now - 3 * 86_400 - 60,
        }),
        anAlert({ entity: 'settling', until: now + 300 }),
        anAlert({ entity: 'sent', ...page, lease: { by: 'x', until: Date.now() + 60_000 } }),
        anAlert({ entity: 'due', ...page, tier: 'third' }),
        anAlert({ entity: 'late', want: 'held', until: now - 90, at: page.at }),
      )
      await store.spool(['a 1 1', 'b 1 1'], now - 40, 1_000_000)
    })
    const ran = await status(dir)
    expect(ran.stdout).toMatch(/^spool {6}2 lines \(12 bytes\) for Graphite, the oldest since \S+, \d+ s ago$/m)
    const order = ran.stdout.match(/(?<= default\/)\w+(?=\/http$)/gm)
    expect(order).toEqual(['due', 'sent', 'settling', 'late', 'covered'])
    expect(ran.stdout).toMatch(/sent\/http\n {2}the page waits since \S+, 2 h 5 min ago; has not failed yet; is being sent now$/m)
    expect(ran.stdout).toMatch(/due\/http\n {2}the page waits .*; next try is due$/m)
    expect(ran.stdout).toMatch(/settling\/http\n {2}recovered; closes \S+, in (5 min|4 min \d+ s), if it stays OK$/m)
    expect(ran.stdout).toMatch(/ 3 d +default\/covered\/http\n {2}prod\/group\/web\/service stands for it$/m)
    expect(ran.stdout).toMatch(/late\/http\n {2}until \S+, 1 min \d+ s ago$/m)
  })

  it('prints no control character that an agent or PagerDuty sent', async () => {
    const dir = stateFolder()
    outage(fake, KEYS.first)
    await handle(fake, dir, justNow('disk-warning', { entity: 'web\u001b[31m\u009b1m\u0007' }))
    await withStore(dir, (store) => put(store, anAlert({ dead: 'no\u001b[31m\u009b1m' })))
    for (const args of ['', '--json']) {
      const { stdout } = await status(dir, args)
      expect(stdout).toContain('queued')
      expect(stdout).toContain('disk-usage')
      expect(stdout).not.toMatch(CONTROLS)
    }
  })

  it('a terminal gets colour unless NO_COLOR is set', async () => {
    const dir = stateFolder()
    await withStore(dir, (store) => put(store, anAlert({ dead: 'PagerDuty answered 400' })))
    const shown = (env: object) =>
      run("script -qec 'tierline status' /dev/null", { env: { TERM: 'xterm', TIERLINE_STATE_DIR: dir, ...env } })
    expect((await shown({})).stdout).toMatch(/\u001b\[31mdead/)
    expect((await shown({ NO_COLOR: '1' })).stdout).not.toContain('\u001b[31m')
  })
})

describe('the README', () => {
  const shown = readFileSync('README.md', 'utf8').matchAll(/^```text\n\$ (tierline (?:status|log).*)\n([\s\S]*?)^```/gm)
  const examples = [...shown].map(([, command = '', output = '']) => ({ command, output }))
  const plain = (text: string) =>
    lines(text.replace(/^(state +)[^,]+/, '$1DIR'))
      .map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME').replace(/(\d+ (d|h|min|s)\b ?)+/g, 'SPAN '))
      .map((line) => line.replace(/ \(\d tries\)/, ''))

  it('has examples of both', () => expect(examples).toHaveLength(2))

  it.each(examples)('shows what comes of $command', async ({ command, output }) => {
    const dir = stateFolder()
    await tick(dir, 0)
    await handle(fake, dir, justNow('site-down'))
    await handle(fake, dir, justNow('first-failure'))
    outage(fake, KEYS.first)
    await handle(fake, dir, justNow('disk-warning'))
    const ran = await run(command, { env: { TIERLINE_STATE_DIR: dir } })
    expect(plain(ran.stdout)).toEqual(plain(output))
  })
})

describe('tierline status without a state', () => {
  it('says so, makes none, and exits 1', async () => {
    const dir = stateFolder()
    const line = new RegExp(`^tierline: state ${dir}: nothing has been remembered there: name the folder .*--state-dir.*\n$`)
    for (const args of ['', '--json']) {
      expect(await status(dir, args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(line) })
    }
    expect(existsSync(dir)).toBe(false)
    expect(await run(`tierline status --state-dir ${dir}`)).toMatchObject({ code: 1, stderr: expect.stringMatching(line) })
  })

  it.each<[string, (dir: string) => void, RegExp]>([
    [
      'is damaged',
      (dir) => writeFileSync(join(dir, 'tierline.db'), 'x'.repeat(5000), { mode: 0o600 }),
      /it is damaged .*: move it away/,
    ],
    ['others may change', (dir) => chmodSync(dir, 0o777), /other users may change it: chmod 700/],
  ])('that can be read: one that %s', async (_, spoil, why) => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    spoil(dir)
    const before = readdirSync(dir)
    const ran = await status(dir)
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(why)
    expect(ran.stderr).toMatch(/^tierline: [^\n]+\n$/)
    expect(readdirSync(dir)).toEqual(before)
  })

  it('none that is meant', async () => {
    const stderr = 'tierline: no state: the state directory is set to none\n'
    expect(await run('tierline status')).toMatchObject({ code: 1, stdout: '', stderr })
  })

  it('a folder that is named twice', async () => {
    const stderr = expect.stringMatching(/^tierline: --state-dir is given more than once\n/)
    expect(await run('tierline status --state-dir a --state-dir b')).toMatchObject({ code: 2, stderr })
  })
})

describe('tierline status beside others', () => {
  it('waits for nobody who writes, and keeps nobody waiting', async () => {
    const dir = stateFolder()
    await withStore(dir, (store) => put(store, anAlert({ entity: 'other' })))
    const writers = Array.from({ length: 4 }, () => worker([dir, 'forever']))
    await Promise.all(writers.map(({ ready }) => ready))
    for (const { go } of writers) go()
    for (let n = 0; n < 4; n++) {
      const ran = await status(dir)
      expect(ran).toMatchObject({ code: 0, stderr: '' })
      expect(ran.stdout).toMatch(/default\/other\/http$/m)
    }
    for (const { child } of writers) child.kill('SIGKILL')
    for (const { end } of writers) expect(Number((await end).last)).toBeGreaterThan(1)
  })
})

asRoot('tierline status as root', () => {
  it("over the folder of Sensu's user leaves every file to that user", async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    chownSync(dir, SENSU, SENSU)
    await withStore(dir, async (store) => {
      await put(store, anAlert())
      // The writer is still there, so that the files beside the database stay and can be looked at.
      expect((await status(dir)).stdout).toMatch(/default\/web-1\/http$/m)
      expect(readdirSync(dir).map((name) => [name, statSync(join(dir, name)).uid])).toEqual(
        ['tierline.db', 'tierline.db-shm', 'tierline.db-wal', 'tierline.lock'].map((name) => [name, SENSU]),
      )
    })
    expect((await status(dir)).code).toBe(0)
    expect(readdirSync(dir).map((name) => statSync(join(dir, name)).uid)).toEqual([SENSU, SENSU])
  })
})
