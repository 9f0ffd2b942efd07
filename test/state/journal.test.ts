import { describe, expect, it } from 'vitest'
import { TIERS } from '../../lib/event/settings.ts'
import type { JournalEntry, JournalQuery } from '../../lib/state/store.ts'
import { aStore } from '../support/store.ts'
import { anEntry } from '../support/store-records.ts'

async function holding(...entries: Partial<JournalEntry>[]) {
  const store = await aStore()
  await store.journal(entries.map(anEntry))
  return store
}

describe('the journal', () => {
  it('gives back what was written, the newest first, those of one moment as they came', async () => {
    const store = await holding({ at: 5, says: 'a' }, { at: 9, says: 'b', facts: { deep: { er: [1] } } }, { at: 5, says: 'c' })
    const found = await store.journaled({ limit: 10 })
    expect(found.map(({ says }) => says)).toEqual(['b', 'c', 'a'])
    expect(found[0]).toEqual(anEntry({ at: 9, says: 'b', facts: { deep: { er: [1] } } }))
    expect(await store.journaled({ limit: 1 })).toHaveLength(1)
  })

  it.each<[Partial<JournalEntry>, Partial<JournalQuery>, Partial<JournalEntry>]>([
    [{ at: 1000 }, { since: 1000 }, { at: 999 }],
    [{ tier: 'second' }, { tier: 'second' }, { tier: null }],
    [{ reason: 'silenced' }, { reason: 'silenced' }, { reason: 'silenced2' }],
    [{ kind: 'delivery' }, { kind: 'delivery' }, { kind: 'decision' }],
    [{ entity: 'web-17' }, { entity: 'web-*' }, { entity: 'db-web-1' }],
    [{ entity: 'i-[ab]*c' }, { entity: 'i-[ab]?c' }, { entity: 'i-axc' }],
    [{ entity: "o'; DROP TABLE journal; --" }, { entity: "o'*" }, { entity: 'o' }],
    [{ check: 'disk_root' }, { check: 'disk?root' }, { check: 'Disk-root' }],
    [
      { entity: 'web-1', check: 'ping', tier: 'third' },
      { entity: 'w*', check: '*g', tier: 'third' },
      { entity: 'web-1', check: 'ping' },
    ],
  ])('finds %j with %j, and not %j', async (wanted, query, other) => {
    const store = await holding(wanted, other)
    expect(await store.journaled({ limit: 10, ...query })).toEqual([anEntry(wanted)])
  })

  it('of 100,000 lines is searched at once, and cut in steps that let others in', { timeout: 60_000 }, async () => {
    const store = await aStore()
    const lines = (n: number): Partial<JournalEntry> => ({
      at: n,
      tier: TIERS[n % 3] ?? null,
      entity: `ip-10-0-${n % 251}-${n % 241}.eu-west-1.compute.internal`,
      facts: { group: { size: 12, failing: n }, text: 'x'.repeat(300) },
    })
    for (let n = 0; n < 100_000; n += 5000)
      await store.journal(Array.from({ length: 5000 }, (_, more) => anEntry(lines(n + more))))
    const queries: JournalQuery[] = [
      { limit: 50 },
      { limit: 50, since: 50_000, tier: 'second', reason: 'none' },
      { limit: 50, entity: '*no*such*host*', check: '*' },
      { limit: 50, entity: 'ip-10-0-*', reason: 'none', kind: 'delivery' },
    ]
    for (const query of queries) {
      await store.journaled(query)
      const started = performance.now()
      await store.journaled(query)
      const ms = performance.now() - started
      console.info(`${JSON.stringify(query)}: ${ms.toFixed(1)} ms`)
      // Well below in quiet; a scan of the whole table takes longer even then.
      expect(ms).toBeLessThan(150)
    }
    let longest = 0
    let writes = 0
    let pruning = true
    const others = (async () => {
      while (pruning) {
        const started = performance.now()
        await store.count({ others: 1 })
        longest = Math.max(longest, performance.now() - started)
        writes++
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    await store.prune({ before: 90_000, rows: 3000, closed_before: 0 })
    pruning = false
    await others
    console.info(`longest wait while the journal was cut: ${longest.toFixed(1)} ms, writes: ${writes}`)
    expect(writes).toBeGreaterThan(100)
    const left = await store.journaled({ limit: 100_000 })
    expect(left.map(({ at }) => at)).toEqual(Array.from({ length: 3000 }, (_, n) => 99_999 - n))
  })

  it('is cut by age when it is short enough', async () => {
    const store = await holding({ at: 1 }, { at: 2 }, { at: 3 })
    await store.prune({ before: 2, rows: 100, closed_before: 0 })
    expect((await store.journaled({ limit: 10 })).map(({ at }) => at)).toEqual([3, 2])
  })

  it('is cut by both, whichever takes more', async () => {
    const store = await holding({ at: 1 }, { at: 2 }, { at: 3 }, { at: 4 })
    await store.prune({ before: 4, rows: 3, closed_before: 0 })
    expect((await store.journaled({ limit: 10 })).map(({ at }) => at)).toEqual([4])
  })
})
