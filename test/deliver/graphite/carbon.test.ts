import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GraphiteOptions, linesOf } from '../../../lib/deliver/graphite/lines.ts'
import { type Carbon, sendLines } from '../../../lib/deliver/graphite/send.ts'
import type { Event, MetricPoint } from '../../../lib/event/event.ts'
import {
  bootCarbon,
  bootTlsRelay,
  type RealCarbon,
  realCarbon,
  realRelay,
  type Stored,
  type TlsRelay,
} from '../../support/carbon.ts'
import { aCheck, anEvent, aPoint, history, options } from './an-event.ts'

/** Carbon's own clock decides what is too old for its file, so these tests live now. */
const now = Math.floor(Date.now() / 1000)

function over(port: number, changes: Partial<Carbon> = {}): Carbon {
  return { host: '127.0.0.1', port, protocol: 'tcp', timeout: 10, ...changes }
}

realCarbon('a real carbon-cache', () => {
  let carbon: RealCarbon

  beforeAll(async () => {
    carbon = await bootCarbon()
  })

  afterAll(async () => {
    const log = carbon.log()
    await carbon.stop()
    // What carbon could not read or write is here and nowhere else.
    expect(log).not.toMatch(/Traceback|invalid line|Error parsing|error: |exceptions\./i)
  })

  async function deliver(event: Event, changes: Partial<GraphiteOptions> = {}, to: Partial<Carbon> = {}): Promise<string[]> {
    const { lines } = linesOf(event, options({ series: [], ...changes }), now)
    const outcome = await sendLines(lines, over(carbon.port, to))
    expect(outcome).toMatchObject({ outcome: 'sent', lines: lines.length })
    return lines
  }

  /** Each line as carbon has it on disk. */
  async function storedAs(lines: readonly string[], patience_ms?: number): Promise<string[]> {
    const found: string[] = []
    for (const line of lines) {
      const [series = '', , time] = line.split(' ')
      const points = await carbon.stored(series, 1, patience_ms)
      found.push(...points.filter((point) => point.time === Number(time)).map((point) => textOf(series, point)))
    }
    return found
  }

  it.concurrent.each<[string, string, MetricPoint[]]>([
    ['graphite_plaintext', 'plain', [aPoint({ name: 'cpu.idle', timestamp: now, of: { mode: 'idle' } })]],
    ['graphite_plaintext with tags in the name', 'old-agent', [aPoint({ name: 'cpu.idle;cpu=0', timestamp: now })]],
    [
      'graphite_plaintext fed with Prometheus text',
      'prom-plain',
      [aPoint({ name: 'cores{}', timestamp: now }), aPoint({ name: 'cpu{cpu="cpu0"}', timestamp: now })],
    ],
    ['influxdb_line', 'influx', [aPoint({ name: 'disk.used', value: 1e12, timestamp: now, of: { path: '/var' } })]],
    [
      'nagios_perfdata',
      'nagios',
      [aPoint({ name: "'/var'", value: 2643, timestamp: now }), aPoint({ name: 'time', value: 0.008, timestamp: now })],
    ],
    ['opentsdb_line', 'tsdb', [aPoint({ name: 'sys.cpu.user', value: -1.5, timestamp: now, of: { host: 'web' } })]],
    [
      'prometheus_text',
      'prom',
      [
        aPoint({
          name: 'http_bucket',
          value: 7,
          timestamp: now,
          of: { le: '+Inf', prom_help: 'Time it took; in s', prom_type: 'histogram' },
        }),
        aPoint({ name: 'http_bucket', value: 5, timestamp: now, of: { le: '0.5' } }),
      ],
    ],
    [
      'StatsD',
      'statsd',
      [
        aPoint({ name: 'api.hits.value', timestamp: now * 1e9, of: { region: 'eu' } }),
        aPoint({ name: 'api.hits.per_second', value: 0.1, timestamp: now * 1e9 }),
      ],
    ],
    ['milliseconds', 'ms', [aPoint({ timestamp: now * 1e3 + 7 })]],
    ['microseconds', 'us', [aPoint({ timestamp: now * 1e6 + 7 })]],
    ['no time', 'undated', [aPoint({ timestamp: 0 })]],
    [
      'numbers of any size',
      'numbers',
      [1e-7, 1e21, 5e-324, 1.7976931348623157e308, -0, 0.1 + 0.2].map((value, index) =>
        aPoint({ name: `n${index}`, value, timestamp: now }),
      ),
    ],
  ])('stores %s, in both forms', async (_, entity_name, points) => {
    const check = entity_name === 'statsd' ? null : aCheck({ executed: now })
    const event = anEvent({ entity_name, check, metrics: points, timestamp: now })
    const lines = [...(await deliver(event, { format: 'path' })), ...(await deliver(event, { format: 'tagged' }))]
    expect(lines).toHaveLength(points.length * 2)
    expect(await storedAs(lines)).toEqual(lines)
  })

  it('loses no good neighbour of a point in milliseconds', async () => {
    const seconds = [5, 4, 3, 2, 1].map((ago) => aPoint({ value: ago, timestamp: now - ago }))
    const points = [...seconds.slice(0, 2), aPoint({ value: 0, timestamp: now * 1e3 }), ...seconds.slice(2)]
    const lines = await deliver(anEvent({ entity_name: 'neighbours', metrics: points }))
    const series = lines[0]?.split(' ')[0] ?? ''
    expect((await carbon.stored(series, 6)).map((point) => [now - point.time, point.value])).toEqual(
      [5, 4, 3, 2, 1, 0].map((ago) => [ago, ago]),
    )
  })

  it('stores what is nasty below the prefix, and all of what came after it', async () => {
    const names = [
      '../../x',
      '/tmp/x',
      'a b',
      'a\nevil.series 1 1',
      'a\r\nb',
      'a\u0000b',
      'a\u2028b',
      'a\u00a0b',
      'héllo',
      '\ud800',
      '...',
      '.a',
      'a.',
      'a..b',
      '',
      '~x',
      '(){}[],"\'|\\',
      'x;',
      'x;y',
      'x'.repeat(200),
      'x'.repeat(251),
      'x'.repeat(252),
      'node.'.repeat(300),
      'y'.repeat(20_000),
    ]
    const metrics = [
      ...names.map((name, index) => aPoint({ name, value: index, timestamp: now })),
      aPoint({ name: 'last', value: 99, timestamp: now }),
    ]
    const tags = names.map((name) =>
      aPoint({
        name: 'tagged',
        timestamp: now,
        tags: [
          { name, value: 'x' },
          { name: 'v', value: name },
        ],
      }),
    )
    for (const format of ['path', 'tagged'] as const) {
      const lines = await deliver(
        anEvent({ entity_name: 'nasty', metrics: [...metrics, ...tags], check: aCheck({ name: 'a\nb c' }) }),
        { format },
      )
      // Some become one series, as `a b` and `a\0b` do.
      expect(lines.length).toBeGreaterThan(names.length)
      expect(lines.some((line) => line.includes('last'))).toBe(true)
      expect(await storedAs(lines)).toEqual(lines)
    }
  })

  it('stores the operational series', async () => {
    const event = anEvent({ entity_name: 'ops', check: aCheck({ status: 2, executed: now, history: history(0, 2) }) })
    for (const format of ['path', 'tagged'] as const) {
      const lines = await deliver(event, { format, series: options().series })
      expect(lines).toHaveLength(4)
      expect(await storedAs(lines)).toEqual(lines)
    }
  })

  it('stores all 20 000 points of one event', async () => {
    const metrics = Array.from({ length: 20_000 }, (_, index) =>
      aPoint({ name: `s${index % 200}`, value: index, timestamp: now - Math.floor(index / 200) }),
    )
    const lines = await deliver(anEvent({ entity_name: 'bulk', metrics }), { max_points: 20_000 })
    expect(lines).toHaveLength(20_000)
    const stored: string[] = []
    for (const series of new Set(lines.map((line) => line.split(' ')[0] ?? ''))) {
      stored.push(...(await carbon.stored(series, 100)).map((point) => textOf(series, point)))
    }
    expect(stored.sort()).toEqual(lines.sort())
  })

  it('stores what came over UDP', async () => {
    const metrics = Array.from({ length: 60 }, (_, index) => aPoint({ name: `u${index}`, value: index, timestamp: now }))
    const lines = await deliver(anEvent({ entity_name: 'udp', metrics }), {}, { protocol: 'udp', port: carbon.udp_port })
    expect(await storedAs(lines)).toEqual(lines)
  })
})

