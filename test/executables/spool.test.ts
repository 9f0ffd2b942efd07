import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { markerIn } from '../../lib/state/marker.ts'
import { bootCarbon, type RealCarbon, realCarbon } from '../support/carbon.ts'
import { fakeCarbon } from '../support/fake-carbon.ts'
import { type Ran, run, sample } from '../support/run.ts'
import { opened, soundness, stateFolder } from '../support/store.ts'

const CROWD = 50
/** Nothing listens on it. */
const DOWN = 9
/** Of one event. */
const LINES = 3
/** Root may write everywhere, but for this. */
const ORDINARY = process.getuid?.() === 0 ? 'setpriv --bounding-set=-dac_override,-dac_read_search ' : ''

function event(entity: string, second = Math.floor(Date.now() / 1000) - 5): string {
  const made = JSON.parse(sample('site-down'))
  made.entity.metadata.name = entity
  made.timestamp = second
  made.check.executed = second
  return JSON.stringify(made)
}

function upOf(entity: string): string {
  return `sensu.events.prod.${entity}.http-front-page.up`
}

function graphite(stdin: string, port: number, dir: string, args = ''): Promise<Ran> {
  return run(`tierline-graphite --host 127.0.0.1 -p ${port} --state-dir ${dir} ${args}`, { stdin })
}

async function kept(dir: string): Promise<{ lines: number; counters: Readonly<Record<string, number>> }> {
  const { store } = await opened(dir)
  return { lines: (await store.spoolSize()).lines, counters: await store.counters() }
}

/** As if the last turn to send were long ago. */
function anotherTurn(dir: string): void {
  if (existsSync(markerIn(dir))) utimesSync(markerIn(dir), 0, 0)
}

