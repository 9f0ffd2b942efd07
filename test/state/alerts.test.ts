import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Alert, WANTS } from '../../lib/alert/alert.ts'
import { pendingOf } from '../../lib/alert/steps.ts'
import { TIERS } from '../../lib/event/settings.ts'
import type { AlertQuery, Store } from '../../lib/state/store.ts'
import { aStore, put } from '../support/store.ts'
import { anAlert, anEntry, oneMore, SHARED } from '../support/store-records.ts'

const CLOSED = { first: 'closed', second: 'closed', third: 'closed' } as const
const page = { accepted: null, at: CLOSED, queued_since: 1000 }
const resolve = { want: 'closed', tier: null, closed_at: 900, queued_since: 900 } as const
const tidy = { at: { ...CLOSED, first: 'open', second: 'open' }, queued_since: 800 } as const

const standing = fc.constantFrom('closed', 'open', 'unsure')
const moment = fc.integer({ min: 0, max: 6 })
const alerts: fc.Arbitrary<Alert[]> = fc
  .array(
    fc.record({
      want: fc.constantFrom(...WANTS),
      since: moment,
      tier: fc.constantFrom(...TIERS, null),
      closed_at: moment,
      until: fc.option(moment),
      covered_by: fc.constantFrom(null, 'a', 'b'),
      at: fc.record({ first: standing, second: standing, third: standing }),
      accepted: fc.option(
        fc.record({
          tier: fc.constantFrom(...TIERS),
          wanted: fc.constantFrom(...TIERS),
          severity: fc.constant('critical'),
          at: moment,
        }),
      ),
      queued_since: moment,
      next_at: moment,
      dead: fc.constantFrom(null, null, 'refused'),
      lease: fc.option(fc.record({ by: fc.constant('x'), until: moment })),
      namespace: fc.constantFrom('default', 'ops'),
    }) as fc.Arbitrary<Partial<Alert>>,
    { maxLength: 12 },
  )
  .map((all) => all.map((some, n) => anAlert({ ...some, entity: `web-${n}` })))

function inOrder<T>(items: T[], ...by: ((item: T) => number | string)[]): T[] {
  return items.sort((a, b) => {
    for (const value of by) if (value(a) !== value(b)) return value(a) < value(b) ? -1 : 1
    return 0
  })
}

function dueIn(all: Alert[], now: number, refresh_before: number): string[] {
  const rank = (alert: Alert) => {
    const pending = pendingOf(alert)
    if (pending !== null) return ['page', 'resolve', 'tidy'].indexOf(pending)
    return alert.want === 'open' && alert.dead === null && (alert.accepted?.at ?? Number.POSITIVE_INFINITY) <= refresh_before
      ? 3
      : 4
  }
  const free = all.filter((alert) => rank(alert) < 4 && alert.next_at <= now && (alert.lease?.until ?? 0) <= now)
  const age = (alert: Alert) => (rank(alert) === 3 ? (alert.accepted?.at ?? 0) : alert.queued_since)
  return inOrder(free, rank, age, ({ identity }) => identity).map(({ identity }) => identity)
}

async function emptied(store: Store): Promise<void> {
  for (const { identity } of await store.alerts({})) await store.change(identity, () => ({ alert: null, result: null }))
}

describe('an alert', () => {
  it('comes back as it was, with all that Unicode has', async () => {
    const store = await aStore()
    const alert = anAlert({ entity: 'a\u0000b\ud800c💥', body: { payload: { summary: '\udfff\u0000"\n' } } })
    await put(store, alert)
    expect(await store.alert(alert.identity)).toEqual(alert)
    const [identity = ''] = await store.due(1, 2000, 1)
    expect(await store.change(identity, (found) => ({ alert: found, result: found }))).toEqual(alert)
  })

  it('stays, changes or goes as the change says, and everything of a change is written or nothing', async () => {
    const store = await aStore()
    expect(await store.change(SHARED, oneMore)).toBe(1)
    expect(await store.change(SHARED, (alert) => ({ result: alert?.tries }))).toBe(1)
    const wrong = new Error('in the middle')
    const failing = store.change(SHARED, (alert) => {
      oneMore(alert)
      throw wrong
    })
    await expect(failing).rejects.toBe(wrong)
    const unwritable = { ...anEntry(), facts: { huge: 1n } }
    await expect(
      store.change(SHARED, (alert) => ({ ...oneMore(alert), count: { lost: 1 }, journal: [anEntry(), unwritable] })),
    ).rejects.toMatchObject({ kind: 'bug' })
    expect(await store.alert(SHARED)).toMatchObject({ tries: 1 })
    expect(await store.counters()).toEqual({ changes: 1 })
    expect(await store.journaled({ limit: 9 })).toEqual([])
    await store.change(SHARED, () => ({ alert: null, result: null }))
    expect(await store.alert(SHARED)).toBeNull()
  })

  it('keeps its name', async () => {
    const store = await aStore()
    const renamed = store.change('default/other/http', () => ({ alert: anAlert(), result: null }))
    await expect(renamed).rejects.toMatchObject({ kind: 'bug' })
    expect(await store.alerts({})).toEqual([])
  })
})

