import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { LAST_TICK } from '../../lib/alert/recall.ts'
import { type FakePagerDuty, type FakeRequest, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { needing } from '../support/needing.ts'
import { is_root, NOBODY, plainUser } from '../support/nobody.ts'
import { KEYS, type Ran, run, sample, THREE_KEYS } from '../support/run.ts'
import { fill, smallDisk } from '../support/small-disk.ts'
import { copiesIn, keepLocked, opened, stateFolder } from '../support/store.ts'

let fake: FakePagerDuty
beforeAll(async () => {
  fake = await startFakePagerDuty({ keys: [KEYS.first, KEYS.second, KEYS.third] })
})
afterAll(() => fake.stop())
afterEach(() => expect(fake.complaints()).toEqual([]))

const DOWN = 'http://127.0.0.1:9/v2/enqueue'
const IDENTITY = 'prod/webshop/http-front-page'

function handler(dir: string, stdin: string, url = fake.url, env: Record<string, string> = {}, args = ''): Promise<Ran> {
  return run(`tierline-pagerduty -e ${url} ${args}`, { stdin, env: { ...THREE_KEYS, TIERLINE_STATE_DIR: dir, ...env } })
}

/** The warnings in the page that the last request brought. */
function warnings(request: FakeRequest | undefined): unknown {
  const body = request?.body as { payload: { custom_details: { warnings?: unknown } } } | undefined
  return body?.payload.custom_details.warnings
}

/** A folder that is the plain user's, with a state in it. */
async function plainFolder(env: Record<string, string>): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'tierline-'))
  if (is_root) chownSync(parent, NOBODY, NOBODY)
  const dir = join(parent, 'state')
  expect(await handler(dir, sample('recovered'), fake.url, env)).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('warning'),
  })
  return dir
}

/** The same file on a line of the log and in the page, and the page all the same; a failure only when PagerDuty is down too. */
async function pagesAndSays(dir: string, says: RegExp, env: Record<string, string> = {}): Promise<void> {
  const before = fake.requests.length
  const ran = await handler(dir, sample('site-down'), fake.url, env)
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.stderr).toMatch(/: paged second line\n/)
  expect(ran.stderr).toMatch(new RegExp(`warning: nothing is remembered between runs: state .*${says.source}`))
  const [request, ...more] = fake.requests.slice(before)
  expect(more).toEqual([])
  expect(request).toMatchObject({ routing_key: KEYS.second, status: 202 })
  expect(warnings(request)).toEqual([
    expect.stringMatching(new RegExp(`^nothing is remembered between runs: state .*${says.source}`)),
  ])
  const lost = await handler(dir, sample('site-down'), DOWN, env)
  expect(lost).toMatchObject({ code: 1 })
  expect(lost.stderr).toMatch(/error: .*second line was not paged/)
  expect(lost.stderr).toMatch(says)
}