realCarbon('a real carbon-cache with the configuration that Tierline ships', () => {
  const shipped = (name: string) => readFileSync(new URL(`../../../assets/graphite/${name}`, import.meta.url), 'utf8')
  let carbon: RealCarbon

  beforeAll(async () => {
    const settings = shipped('carbon.conf.snippet')
      .split('\n')
      .flatMap((line) => /^([A-Z_]+) = (.+)$/.exec(line)?.slice(1, 3) ?? [])
    carbon = await bootCarbon({
      schemas: `${shipped('storage-schemas.conf')}\n[default]\npattern = .*\nretentions = 1s:1h\n`,
      aggregation: `${shipped('storage-aggregation.conf')}\n[default]\npattern = .*\nxFilesFactor = 0.5\naggregationMethod = last\n`,
      settings: Object.fromEntries(Array.from({ length: settings.length / 2 }, (_, i) => [settings[2 * i], settings[2 * i + 1]])),
    })
  })

  afterAll(async () => {
    const log = carbon.log()
    await carbon.stop()
    expect(log).not.toMatch(/Traceback|missing '|Invalid schemas/i)
  })

  it('rolls every operational series up as its meaning asks', async () => {
    const worst = ['status', 'state', 'occurrences', 'latency_seconds', 'delivery_seconds', 'handler_lag_seconds', 'flap_percent']
    const marks = ['transition', 'outage_seconds']
    const series = [...worst, ...marks, 'up', 'duration_seconds', 'silenced'] as GraphiteOptions['series']
    const event = anEvent({
      timestamp: now,
      check: aCheck({
        executed: now,
        issued: now - 1,
        history: history(0, 2, 0).map((item) => ({ ...item, executed: now - 60 })),
      }),
    })
    for (const format of ['path', 'tagged'] as const) {
      const { lines } = linesOf(event, options({ format, series }), now)
      expect(lines).toHaveLength(series.length)
      expect(await sendLines(lines, over(carbon.port))).toMatchObject({ confirmed: true })
      for (const line of lines) {
        const [name = ''] = line.split(' ')
        await carbon.stored(name)
        const leaf = series.find((leaf) => new RegExp(`\\.${leaf}(\\.[a-z_]+)?(;|$)`).test(name)) ?? ''
        const method = worst.includes(leaf) ? 'max' : marks.includes(leaf) ? 'sum' : 'average'
        const { aggregation, x_files_factor, archives } = carbon.header(name)
        expect([leaf, aggregation, x_files_factor]).toEqual([leaf, method, 0])
        expect(archives.map((archive) => [archive.step, archive.step * archive.slots])).toEqual([
          [60, 7 * 86_400],
          [300, 60 * 86_400],
          [3600, 730 * 86_400],
        ])
      }
    }
  })

  it('leaves the retention of metric points and the rest of the site alone', async () => {
    const lines = [
      `sensu.default.web.check.http_status 1 ${now}`,
      `other.series 1 ${now}`,
      `sensu.pages.be.sent_total 1 ${now}`,
      `sensu.default.backend.tierline.pages_total.first.warning 1 ${now}`,
    ]
    expect(await sendLines(lines, over(carbon.port))).toMatchObject({ confirmed: true })
    const headers: unknown[] = []
    for (const line of lines) {
      const [name = ''] = line.split(' ')
      await carbon.stored(name)
      const { aggregation, archives } = carbon.header(name)
      headers.push([aggregation, archives[0]?.step])
    }
    expect(headers).toEqual([
      ['average', 1],
      ['last', 1],
      ['max', 60],
      ['max', 1],
    ])
  })
})

realRelay('a real carbon-c-relay with TLS in front of carbon', () => {
  let carbon: RealCarbon
  let relay: TlsRelay

  beforeAll(async () => {
    carbon = await bootCarbon()
    relay = await bootTlsRelay(carbon.port)
  })

  afterAll(async () => {
    await relay?.stop()
    await carbon?.stop()
  })

  it.each(['127.0.0.1', 'localhost'])('confirms and stores, addressed as %s', async (host) => {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `tls.${host.replaceAll('.', '_')}.s${index % 10} ${index} ${now - Math.floor(index / 10)}`,
    )
    const to = over(relay.port, { host, protocol: 'tls', tls_ca: relay.certificate })
    expect(await sendLines(lines, to)).toEqual({ outcome: 'sent', lines: 1000, confirmed: true })
    const stored: Stored[] = []
    for (let series = 0; series < 10; series++)
      stored.push(...(await carbon.stored(`tls.${host.replaceAll('.', '_')}.s${series}`, 100)))
    expect(stored).toHaveLength(1000)
  })

  it.each<[string, Partial<Carbon>, RegExp]>([
    [
      'a certificate that nobody vouches for',
      {},
      /^carbon at 127\.0\.0\.1:\d+: its certificate is not trusted \(.*SELF_SIGNED.*\): check the CA file, and that the certificate names this host$/,
    ],
    ['a CA file that is none', { tls_ca: 'no PEM' }, /^carbon at 127\.0\.0\.1:\d+: /],
  ])('refuses %s', async (_, changes, reason) => {
    const result = await sendLines(['tls.secret 1 1'], over(relay.port, { protocol: 'tls', ...changes }))
    expect(result).toEqual({ outcome: 'failed', reason: expect.stringMatching(reason) })
  })

  it('refuses a certificate of another host', async () => {
    const other = await bootTlsRelay(carbon.port, 'DNS:carbon.example')
    const result = await sendLines(['tls.secret 1 1'], over(other.port, { protocol: 'tls', tls_ca: other.certificate }))
    await other.stop()
    expect(result).toEqual({ outcome: 'failed', reason: expect.stringMatching(/certificate is not trusted \(.*ALTNAME.*\)/) })
  })
})

function textOf(series: string, point: Stored): string {
  return `${series} ${String(point.value)} ${point.time}`
}
