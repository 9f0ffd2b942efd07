import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts'
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts'
import { KEYS, run, sample } from '../support/run.ts'

describe('between tierline-pagerduty and PagerDuty', () => {
  let secure: FakePagerDuty
  let plain: FakePagerDuty
  let proxy: ConnectProxy
  let ca: string
  beforeAll(async () => {
    ;[secure, plain, proxy] = [await startFakePagerDuty({ tls: true }), await startFakePagerDuty(), await startConnectProxy()]
    ca = join(mkdtempSync(join(tmpdir(), 'tierline-')), 'ca.pem')
    writeFileSync(ca, secure.certificate ?? '')
  })
  afterAll(() => Promise.all([secure.stop(), plain.stop(), proxy.stop()]))

  const send = (url: string, env: Record<string, string>) =>
    run(`tierline-pagerduty -e ${url}`, { stdin: sample('site-down'), env: { PAGERDUTY_TOKEN: KEYS.shared, ...env } })

  it('a certificate that nobody vouches for stops it at once', async () => {
    const ran = await send(secure.url, {})
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/certificate that cannot be trusted \(\w+\): .*NODE_EXTRA_CA_CERTS/)
    expect(ran.stderr).not.toMatch(/tries/)
  })

  it('NODE_EXTRA_CA_CERTS vouches for it', async () => {
    const before = secure.requests.length
    expect(await send(secure.url, { NODE_EXTRA_CA_CERTS: ca })).toMatchObject({ code: 0 })
    expect(secure.requests.slice(before)).toMatchObject([{ status: 202, complaints: [] }])
  })

  it('HTTPS_PROXY tunnels, and NO_PROXY does not', async () => {
    // By name, as PagerDuty is: Node 26 refuses an address as the name of a server inside a tunnel.
    const url = secure.url.replace('127.0.0.1', 'localhost')
    const { host } = new URL(url)
    const before = proxy.asked.length
    expect(await send(url, { NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: proxy.url })).toMatchObject({ code: 0 })
    expect(proxy.asked.slice(before)).toEqual([{ method: 'CONNECT', target: host, authorized: true }])
    expect(
      await send(secure.url, { NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' }),
    ).toMatchObject({
      code: 0,
    })
    expect(proxy.asked.slice(before)).toHaveLength(1)
  })

  it('HTTP_PROXY forwards a plain request', async () => {
    const before = proxy.asked.length
    expect(await send(plain.url, { http_proxy: proxy.url })).toMatchObject({ code: 0 })
    expect(proxy.asked.slice(before)).toMatchObject([{ method: 'POST', target: plain.url }])
  })

  it('a proxy that wants a password and gets the wrong one is no PagerDuty', async () => {
    const guarded = await startConnectProxy({ auth: { username: 'sensu', password: 'right' } })
    const wrong = guarded.url.replace('right', 'swordfish')
    const ran = await send(secure.url, { NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: wrong })
    await guarded.stop()
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/answered 407: the proxy wants a user name and password/)
    expect(ran.stderr).not.toContain('swordfish')
  })

  it('a proxy that is down is a failure in time', async () => {
    const ran = await send(secure.url, { HTTPS_PROXY: 'http://127.0.0.1:9' })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/HTTPS_PROXY names a proxy: is that right, and up\? \(3 tries\)/)
    expect(ran.ms).toBeLessThan(10_000)
  })
})

describe('a host that takes no connection', () => {
  // A listener whose process is stopped: its queue fills up, and then a connection hangs as behind a firewall.
  let stopped: ChildProcess
  const queued: Socket[] = []
  afterAll(() => {
    for (const socket of queued) socket.destroy()
    stopped?.kill('SIGKILL')
  })

  it('is given up after the time to connect, and says so', async () => {
    const listen = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
    stopped = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
    const port = Number(await new Promise((resolve) => stopped.stdout?.once('data', (data) => resolve(String(data)))))
    stopped.kill('SIGSTOP')
    for (let count = 0; count < 8; count++) queued.push(connect(port, '127.0.0.1').on('error', () => {}))
    await pause(200)
    const ran = await run(`tierline-pagerduty -e http://127.0.0.1:${port}/v2/enqueue --timeout 8`, {
      stdin: sample('site-down'),
      env: { PAGERDUTY_TOKEN: KEYS.shared },
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(
      /did not take the connection within 3 s: does a firewall or proxy stand between\?|did not answer in time \([23] tries\)/,
    )
    expect(ran.ms).toBeLessThan(11_000)
  })
})
