import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { perfdata } from '../../lib/alert/perfdata.ts'
import { record } from '../../lib/alert/record.ts'
import { safePath } from '../../lib/deliver/graphite/names.ts'
import { Case, runCase } from '../support/case.ts'
import { aStore } from '../support/store.ts'

/** What Sensu's agent makes of an output, step by step: agent/transformers/nagios.go. */
function readBySensu(output: string): Record<string, number> {
  const parts = output.split('|')
  if (parts.length !== 2) return {}
  const points: Record<string, number> = {}
  for (const metric of (parts[1] ?? '').trim().split(' ')) {
    const sides = (metric.trim().split(';')[0] ?? '').split('=')
    const value = Number((sides[1] ?? '').replace(/[^-\d.]/g, ''))
    if (sides.length === 2 && sides[1] !== '' && !Number.isNaN(value)) points[sides[0] ?? ''] = value
  }
  return points
}

const ZERO = readBySensu(`| ${perfdata({}, {})}`)

describe('the counters as performance data', () => {
  it('begin at 0 for what must not miss its first step', () => {
    expect(ZERO).toEqual({
      'decisions_total.page': 0,
      'decisions_total.resolve': 0,
      'decisions_total.hold': 0,
      'decisions_total.drop': 0,
      'decisions_total.record': 0,
      'paged_total.first': 0,
      'paged_total.second': 0,
      'paged_total.third': 0,
      'deliveries_total.failed': 0,
      'graphite_total.points_spooled': 0,
      'graphite_total.points_replayed': 0,
      'graphite_total.points_dropped': 0,
    })
  })

  it.each<[string, Record<string, number>, Record<string, number>]>([
    [
      'pages, by tier and reason, and by tier',
      { 'pages.first.machine_down': 3, 'pages.first.warning': 2, 'pages.second.group_down': 1 },
      {
        'pages_total.first.machine_down': 3,
        'pages_total.first.warning': 2,
        'pages_total.second.group_down': 1,
        'paged_total.first': 5,
        'paged_total.second': 1,
      },
    ],
    [
      'what was suppressed, by reason over all tiers, dropped or held',
      { 'decisions.drop.none.silenced': 4, 'decisions.hold.first.too_young': 2, 'decisions.hold.second.too_young': 1 },
      { 'suppressed_total.silenced': 4, 'suppressed_total.too_young': 3, 'decisions_total.drop': 4, 'decisions_total.hold': 3 },
    ],
    [
      'other decisions by action',
      { 'decisions.page.first.warning': 7, 'decisions.record.none.ok': 9 },
      { 'decisions_total.page': 7, 'decisions_total.record': 9 },
    ],
    ['points that were lost', { 'graphite.points_dropped': 12 }, { 'graphite_total.points_dropped': 12 }],
    ['failed deliveries', { 'deliveries.failed': 1 }, { 'deliveries_total.failed': 1 }],
    ['what nobody here knows yet', { 'group.promotions.web': 2, ticks: 5 }, { 'group_total.promotions.web': 2, ticks_total: 5 }],
  ])('count %s', (_, counters, expected) => {
    expect(readBySensu(`all is well | ${perfdata(counters, {})}`)).toEqual({ ...ZERO, ...expected })
  })

  it('mark what only grows, and nothing else', () => {
    const items = perfdata({ 'pages.first.warning': 1 }, { 'spool.lines': 40, 'queue.oldest_seconds': 1.23456 }).split(' ')
    expect(items).toContain('pages_total.first.warning=1c')
    expect(items.slice(-2)).toEqual(['spool.lines=40', 'queue.oldest_seconds=1.235'])
  })

  it('are read by Sensu as they were meant, whatever the names and numbers', () => {
    const names = fc.string({ minLength: 1 })
    const numbers = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1e-7, 1e21, 2 ** 53))
    const some = fc.dictionary(names, numbers)
    fc.assert(
      fc.property(some, some, (counters, gauges) => {
        const text = perfdata(counters, gauges)
        expect(text).toMatch(/^(?:[A-Za-z0-9_.-]*=-?\d+(?:\.\d+)?c?(?: |$))+$/)
        // Names that differ only in what is replaced become one.
        const items = text.split(' ').filter((item) => !item.endsWith('c'))
        for (const [name, value] of Object.entries(gauges)) {
          if (!/^[\w-]+$/.test(name) || !Number.isFinite(value) || Math.abs(value) >= 1e15) continue
          const read = items.filter((item) => item.startsWith(`${name}=`)).map((item) => Number(item.split('=')[1]))
          expect(read.some((one) => Math.abs(one - value) <= 0.001)).toBe(true)
        }
      }),
    )
  })

  it('have names that Graphite takes as they are', () => {
    const names = Object.keys(
      readBySensu(`| ${perfdata({ 'pages.second.group_down': 1, 'decisions.drop.none.silenced': 1 }, {})}`),
    )
    expect(names.map(safePath)).toEqual(names)
  })

  it.each(['silenced', 'night-hold', 'too-young', 'site-down', 'recovered', 'ok-still'])(
    'are those that are counted: %s shows in its action, and in its reason when nobody hears of it',
    async (name) => {
      const golden = Case.parse(JSON.parse(readFileSync(`test/cases/${name}.json`, 'utf8')))
      const judged = runCase(golden)
      const store = await aStore()
      await record(store, { ...judged, policy: golden.policy }, null, { settles: true })
      const points = readBySensu(`| ${perfdata(await store.counters(), {})}`)
      const { action, reason } = golden.expect
      expect(Object.fromEntries(Object.entries(points).filter(([, value]) => value !== 0))).toEqual({
        [`decisions_total.${action}`]: 1,
        ...(action === 'drop' || action === 'hold' ? { [`suppressed_total.${reason}`]: 1 } : {}),
      })
    },
  )
})
