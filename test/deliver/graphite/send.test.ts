import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { datagrams } from '../../../lib/deliver/graphite/datagrams.ts'
import { type Carbon, sendLines } from '../../../lib/deliver/graphite/send.ts'
import { type Behaviour, type FakeCarbon, fakeCarbon } from '../../support/fake-carbon.ts'

const run = promisify(execFile)
const few = ['a.b 1 1790000000', 'a.c 2 1790000000']
const many = Array.from({ length: 20_000 }, (_, index) => `bulk.series_${index} ${index} 1790000000`)
/** More than the buffers of both kernels hold, so that it cannot be sent to somebody who does not read. */
const flood = Array.from({ length: 400_000 }, (_, index) => `bulk.a_rather_long_name_of_a_series_${index} ${index} 1790000000`)

const fakes: FakeCarbon[] = []

afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.stop()
})

async function to(behaviour: Behaviour, changes: Partial<Carbon> = {}): Promise<{ fake: FakeCarbon; carbon: Carbon }> {
  const fake = await fakeCarbon(behaviour)
  fakes.push(fake)
  return { fake, carbon: { host: '127.0.0.1', port: fake.port, protocol: 'tcp', timeout: 5, ...changes } }
}

async function closedPort(): Promise<number> {
  const fake = await fakeCarbon('good')
  await fake.stop()
  return fake.port
}

describe('over TCP', () => {
  it.each<[string, readonly string[], Behaviour]>([
    ['a few lines', few, 'good'],
    ['20 000 lines', many, 'good'],
    ['20 000 lines to a slow reader', many, 'slow'],
  ])('confirms %s', async (_, lines, behaviour) => {
    const { fake, carbon } = await to(behaviour)
    expect(await sendLines(lines, carbon)).toEqual({ outcome: 'sent', lines: lines.length, confirmed: true })
    expect(fake.lines()).toEqual(lines)
    await vi.waitFor(() => expect(fake.open()).toBe(0))
  })

  it('connects nowhere for an empty list', async () => {
    const carbon: Carbon = { host: 'no.such.host.invalid', port: await closedPort(), protocol: 'tcp', timeout: 5 }
    expect(await sendLines([], carbon)).toEqual({ outcome: 'sent', lines: 0, confirmed: true })
  })

  it.each<[string, readonly string[], Behaviour, RegExp]>([
    ['a reset', flood, 'reset', /reset before everything was read.*ECONNRESET|closed before everything was sent.*EPIPE/],
    ['a close before our end', flood, 'early_fin', /closed the connection before everything was sent/],
    ['no close after our end', few, 'never_fin', /no end after 0\.3 s while waiting for carbon to close its side/],
    ['a peer that reads nothing', flood, 'black_hole', /no end after 0\.3 s while sending: carbon reads slowly or not at all/],
  ])('fails on %s, within the deadline', async (_, lines, behaviour, reason) => {
    const { fake, carbon } = await to(behaviour, { timeout: 0.3 })
    const started = performance.now()
    const result = await sendLines(lines, carbon)
    expect(performance.now() - started).toBeLessThan(1500)
    expect(result).toEqual({ outcome: 'failed', reason: expect.stringMatching(reason) })
    expect(result).toHaveProperty('reason', expect.stringContaining(`carbon at 127.0.0.1:${fake.port}: `))
    if (behaviour === 'never_fin') await vi.waitFor(() => expect(fake.lines()).toEqual(few))
  })

  it.each<[string, (port: number) => Partial<Carbon>, RegExp]>([
    [
      'nobody listens',
      (port) => ({ port }),
      /^carbon at 127\.0\.0\.1:\d+: nothing listens there: check that carbon runs.*\(ECONNREFUSED\)$/,
    ],
    ['the name is unknown', () => ({ host: 'no.such.host.invalid' }), /cannot be resolved.*\((ENOTFOUND|EAI_AGAIN)\)$/],
    ['IPv6 is refused', (port) => ({ host: '::1', port }), /^carbon at \[::1\]:\d+: /],
    ['the port cannot be', () => ({ port: 70_000 }), /check the graphite options$/],
  ])('fails in one line when %s', async (_, change, reason) => {
    const carbon: Carbon = { host: '127.0.0.1', port: 2003, protocol: 'tcp', timeout: 5, ...change(await closedPort()) }
    expect(await sendLines(few, carbon)).toEqual({ outcome: 'failed', reason: expect.stringMatching(reason) })
  })
})

describe('over TLS', () => {
  it('says so when the other side does not speak it', async () => {
    const { carbon } = await to('early_fin', { protocol: 'tls' })
    const result = await sendLines(few, carbon)
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/graphite\.protocol/) })
  })
})

describe('over UDP', () => {
  it('sends whole lines, each ended, in datagrams below the MTU, and confirms nothing', async () => {
    const lines = many.slice(0, 100)
    const got: string[] = []
    const server = createSocket('udp4', (message) => got.push(message.toString()))
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
    const carbon: Carbon = { host: '127.0.0.1', port: server.address().port, protocol: 'udp', timeout: 5 }
    const outcome = await sendLines(lines, carbon)
    expect(outcome).toEqual({ outcome: 'sent', lines: 100, confirmed: false })
    await vi.waitFor(() => expect(got.join('')).toBe(`${lines.join('\n')}\n`))
    expect(got.length).toBeGreaterThan(1)
    server.close()
  })

  it.each<[string, (port: number) => Partial<Carbon>, RegExp]>([
    ['nobody listens', (port) => ({ port }), /nothing listens there.*ECONNREFUSED/],
    ['the name is unknown', () => ({ host: 'no.such.host.invalid' }), /cannot be resolved/],
    ['the port cannot be', () => ({ port: 70_000 }), /check the graphite options$/],
  ])('fails when %s', async (_, change, reason) => {
    const carbon: Carbon = { host: '127.0.0.1', port: 2003, protocol: 'udp', timeout: 5, ...change(await closedPort()) }
    expect(await sendLines(few, carbon)).toEqual({ outcome: 'failed', reason: expect.stringMatching(reason) })
  })

  it('packs any lines without cutting or losing one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1398 })), (lengths) => {
        const lines = lengths.map((length) => 'x'.repeat(length))
        const packed = [...datagrams(lines)]
        expect(packed.join('')).toBe(lines.map((line) => `${line}\n`).join(''))
        expect(packed.every((datagram) => datagram.endsWith('\n') && datagram.length < 1400)).toBe(true)
      }),
    )
  })
})

it('lets the process end at once: no timer and no socket is left', async () => {
  const { carbon } = await to('good', { timeout: 60 })
  const gone = { ...carbon, port: await closedPort() }
  const targets = [carbon, gone, { ...gone, protocol: 'udp' }, { ...gone, protocol: 'tls' }]
  const send = new URL('../../../lib/deliver/graphite/send.ts', import.meta.url)
  const script = `import { sendLines } from ${JSON.stringify(send.href)}
    for (const target of ${JSON.stringify(targets)}) console.log((await sendLines(['a 1 1'], target)).outcome)
    console.log(process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|UDP|TLS/.test(name)).length)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 })
  expect(stdout.split('\n')).toEqual(['sent', 'failed', 'failed', 'failed', '0', ''])
})