describe('what is due', () => {
  it('comes as pages, resolves, what is left at other tiers, refreshes, each the oldest first', async () => {
    const store = await aStore()
    await put(
      store,
      anAlert({ entity: 'refresh-2', accepted: { tier: 'first', wanted: 'first', severity: 'critical', at: 30 } }),
      anAlert({ entity: 'refresh-1', accepted: { tier: 'first', wanted: 'first', severity: 'critical', at: 20 } }),
      anAlert({ entity: 'tidy', ...tidy }),
      anAlert({ entity: 'resolve', ...resolve }),
      anAlert({ entity: 'page-2', ...page }),
      anAlert({ entity: 'page-1', ...page, queued_since: 999 }),
      anAlert({ entity: 'dead', ...page, dead: 'refused' }),
      anAlert({ entity: 'later', ...page, next_at: 5001 }),
      anAlert({ entity: 'leased', ...page, lease: { by: 'x', until: 5001 } }),
      anAlert({ entity: 'left', ...page, lease: { by: 'x', until: 5000 } }),
      anAlert({ entity: 'fresh' }),
    )
    const due = (await store.due(5000, 30, 100)).map((identity) => identity.split('/')[1])
    expect(due).toEqual(['page-1', 'left', 'page-2', 'resolve', 'tidy', 'refresh-1', 'refresh-2'])
    expect(await store.due(5000, 30, 2)).toHaveLength(2)
  })

  it('and all else that is asked for is what the records say, whatever they are', async () => {
    const store = await aStore()
    await fc.assert(
      fc.asyncProperty(alerts, moment, moment, async (all, now, before) => {
        await emptied(store)
        await put(store, ...all)
        const names = (found: Alert[]) => found.map(({ identity }) => identity).sort()
        expect(await store.due(now, before, 100)).toEqual(dueIn([...all], now, before))
        const ripe = all.filter(({ until }) => until !== null && until <= now)
        expect(await store.ripe(now, 100)).toEqual(
          inOrder(
            ripe,
            ({ until }) => until ?? 0,
            ({ identity }) => identity,
          ).map(({ identity }) => identity),
        )
        const queries: [AlertQuery, (alert: Alert) => boolean][] = [
          [{ want: 'held' }, ({ want }) => want === 'held'],
          [{ covered_by: 'a', want: 'covered' }, ({ covered_by, want }) => covered_by === 'a' && want === 'covered'],
          [{ namespace: 'ops', dead: false }, ({ namespace, dead }) => namespace === 'ops' && dead === null],
          [{ dead: true }, ({ dead }) => dead !== null],
          [{ queued: true }, (alert) => pendingOf(alert) !== null],
          [{ queued: false }, (alert) => pendingOf(alert) === null],
          [{ unfinished: true }, (alert) => alert.want !== 'closed' || pendingOf(alert) !== null || alert.dead !== null],
        ]
        for (const [query, holds] of queries) expect(names(await store.alerts(query))).toEqual(names(all.filter(holds)))
        const backlog = await store.backlog()
        expect(backlog.reduce((sum, { queued }) => sum + queued, 0)).toBe(all.filter(pendingOf).length)
        expect(backlog.reduce((sum, { dead }) => sum + dead, 0)).toBe(all.filter(({ dead }) => dead !== null).length)
      }),
      { numRuns: 100 },
    )
  })

  it('is found quickly among many that wait', async () => {
    const store = await aStore()
    const entities = Array.from({ length: 3000 }, (_, n) =>
      anAlert({ entity: `web-${n}`, ...page, next_at: 9_999_999, queued_since: n }),
    )
    await put(store, ...entities, anAlert({ entity: 'last', ...page }))
    const started = performance.now()
    expect(await store.due(5000, 0, 10)).toEqual(['default/last/http'])
    expect(performance.now() - started).toBeLessThan(150)
  })
})

describe('the backlog', () => {
  it('is counted by tier, with the oldest that waits', async () => {
    const store = await aStore()
    await put(
      store,
      anAlert({ entity: 'a', ...page, queued_since: 50 }),
      anAlert({ entity: 'b', ...page, queued_since: 40 }),
      anAlert({ entity: 'c', ...page, queued_since: 10, dead: 'refused' }),
      anAlert({ entity: 'd', ...page, tier: 'second' }),
      anAlert({ entity: 'e', ...resolve }),
      anAlert({ entity: 'f' }),
    )
    expect(await store.backlog()).toEqual([
      { tier: null, queued: 1, dead: 0, oldest: 900 },
      { tier: 'first', queued: 2, dead: 1, oldest: 40 },
      { tier: 'second', queued: 1, dead: 0, oldest: 1000 },
    ])
  })
})

describe('pruning', () => {
  it('removes what was closed long ago, unless something of it still waits or is being sent', async () => {
    const store = await aStore()
    const over = { ...resolve, at: CLOSED, since: 900 }
    await put(
      store,
      anAlert({ entity: 'over', ...over }),
      anAlert({ entity: 'just', ...over, closed_at: 1000 }),
      anAlert({ entity: 'never', ...over, closed_at: 0, since: 1000 }),
      anAlert({ entity: 'waits', ...over, at: { ...CLOSED, first: 'unsure' } }),
      anAlert({ entity: 'sent', ...over, lease: { by: 'x', until: Date.now() + 60_000 } }),
      anAlert({ entity: 'open', since: 1 }),
      anAlert({ entity: 'dead', ...over, at: { ...CLOSED, first: 'unsure' }, dead: 'refused' }),
    )
    await store.prune({ before: 0, rows: 100, closed_before: 1000 })
    expect((await store.alerts({})).map(({ entity }) => entity).sort()).toEqual([
      'dead',
      'just',
      'never',
      'open',
      'sent',
      'waits',
    ])
  })
})
