import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootCarbon, type RealCarbon, realCarbon } from '../support/carbon.ts'
import { fakeCarbon } from '../support/fake-carbon.ts'
import { run, sample } from '../support/run.ts'

interface Point {
  name: string
  value: number
  timestamp: number
}

/** A sample whose times are moved to now, in the units that it has. */
function current(name: string): { text: string; points: Point[]; second: number } {
  const event = JSON.parse(sample(name))
  const second = Math.floor(Date.now() / 1000) - 5
  event.timestamp = second
  if (event.check) event.check.executed = second
  for (const point of event.metrics?.points ?? []) {
    point.timestamp = point.timestamp > 1e17 ? second * 1e9 : point.timestamp > 1e11 ? second * 1000 : second
  }
  return { text: JSON.stringify(event), points: event.metrics?.points ?? [], second }
}

realCarbon('tierline-graphite and a real carbon', () => {
  let carbon: RealCarbon
  beforeAll(async () => {
    carbon = await bootCarbon()
  })
  afterAll(() => carbon.stop())

  it('the points of a metrics event can be read back', async () => {
    const { text, points, second } = current('statsd-metrics')
    const ran = await run(`tierline-graphite --port ${carbon.port} --host 127.0.0.1`, { stdin: text })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(new RegExp(`wrote ${points.length} lines to 127\\.0\\.0\\.1:${carbon.port}\n$`))
    const { entity } = JSON.parse(text)
    for (const { name, value } of points.filter(({ name }) => /^[\w.-]+$/.test(name)).slice(0, 1)) {
      const tags = JSON.parse(text).metrics.points.find((point: Point) => point.name === name).tags ?? []
      const suffix = tags
        .map((tag: { name: string; value: string }) => `.${tag.name}_${tag.value}`)
        .sort()
        .join('')
      const series = `sensu.${entity.metadata.namespace}.${entity.metadata.name.replaceAll('.', '_')}.statsd.${name}${suffix}`
      expect(await carbon.stored(series)).toEqual([{ time: second, value }])
    }
  })

  it('the series about a check can be read back', async () => {
    const { text, second } = current('site-down')
    expect(await run('tierline-graphite', { stdin: text, env: { GRAPHITE_PORT: String(carbon.port) } })).toMatchObject({
      code: 0,
    })
    expect(await carbon.stored('sensu.events.prod.webshop.http-front-page.status')).toEqual([{ time: second, value: 2 }])
    expect(await carbon.stored('sensu.events.prod.webshop.http-front-page.up')).toEqual([{ time: second, value: 0 }])
  })

  it.each([
    ['--no-prefix', 'events.prod.webshop.http-front-page.up'],
    ['-P acme', 'acme.events.prod.webshop.http-front-page.up'],
  ])('%s writes %s', async (args, series) => {
    const { text, second } = current('site-down')
    await run(`tierline-graphite -p ${carbon.port} ${args}`, { stdin: text })
    expect(await carbon.stored(series)).toEqual([{ time: second, value: 0 }])
  })

  it("--prefix-source keeps the Go handler's layout", async () => {
    const { text } = current('proxy-with-metrics')
    const preview = JSON.parse((await run(`tierline-graphite -p ${carbon.port} -s --dry-run`, { stdin: text })).stdout)
    const { entity } = JSON.parse(text)
    const mine = preview.graphite.filter((line: string) => line.startsWith(`sensu.${entity.metadata.name.replaceAll('.', '_')}.`))
    expect(mine.length).toBeGreaterThan(0)
  })
})

describe('tierline-graphite without a carbon', () => {
  it('nothing listening: exit 1, says where and how many lines', async () => {
    const ran = await run('tierline-graphite --port 9', { stdin: current('site-down').text })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/error: .*\d+ lines not written: .*127\.0\.0\.1:9/)
  })

  it('a key in an event does not reach the lines', async () => {
    const key = 'kkkkkkkkkkkkkkkk0000000000000000'
    const event = JSON.parse(current('site-down').text)
    event.entity.metadata.name = key
    const ran = await run('tierline-graphite --dry-run', { stdin: JSON.stringify(event), env: { PAGERDUTY_TOKEN: key } })
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('[key]')
  })

  it.each([
    ['--port 0', /--port: "0" is not a port/],
    ['--protocol sctp', /--protocol: "sctp" is not one of tcp, tls, udp/],
    ['--protocol tls --tls-ca /nonexistent', /--tls-ca: \/nonexistent cannot be read/],
  ])('%s: exit 1, one line', async (args, message) => {
    const ran = await run(`tierline-graphite ${args}`, { stdin: current('site-down').text })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(message)
  })

  it('--timeout is for all events of an input', async () => {
    const carbon = await fakeCarbon('never_fin')
    const line = `${JSON.stringify(JSON.parse(current('site-down').text))}\n`
    const ran = await run(`tierline-graphite -p ${carbon.port} --timeout 1.5`, { stdin: line.repeat(5) })
    await carbon.stop()
    expect(ran.code).toBe(1)
    expect(ran.ms).toBeLessThan(4500)
  })

  it('a point that cannot be sent is named, the rest is sent, exit 1', async () => {
    const event = JSON.parse(current('statsd-metrics').text)
    event.metrics.points[0].timestamp = 1
    event.metrics.points[0].name = 'from.the.stone.age'
    const ran = await run('tierline-graphite --dry-run', { stdin: JSON.stringify(event) })
    const preview = JSON.parse(ran.stdout)
    expect(preview.problems.join()).toMatch(/from\.the\.stone\.age/)
    expect(preview.graphite).toHaveLength(event.metrics.points.length - 1)
  })
})
