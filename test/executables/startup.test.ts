import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeCarbon, fakeCarbon } from '../support/fake-carbon.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { run, sample, THREE_KEYS } from '../support/run.ts'
import { stateFolder } from '../support/store.ts'

/*
 * What a start loads is the whole of its cost, and unlike a time it can be tested: the size of what Node has to
 * parse, and the built-in modules that it loads.
 */
const HOT_BYTES = 80_000
const probe = join(mkdtempSync(join(tmpdir(), 'tierline-')), 'probe.cjs')
const report = `${probe}.json`
writeFileSync(
  probe,
  `process.on('exit', () => {
    const modules = process.moduleLoadList.filter((line) => line.startsWith('NativeModule')).map((line) => line.slice(13))
    const files = Object.keys(require.cache).filter((file) => !file.endsWith('probe.cjs'))
    require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify({ modules, files }))
  })`,
)

/** A sample that carbon would not find too old. */
function current(name: string): string {
  const event = JSON.parse(sample(name))
  event.check.executed = Math.floor(Date.now() / 1000)
  return JSON.stringify(event)
}

async function loaded(command: string, event: string, state = 'none'): Promise<{ modules: string[]; files: string[] }> {
  const env = { ...THREE_KEYS, TIERLINE_STATE_DIR: state, NODE_OPTIONS: `--require ${probe}` }
  const ran = await run(command, { stdin: current(event), env })
  expect(ran.code).toBe(0)
  return JSON.parse(readFileSync(report, 'utf8'))
}

describe('a start', () => {
  let pagerduty: FakePagerDuty
  let carbon: FakeCarbon
  beforeAll(async () => {
    pagerduty = await startFakePagerDuty()
    carbon = await fakeCarbon('good')
  })
  afterAll(async () => {
    await pagerduty.stop()
    await carbon.stop()
  })

  it.each(['tierline-classify', 'tierline-pagerduty', 'tierline-graphite'])('%s is small', (name) => {
    expect(statSync(`dist/bin/${name}`).size).toBeLessThan(HOT_BYTES)
  })

  it.each([
    ['tierline-classify', 'site-down'],
    ['tierline-pagerduty', 'ok-still'],
  ])('%s with %s loads no network, no library and no second file', async (command, event) => {
    const { modules, files } = await loaded(command, event)
    expect(files).toHaveLength(1)
    expect(modules.filter((name) => /^(net|http|https|tls|http2|worker_threads)$|undici/.test(name))).toEqual([])
  })

  it('tierline-pagerduty loads axios only to send, and nothing to read a policy', async () => {
    const { files } = await loaded(`tierline-pagerduty -e ${pagerduty.url}`, 'site-down')
    expect(files.map((file) => file.replace(/.*\//, '')).sort()).toEqual(['pagerduty-transport.cjs', 'tierline-pagerduty'])
  })

  it('tierline-pagerduty with a state loads SQLite, and axios only to send', async () => {
    const state = stateFolder()
    const seen = async (event: string) => {
      const { files, modules } = await loaded(`tierline-pagerduty -e ${pagerduty.url}`, event, state)
      return [files.map((file) => file.replace(/.*\//, '')).sort(), modules.includes('sqlite'), modules.includes('http')]
    }
    expect(await seen('ok-still')).toEqual([['run-paging.cjs', 'tierline-pagerduty'], true, false])
    const sends = [['pagerduty-transport.cjs', 'run-paging.cjs', 'tierline-pagerduty'], true, true]
    expect(await seen('site-down')).toEqual(sends)
    expect(await seen('site-down')).toEqual([['run-paging.cjs', 'tierline-pagerduty'], true, false])
  })

  it('a dry run loads what mirrors filters only to mirror them', async () => {
    const names = async (command: string) => (await loaded(command, 'site-down')).files.map((file) => file.replace(/.*\//, ''))
    expect(await names('tierline dry-run -')).toEqual(['tierline'])
    expect(await names('tierline dry-run --filters assets/sensu -')).toContain('mirror-mirror.cjs')
  })

  it('tierline loads the state only to look into it', async () => {
    const names = async (command: string, state: string) => {
      await run(command, { env: { NODE_OPTIONS: `--require ${probe}`, TIERLINE_STATE_DIR: state } })
      const { files, modules } = JSON.parse(readFileSync(report, 'utf8')) as { files: string[]; modules: string[] }
      return { files: files.map((file) => file.replace(/.*\//, '')), sqlite: modules.includes('sqlite') }
    }
    for (const command of ['tierline status', 'tierline log']) {
      expect(await names(command, 'none')).toEqual({ files: ['tierline'], sqlite: false })
      expect(await names(command, '/nonexistent')).toEqual({ files: ['tierline', 'run-look.cjs'], sqlite: true })
    }
  })

  it('tierline-graphite loads neither http nor tls', async () => {
    const { modules } = await loaded(`tierline-graphite -p ${carbon.port}`, 'ok-still')
    expect(modules).toContain('net')
    expect(modules.filter((name) => /^(http|https|tls|http2|dgram)$|undici/.test(name))).toEqual([])
  })

  it('tierline-graphite opens its state only when there is something to keep, or kept', async () => {
    const state = stateFolder()
    const seen = async (port: number) => {
      const { modules, files } = await loaded(`tierline-graphite -p ${port}`, 'ok-still', state)
      return [files.length, modules.includes('sqlite'), files.some((file) => file.endsWith('/run-spool.cjs'))]
    }
    expect(await seen(carbon.port)).toEqual([1, false, false])
    expect(existsSync(state)).toBe(false)
    expect(await seen(9)).toEqual([2, true, true])
    expect(await seen(carbon.port)).toEqual([2, true, true])
    expect(await seen(carbon.port)).toEqual([1, false, false])
  })
})
