import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf } from '../../../lib/deliver/graphite/lines.ts'
import type { MetricPoint } from '../../../lib/event/event.ts'
import { anEvent, anyOptions, aPoint, NOW, nastyEvent, options } from './an-event.ts'

const quiet = { series: [], path_template: '{point}', prefix: '' }

function sent(points: MetricPoint[], changes: Parameters<typeof options>[0] = {}) {
  return linesOf(anEvent({ metrics: points }), options({ ...quiet, ...changes }), NOW)
}

describe('a line', () => {
  it.each([
    [1.5, '1.5'],
    [-0, '0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [-3, '-3'],
  ])('says %d as %s', (value, text) => {
    expect(sent([aPoint({ value })]).lines).toEqual([`load ${text} ${NOW}`])
  })
})

describe('problems', () => {
  it.each<[string, MetricPoint[], Parameters<typeof options>[0], number, string[]]>([
    [
      'what is no number',
      [aPoint({ name: 'cpu.idle', value: Number.NaN }), aPoint({ name: 'cpu.user', value: Infinity })],
      {},
      2,
      ['2 points dropped, not a number: cpu.idle, cpu.user'],
    ],
    ['ahead', [aPoint({ timestamp: NOW + 601 })], {}, 1, ['1 point dropped, more than 10 minutes ahead of the clock here: load']],
    ['too old', [aPoint({ timestamp: NOW - 604_801 })], {}, 1, ['1 point dropped, older than graphite.max_age: load']],
    ['too many', [aPoint(), aPoint({ name: 'a b' })], { max_points: 1 }, 1, ['1 point dropped, beyond graphite.max_points: a_b']],
    ['undated', [aPoint({ timestamp: 0 })], {}, 0, ['1 point without a time of their own, taken at the time of the event: load']],
    [
      'three names at most, none twice',
      ['a', 'a', 'b', 'c', 'd'].map((name) => aPoint({ name, value: Number.NaN })),
      {},
      5,
      ['5 points dropped, not a number: a, b, c'],
    ],
    [
      'too long with its tags',
      [aPoint({ of: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`tag${i}`, 'v'.repeat(180)])) })],
      { format: 'tagged' },
      1,
      ['1 point dropped, over 4096 bytes with all their tags (graphite.drop_tags can leave some out): load'],
    ],
  ])('%s', (_, points, changes, dropped, problems) => {
    const result = sent(points, changes)
    expect(result).toMatchObject({ dropped, problems })
    expect(result.lines).toHaveLength(points.length - dropped)
  })

  it.each([
    ['ten minutes ahead', NOW + 600, 604_800],
    ['just young enough', NOW - 604_800, 604_800],
    ['any age', 1, 0],
  ])('none for %s', (_, timestamp, max_age) => {
    expect(sent([aPoint({ timestamp })], { max_age })).toEqual({ lines: [`load 1.5 ${timestamp}`], dropped: 0, problems: [] })
  })

  it('keeps the last of two in one series and second', () => {
    const points = [aPoint({ value: 1 }), aPoint({ value: 2, timestamp: NOW * 1e9 }), aPoint({ value: 3, timestamp: NOW - 1 })]
    expect(sent(points)).toEqual({
      lines: [`load 2 ${NOW}`, `load 3 ${NOW - 1}`],
      dropped: 1,
      problems: ['1 point dropped, replaced by another of the same series and second: load'],
    })
  })

  it('lets no point stand for what Sensu says about a check', () => {
    const forged = aPoint({ name: 'events.default.web-1_eu.cpu.status', value: 0 })
    const event = { ...anEvent({ metrics: [forged] }) }
    const { lines } = linesOf(event, options({ path_template: '{point}', series: ['status'] }), NOW)
    expect(lines).toEqual([`sensu.events.default.web-1_eu.cpu.status 0 ${NOW}`])
    const critical = { ...event, check: event.check && { ...event.check, status: 2 } }
    expect(linesOf(critical, options({ path_template: '{point}', series: ['status'] }), NOW).lines).toEqual([
      `sensu.events.default.web-1_eu.cpu.status 2 ${NOW}`,
    ])
  })
})

describe('whatever the event', () => {
  it('makes lines that carbon can take, below the prefix, each once, and says in one line each what it left out', () => {
    fc.assert(
      fc.property(nastyEvent, anyOptions, (event, chosen) => {
        const { lines, dropped, problems } = linesOf(event, chosen, NOW + 0.5)
        const slots = lines.map((line) => line.replace(/ .* /, ' '))
        expect(new Set(slots).size).toBe(slots.length)
        for (const line of lines) {
          expect(line).toMatch(/^[!-~]+ -?[0-9.e+-]+ [0-9]{1,10}$/)
          expect(line.length).toBeLessThanOrEqual(4096)
          const [series = '', value, time] = line.split(' ')
          expect(Number.isFinite(Number(value))).toBe(true)
          expect(Number(time)).toBeGreaterThan(0)
          expect(Number(time)).toBeLessThanOrEqual(NOW + 600)
          const [name = '', ...tags] = series.split(';')
          expect(`${name}.`.startsWith(chosen.prefix === '' ? '' : `${chosen.prefix}.`)).toBe(true)
          expect(name).toMatch(/^[A-Za-z0-9_-]{1,200}(\.[A-Za-z0-9_-]{1,200})*$/)
          expect(tags.every((tag) => /^[A-Za-z0-9_-]{1,64}=[A-Za-z0-9_.:/+%@-]{1,180}$/.test(tag))).toBe(true)
          expect(tags).toEqual([...tags].sort())
          if (chosen.format === 'tagged') expect(tags.filter((tag) => /^(namespace|entity|check)=/.test(tag))).toHaveLength(3)
          else expect(tags).toEqual([])
        }
        for (const problem of problems) expect(problem).toMatch(/^[ -~]{1,500}$/)
        expect(dropped === 0 || problems.length > 0).toBe(true)
        expect(lines.length + dropped).toBeGreaterThanOrEqual(event.metrics?.length ?? 0)
      }),
      { numRuns: 300 },
    )
  })
})