describe('a state that cannot be used costs no page', () => {
  const env = plainUser()

  it.each<[string, (dir: string) => void, RegExp]>([
    ['a folder that is read-only', (dir) => chmodSync(dir, 0o500), /writable for this user/],
    ['a file that is read-only', (dir) => chmodSync(join(dir, 'tierline.db'), 0o400), /writable for this user/],
    ['a folder that cannot be entered', (dir) => chmodSync(dir, 0o000), /writable for this user/],
    ['a folder that others may change', (dir) => chmodSync(dir, 0o777), /other users may change it: chmod 700/],
    ['a folder that is a file', asFile, /it is no folder: choose another with --state-dir/],
    ['a damaged file that cannot be moved aside', damagedForGood, /it is damaged .* and cannot be moved aside/],
  ])('%s', async (_name, spoil, says) => {
    const dir = await plainFolder(env)
    spoil(dir)
    onTestFinished(() => chmodSync(dir, 0o700))
    await pagesAndSays(dir, says, env)
  })

  it('a folder that is missing and cannot be made', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'tierline-'))
    chmodSync(parent, 0o555)
    await pagesAndSays(join(parent, 'state'), /this user may not use it/, env)
  })

  needing(is_root, 'Only root can give files away.')('of another user', () => {
    it.each(['.', 'tierline.db'])('%s', async (name) => {
      const dir = await plainFolder(env)
      chownSync(join(dir, name), 12_345, 12_345)
      await pagesAndSays(dir, name === '.' ? /./ : /it belongs to user 12345, but this is user 65534/, env)
    })
  })

  it('a damaged file is moved aside, and remembers again', async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'tierline.db'), 'no database at all\n'.repeat(500), { mode: 0o600 })
    const ran = await handler(dir, sample('site-down'))
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/warning: state .* was damaged .*: what it knew is lost, a new one was begun/)
    expect(ran.stderr).toMatch(/: paged second line\n/)
    expect(copiesIn(dir)).toHaveLength(1)
    const { store } = await opened(dir)
    expect(await store.alert(IDENTITY)).toMatchObject({ want: 'open', accepted: { tier: 'second' } })
  })

  it('a folder that was deleted between a page and its end: closed on all tiers', async () => {
    const dir = stateFolder()
    const failing = JSON.parse(sample('http-critical-one-server'))
    const { check } = failing
    const recovered = {
      ...failing,
      check: { ...check, status: 0, history: [...check.history, { status: 0, executed: check.executed + 60 }] },
    }
    expect(await handler(dir, JSON.stringify(failing))).toMatchObject({ code: 0 })
    const before = fake.requests.length
    rmSync(dir, { recursive: true })
    expect(await handler(dir, JSON.stringify(recovered))).toMatchObject({ code: 0 })
    const closed = fake.requests.slice(before)
    expect(closed.map(({ routing_key }) => routing_key).sort()).toEqual([KEYS.first, KEYS.second, KEYS.third].sort())
    expect(closed.map(({ effect }) => effect).sort()).toEqual(['ignored', 'ignored', 'resolved'])
  })

  function asFile(dir: string): void {
    rmSync(dir, { recursive: true })
    writeFileSync(dir, '')
  }

  function damagedForGood(dir: string): void {
    writeFileSync(join(dir, 'tierline.db'), 'hello\n'.repeat(5000))
    chmodSync(dir, 0o500)
  }
})

describe('a state that somebody keeps locked', () => {
  async function locked(): Promise<string> {
    const dir = stateFolder()
    const { store } = await opened(dir)
    await store.setNote(LAST_TICK, String(Math.floor(Date.now() / 1000)))
    keepLocked(dir)
    return dir
  }

  it('costs no page', { timeout: 60_000 }, async () => {
    await pagesAndSays(await locked(), /other processes kept it locked for \d+ ms/)
  })

  it('costs no page however short the timeout', { timeout: 60_000 }, async () => {
    const ran = await handler(await locked(), sample('site-down'), fake.url, {}, '--timeout 4')
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(': paged second line\n') })
  })

  it('pages even what would have been held, for nobody could release it', async () => {
    const young = JSON.parse(sample('first-failure'))
    young.check.executed = Math.floor(Date.now() / 1000)
    young.check.history.at(-1).executed = young.check.executed
    const ran = await handler(await locked(), JSON.stringify(young))
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(': paged first line\n') })
  })
})

const small = smallDisk()
afterAll(() => void (small && execFileSync('umount', [small])))
needing(small !== null, 'No file system could be mounted: a really full disk is not tried.')('a disk that is full', () => {
  it.each([
    ['before there is a state', false],
    ['when there is one', true],
  ])('costs no page %s', async (_name, is_there) => {
    const disk = small ?? ''
    const filler = join(disk, 'filler')
    const dir = join(disk, `state-${is_there}`)
    onTestFinished(() => rmSync(filler, { force: true }))
    if (is_there) expect(await handler(dir, sample('recovered'))).toMatchObject({ code: 0 })
    fill(disk, filler)
    await pagesAndSays(dir, /the disk is full: free some space/)
  })
})
