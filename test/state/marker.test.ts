import { chownSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clearMarker, markerIn, takeTurn } from '../../lib/state/marker.ts'
import { needing } from '../support/needing.ts'
import { opened, stateFolder } from '../support/store.ts'

const NOW = 1_790_000_000_000
const ROOM = 1000

async function emptied(dir: string): Promise<void> {
  const { store } = await opened(dir)
  await store.unspool((await store.spooled(100)).map(({ id }) => id))
  await store.spooled(100)
}

describe('the mark that points are kept', () => {
  it('is there as long as they are', async () => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    expect(existsSync(markerIn(dir))).toBe(false)
    await store.spool(['a 1 1'], 1, ROOM)
    await store.spooled(1)
    expect((statSync(markerIn(dir)).mode & 0o777).toString(8)).toBe('600')
    await emptied(dir)
    expect(existsSync(markerIn(dir))).toBe(false)
  })

  it('comes back when another process has kept points at the moment of its removal', async () => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    await store.spool(['a 1 1'], 1, ROOM)
    const make = (path: string) => {
      writeFileSync(path, '')
      return true
    }
    const there: boolean[] = []
    for (const any of [true, false]) {
      await clearMarker(
        dir,
        async () => {
          there.push(existsSync(markerIn(dir)))
          return any
        },
        make,
      )
      there.push(existsSync(markerIn(dir)))
    }
    expect(there).toEqual([false, true, false, false])
  })

  it('gives a turn to one run every two seconds, and to the first at once', async () => {
    const dir = stateFolder()
    expect(takeTurn(dir, NOW)).toBe(false)
    await (await opened(dir)).store.spool(['a 1 1'], 1, ROOM)
    expect([0, 0, 1999, 2000, 3999].map((ms) => takeTurn(dir, NOW + ms))).toEqual([true, false, false, true, false])
  })

  it('gives one after the clock was put back', async () => {
    const dir = stateFolder()
    await (await opened(dir)).store.spool(['a 1 1'], 1, ROOM)
    utimesSync(markerIn(dir), NOW / 1000 + 86_400, NOW / 1000 + 86_400)
    expect(takeTurn(dir, NOW)).toBe(true)
  })

  it('keeps the time of the last turn when more is kept', async () => {
    const dir = stateFolder()
    const { store } = await opened(dir)
    await store.spool(['a 1 1'], 1, ROOM)
    takeTurn(dir, NOW)
    await store.spool(['b 1 1'], 1, ROOM)
    expect(takeTurn(dir, NOW + 1000)).toBe(false)
  })

  it('gives none in a folder that cannot be used', () => {
    expect(takeTurn('/dev/null/state', NOW)).toBe(false)
  })
})

needing(process.getuid?.() === 0, 'Only root can give files away.')('as root, in a folder of another user', () => {
  it("the mark is that user's", async () => {
    const dir = stateFolder()
    mkdirSync(dir, { mode: 0o700 })
    chownSync(dir, 12_345, 12_345)
    await (await opened(dir)).store.spool(['a 1 1'], 1, ROOM)
    expect(statSync(markerIn(dir)).uid).toBe(12_345)
  })
})
