import { describe, expect, it } from 'vitest'
import { pointSamples } from '../../../lib/deliver/graphite/points.ts'
import type { MetricPoint } from '../../../lib/event/event.ts'
import { aCheck, anEvent, aPoint, NOW, options } from './an-event.ts'

type Changes = Parameters<typeof options>[0]

function seriesOf(point: MetricPoint, changes: Changes = {}, event = anEvent()): string | undefined {
  return pointSamples({ ...event, metrics: [point] }, options(changes), NOW)[0]?.series
}

describe('path form', () => {
  it.each<[string, MetricPoint, Changes, string]>([
    ['the default template', aPoint(), {}, 'sensu.default.web-1_eu.cpu.load'],
    ['dots of a point separate', aPoint({ name: 'cpu.idle' }), {}, 'sensu.default.web-1_eu.cpu.cpu.idle'],
    [
      'tags go into the path, sorted',
      aPoint({ of: { mode: 'idle', cpu: 'cpu0' } }),
      {},
      'sensu.default.web-1_eu.cpu.load.cpu_cpu0.mode_idle',
    ],
    ['layout of sensu-go-graphite-handler', aPoint(), { path_template: '{entity}.{point}', prefix: '' }, 'web-1_eu.load'],
    ['the point alone', aPoint(), { path_template: '{point}' }, 'sensu.load'],
    ['a literal in the template is made safe', aPoint(), { path_template: 'my metrics.{point}' }, 'sensu.my_metrics.load'],
    ['no placeholder from a name is filled in', aPoint({ name: '{entity}' }), {}, 'sensu.default.web-1_eu.cpu._entity_'],
    ['no $ pattern from a name is filled in', aPoint({ name: '$&' }), {}, 'sensu.default.web-1_eu.cpu.__'],
    [
      'help texts of Prometheus are dropped',
      aPoint({ of: { prom_help: 'Some text.', prom_type: 'gauge' } }),
      {},
      'sensu.default.web-1_eu.cpu.load',
    ],
    [
      'globs drop tags',
      aPoint({ of: { aws_a: '1', aws_b: '2', b: '3' } }),
      { drop_tags: ['aws_*'] },
      'sensu.default.web-1_eu.cpu.load.b_3',
    ],
    ['a tag without a value says nothing', aPoint({ of: { a: '', b: '1' } }), {}, 'sensu.default.web-1_eu.cpu.load.b_1'],
    [
      'a nasty name stays below the prefix',
      aPoint({ name: '../../x\ny 1 2' }),
      {},
      'sensu.default.web-1_eu.cpu._._._._._x_y_1_2',
    ],
  ])('%s', (_, point, changes, series) => {
    expect(seriesOf(point, changes)).toBe(series)
  })

  it('calls the check of an event without one statsd', () => {
    expect(seriesOf(aPoint(), {}, anEvent({ check: null }))).toBe('sensu.default.web-1_eu.statsd.load')
  })

  it('makes one node of a check name with dots', () => {
    expect(seriesOf(aPoint(), {}, anEvent({ check: aCheck({ name: 'disk.root' }) }))).toBe(
      'sensu.default.web-1_eu.disk_root.load',
    )
  })
})

describe('tagged form', () => {
  const own = 'check=cpu;entity=web-1.eu;namespace=default'

  it.each<[string, MetricPoint, string]>([
    [
      'own tags, sorted with the others',
      aPoint({ name: 'cpu.idle', of: { cpu: 'cpu0' } }),
      'sensu.cpu.idle;check=cpu;cpu=cpu0;entity=web-1.eu;namespace=default',
    ],
    [
      "a point's tag wins, ours stays beside it",
      aPoint({ of: { namespace: 'kube-system' } }),
      'sensu.load;check=cpu;entity=web-1.eu;namespace=kube-system;sensu_namespace=default',
    ],
    ['the same value is no clash', aPoint({ of: { entity: 'web-1.eu' } }), `sensu.load;${own}`],
    [
      'a tag called name would be lost',
      aPoint({ of: { name: 'ssh.service' } }),
      'sensu.load;check=cpu;entity=web-1.eu;exported_name=ssh.service;namespace=default',
    ],
    ['sorted as carbon sorts, by name=value', aPoint({ of: { a: '1', 'a-b': '2' } }), `sensu.load;a-b=2;a=1;${own}`],
    ['no tag can inject another', aPoint({ of: { 'x;entity': 'y;check=z' } }), `sensu.load;${own};x_entity=y_check_z`],
  ])('%s', (_, point, series) => {
    expect(seriesOf(point, { format: 'tagged' })).toBe(series)
  })
})