realCarbon('points that carbon did not take', () => {
  let carbon: RealCarbon
  beforeAll(async () => {
    carbon = await bootCarbon()
  })
  afterAll(() => carbon.stop())

  it('are kept, and sent after the next event that it takes', async () => {
    const dir = stateFolder()
    const second = Math.floor(Date.now() / 1000) - 5
    const away = await graphite(event('away', second), DOWN, dir)
    expect(away.code).toBe(0)
    expect(away.stderr).toMatch(/warning: .*: 3 lines not written but kept, and sent by a later run: carbon at 127\.0\.0\.1:9: /)
    expect(await kept(dir)).toEqual({ lines: LINES, counters: { 'graphite.points_spooled': LINES } })

    const back = await graphite(event('back', second), carbon.port, dir)
    expect(back.code).toBe(0)
    expect(back.stderr).toMatch(/wrote 3 lines to .*\n.*: wrote 3 lines that were kept, 0 are left\n$/)
    expect(await carbon.stored(upOf('away'))).toEqual([{ time: second, value: 0 }])
    expect(await carbon.stored(upOf('back'))).toEqual([{ time: second, value: 0 }])
    expect(await kept(dir)).toEqual({
      lines: 0,
      counters: { 'graphite.points_spooled': LINES, 'graphite.points_replayed': LINES },
    })
    expect(existsSync(markerIn(dir))).toBe(false)
  })

  it(`of ${CROWD} events at once are all kept, and arrive`, { timeout: 120_000 }, async () => {
    const dir = stateFolder()
    const second = Math.floor(Date.now() / 1000) - 5
    const names = Array.from({ length: CROWD }, (_, n) => `crowd-${n}`)
    const runs = await Promise.all(names.map((name) => graphite(event(name, second), DOWN, dir)))
    expect(runs.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([])
    console.info(`slowest of ${CROWD} runs: ${Math.round(Math.max(...runs.map(({ ms }) => ms)))} ms`)
    expect(await kept(dir)).toEqual({ lines: LINES * CROWD, counters: { 'graphite.points_spooled': LINES * CROWD } })

    const backs = await Promise.all([1, 2, 3].map((n) => graphite(event(`crowd-back-${n}`, second), carbon.port, dir)))
    expect(backs.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(await kept(dir)).toMatchObject({ lines: 0 })
    for (const name of names) expect(await carbon.stored(upOf(name))).toEqual([{ time: second, value: 0 }])
  })

  it('are not lost by a kill at any moment: what a run was done with arrives', { timeout: 120_000 }, async () => {
    const dir = stateFolder()
    const second = Math.floor(Date.now() / 1000) - 5
    const promised: string[] = []
    for (let round = 0; round < 16; round++) {
      const name = `killed-${round}`
      if ((await graphite(event(name, second), DOWN, dir)).code === 0) promised.push(name)
      anotherTurn(dir)
      await killed(event(`killer-${round}`, second), carbon.port, dir, pause(30 + round * 12))
      expect(soundness(dir)).toBe('ok')
    }
    anotherTurn(dir)
    await graphite(event('last', second), carbon.port, dir)
    expect(await kept(dir)).toMatchObject({ lines: 0 })
    expect(promised).toHaveLength(16)
    for (const name of promised) expect(await carbon.stored(upOf(name))).toEqual([{ time: second, value: 0 }])
  })
})

/** Runs the handler itself, without a shell that would be killed in its place, until `moment`. */
async function killed(stdin: string, port: number, dir: string, moment: Promise<unknown>): Promise<void> {
  const args = ['dist/bin/tierline-graphite', '--host', '127.0.0.1', '-p', String(port), '--state-dir', dir]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.on('error', () => {}).end(stdin)
  const end = once(child, 'close')
  await Promise.race([end, moment])
  child.kill('SIGKILL')
  await end
}

/** A carbon that confirms the first connection and never the second; `second` comes when that has been read to our end. */
async function halfCarbon(): Promise<{ port: number; second: Promise<string> }> {
  const server = createServer({ allowHalfOpen: true })
  onTestFinished(() => void server.close())
  const second = new Promise<string>((resolve) => {
    let connections = 0
    server.on('connection', (socket) => {
      const first = ++connections === 1
      let text = ''
      socket.setEncoding('utf8').on('data', (data) => {
        text += data
      })
      socket.on('error', () => {}).on('end', () => (first ? socket.end() : resolve(text)))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { port: (server.address() as AddressInfo).port, second }
}

describe('the spool of tierline-graphite', () => {
  it('keeps what a killed run has sent until a run sees that it was read', async () => {
    const dir = stateFolder()
    await graphite(event('one'), DOWN, dir)
    const half = await halfCarbon()
    await killed(event('two'), half.port, dir, half.second)
    expect((await half.second).match(/\.one\./g)).toHaveLength(LINES)
    expect(await kept(dir)).toMatchObject({ lines: LINES })
    const good = await fakeCarbon('good')
    onTestFinished(() => good.stop())
    anotherTurn(dir)
    await graphite(event('three'), good.port, dir)
    expect(good.lines().filter((line) => line.includes('.one.'))).toHaveLength(LINES)
    expect(await kept(dir)).toMatchObject({ lines: 0 })
  })

  it('takes what a carbon that does not confirm may have lost, and asks it once', async () => {
    const dir = stateFolder()
    const silent = await fakeCarbon('never_fin')
    onTestFinished(() => silent.stop())
    const ran = await graphite(`${event('one')}\n${event('two')}\n${event('three')}\n`, silent.port, dir, '--timeout 2.5')
    expect(ran.code).toBe(0)
    expect(ran.stderr.match(/3 lines not written but kept/g)).toHaveLength(3)
    expect(silent.lines()).toHaveLength(LINES)
    expect(await kept(dir)).toMatchObject({ lines: 3 * LINES })
  })

  it('is no reason not to ask carbon once, however short the time', async () => {
    const silent = await fakeCarbon('never_fin')
    onTestFinished(() => silent.stop())
    const ran = await graphite(event('one'), silent.port, stateFolder(), '--timeout 0.1')
    expect(ran.stderr).toMatch(/3 lines not written but kept.*: carbon at .*: no end after 0\.05 s/)
  })

  it('is bounded: the oldest go, and are counted and told', async () => {
    const dir = stateFolder()
    const policy = join(mkdtempSync(join(tmpdir(), 'tierline-')), 'tierline.yaml')
    writeFileSync(policy, 'state:\n  spool_mb: 1\n')
    await graphite(event('old'), DOWN, dir, `--policy ${policy}`)
    const large = JSON.parse(event('new'))
    const points = Array.from({ length: 9_000 }, (_, n) => ({
      name: `${'n'.repeat(100)}_${n}`,
      value: n,
      timestamp: 0,
      tags: [],
    }))
    large.metrics = { handlers: [], points }
    const ran = await graphite(JSON.stringify(large), DOWN, dir, `--policy ${policy}`)
    expect(ran.code).toBe(0)
    const told = Number(/for want of room \(state\.spool_mb\) the (\d+) oldest lines are gone/.exec(ran.stderr)?.[1])
    const { store } = await opened(dir)
    const { lines, bytes } = await store.spoolSize()
    expect(bytes).toBeLessThanOrEqual(1_000_000)
    expect(bytes).toBeGreaterThan(900_000)
    expect(lines + told).toBe(LINES + 9_000 + LINES)
    expect(await store.counters()).toEqual({ 'graphite.points_spooled': 9_000 + 2 * LINES, 'graphite.points_dropped': told })
    const left = (await store.spooled(100_000)).flatMap((row) => row.lines)
    expect(left.filter((line) => line.includes('.old.'))).toEqual([])
    expect(left.filter((line) => /\.new\..*\.up /.test(line))).toHaveLength(1)
  })

  it('of 0 MB keeps nothing: exit 1, and no folder', async () => {
    const dir = stateFolder()
    const policy = join(mkdtempSync(join(tmpdir(), 'tierline-')), 'tierline.yaml')
    writeFileSync(policy, 'state:\n  spool_mb: 0\n')
    const ran = await graphite(event('one'), DOWN, dir, `--policy ${policy}`)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/error: .*3 lines not written: carbon at /)
    expect(existsSync(dir)).toBe(false)
  })

  it.each([
    ['none', 'none', /error: .*3 lines not written: carbon at [^;]*\n$/],
    [
      'a folder that cannot be made',
      '/dev/null/state',
      /warning: nothing is remembered between runs: state \/dev\/null\/state: /,
    ],
  ])('with --state-dir %s keeps nothing: exit 1', async (_, dir, message) => {
    const ran = await graphite(event('one'), DOWN, dir)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/error: .*3 lines not written: carbon at /)
    expect(ran.stderr).toMatch(message)
  })

  it('in a folder that has become read-only costs no event, and what was kept is not sent for nothing', async () => {
    const dir = stateFolder()
    const good = await fakeCarbon('good')
    onTestFinished(() => good.stop())
    const command = (port: number) => `${ORDINARY}tierline-graphite --host 127.0.0.1 -p ${port} --state-dir ${dir}`
    expect(await run(command(DOWN), { stdin: event('one') })).toMatchObject({ code: 0 })
    chmodSync(dir, 0o500)
    onTestFinished(() => chmodSync(dir, 0o700))
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o400)

    const up = await run(command(good.port), { stdin: event('two') })
    expect(up).toMatchObject({ code: 0 })
    expect(up.stderr).toMatch(/wrote 3 lines to/)
    const down = await run(command(DOWN), { stdin: event('three') })
    expect(down.code).toBe(1)
    expect(down.stderr).toMatch(/error: .*3 lines not written: carbon at .*\n.*warning: nothing is remembered between runs: /)
    expect(good.lines().filter((line) => line.includes('.three.'))).toEqual([])
  })

  it('leaves what is kept alone when another run has begun to send it, and takes it later', async () => {
    const dir = stateFolder()
    await graphite(event('one'), DOWN, dir)
    const good = await fakeCarbon('good')
    onTestFinished(() => good.stop())
    const begun = Date.now() / 1000 + 1
    utimesSync(markerIn(dir), begun, begun)
    const busy = await graphite(event('two'), good.port, dir)
    expect(busy.stderr).not.toMatch(/that were kept/)
    anotherTurn(dir)
    const free = await graphite(event('three'), good.port, dir)
    expect(free.stderr).toMatch(/wrote 3 lines that were kept/)
  })

  it('over udp keeps what could not be sent, and never what was', async () => {
    const dir = stateFolder()
    expect(await graphite(event('one'), DOWN, dir, '--protocol udp')).toMatchObject({ code: 0 })
    expect(await kept(dir)).toMatchObject({ lines: LINES })
    const socket = (await import('node:dgram')).createSocket('udp4')
    onTestFinished(() => void socket.close())
    const got: string[] = []
    socket.on('message', (text) => got.push(...text.toString().trim().split('\n')))
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const ran = await graphite(event('two'), socket.address().port, dir, '--protocol udp')
    expect(ran.stderr).toMatch(/which udp cannot confirm\n.*wrote 3 lines that were kept/)
    expect(await kept(dir)).toMatchObject({ lines: 0, counters: { 'graphite.points_spooled': LINES } })
    expect(got.filter((line) => line.includes('.one.'))).toHaveLength(LINES)
  })
})