describe('tags left in the name', () => {
  it.each([
    ['cpu{cpu="cpu0",mode="idle"}', 'cpu.cpu_cpu0.mode_idle'],
    ['cpu{cpu="cpu0",}', 'cpu.cpu_cpu0'],
    ['cores{}', 'cores'],
    ['x{a="q\\"u,o}te"}', 'x.a_q_u_o_te'],
    ['x{a="1", b="2"}', 'x.a_1.b_2'],
    ['x{a=1}', 'x_a_1_'],
    ['{a="1"}', '_a__1__'],
    ['x{a="1"};b=2', 'x.a_1.b_2'],
    ['x;y{a="1"}', 'x_y.a_1'],
    ['x{a="1;2"}', 'x.a_1_2'],
    ['x;a=1;b=2=3', 'x.a_1.b_2_3'],
    ['x;a', 'x_a'],
    ['x;=1', 'x__1'],
    ['x;a=1;', 'x_a_1_'],
    [';a=1', '_a_1'],
    ['x;a=}', 'x_a__'],
    ['x;a=', 'x'],
  ])('%s', (name, series) => {
    expect(seriesOf(aPoint({ name }), { path_template: '{point}', prefix: '' })).toBe(series)
  })

  it('gives way to a tag of the point itself', () => {
    expect(seriesOf(aPoint({ name: 'x;a=1', of: { a: '2' } }), { path_template: '{point}', prefix: '' })).toBe('x.a_2')
  })

  it('parses a long hostile name at once', () => {
    const started = performance.now()
    for (const name of [
      `x{${'a="'.repeat(30_000)}}`,
      `x{${' '.repeat(90_000)}}`,
      `x{${'a="b" '.repeat(15_000)}}`,
      `${';'.repeat(90_000)}}`,
    ]) {
      seriesOf(aPoint({ name }))
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('time', () => {
  const check = aCheck({ executed: NOW - 9 })
  it.each([
    ['seconds', NOW, anEvent(), NOW],
    ['milliseconds', NOW * 1e3 + 999, anEvent(), NOW],
    ['microseconds', NOW * 1e6, anEvent(), NOW],
    ['nanoseconds', NOW * 1e9, anEvent(), NOW],
    ['a fraction', NOW + 0.9, anEvent(), NOW],
    ['none: that of the event', 0, anEvent({ timestamp: NOW - 5 }), NOW - 5],
    ['-1, which carbon takes for now', -1, anEvent({ timestamp: NOW - 5 }), NOW - 5],
    ['none in the event: that of the check', 0, anEvent({ timestamp: 0, check }), NOW - 9],
    ['none at all: now', Number.NaN, anEvent({ timestamp: 0, check: null }), NOW],
  ])('%s', (_, timestamp, event, time) => {
    const [sample] = pointSamples({ ...event, metrics: [aPoint({ timestamp })] }, options(), NOW)
    expect(sample?.time).toBe(time)
    expect(sample?.undated).toBe(!(timestamp > 0))
  })
})

it('takes max_points of them', () => {
  const metrics = [1, 2, 3].map((value) => aPoint({ value }))
  expect(pointSamples(anEvent({ metrics }), options({ max_points: 2 }), NOW).map((sample) => sample.value)).toEqual([1, 2])
})
