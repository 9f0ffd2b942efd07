import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attempt } from '../../../lib/deliver/pagerduty/attempt.ts'
import type { PagerDutyEvent } from '../../../lib/deliver/pagerduty/schema.ts'
import { BAD_FIELD, BAD_KEY, type Line, OK, play, START } from '../../support/scripted-post.ts'

const BODY: PagerDutyEvent = { routing_key: 'x'.repeat(32), event_action: 'resolve', dedup_key: 'prod/web-01/http' }
const BUSY: Line = { status: 503 }

async function tried(script: readonly Line[], budget_ms = 10_000, chance = 0.5) {
  const stage = play(script, chance)
  const { verdict, tries } = await attempt(BODY, stage.post, stage.time, START + budget_ms)
  return { ...stage, kind: verdict.kind, why: 'why' in verdict ? verdict.why : '', tries }
}

describe('attempt', () => {
  it.each<[string, Line[], string, number]>([
    ['at once', [OK], 'accepted', 1],
    ['after a 500', [{ status: 500 }, OK], 'accepted', 2],
    ['after a 503 and a 429', [BUSY, { status: 429 }, OK], 'accepted', 3],
    ['after a 408', [{ status: 408 }, OK], 'accepted', 2],
    ['after a broken connection', [{ error: 'network' }, OK], 'accepted', 2],
    ['after a hang', [{ hangs: true }, OK], 'accepted', 2],
    ['three times and no more', [BUSY, BUSY, BUSY, OK], 'failed', 3],
    ['three hangs', [{ hangs: true }], 'failed', 3],
    ['not after a bad key', [BAD_KEY, OK], 'bad_key', 1],
    ['not after a bad body', [BAD_FIELD, OK], 'bad_body', 1],
    ['not after a body too large', [{ status: 413 }, OK], 'bad_body', 1],
    ['not after a redirect', [{ status: 301 }, OK], 'refused', 1],
    ['not after a 403', [{ status: 403 }, OK], 'refused', 1],
    ['not with a certificate that cannot be trusted', [{ error: 'tls' }, OK], 'refused', 1],
    ['a bad key behind a 500', [BUSY, BAD_KEY, OK], 'bad_key', 2],
    ['a certificate behind a 500', [BUSY, { error: 'tls' }, OK], 'refused', 2],
  ])('tries again, or not: %s', async (_, script, kind, tries) => {
    const got = await tried(script)
    expect([got.kind, got.tries, got.sent.length]).toEqual([kind, tries, tries])
  })

  it('tries again on 408, 429, 5xx, and on no other status that there is', async () => {
    for (let status = 200; status <= 599; status++) {
      const { tries } = await tried([{ status }])
      expect([status, tries]).toEqual([status, status === 408 || status === 429 || status >= 500 ? 3 : 1])
    }
  })

  it('sends the same body every time', async () => {
    const { sent } = await tried([BUSY])
    expect(sent.map(({ body }) => body)).toEqual([BODY, BODY, BODY])
  })

  it('says why the last try failed', async () => {
    expect((await tried([{ status: 500 }, { status: 502 }, { error: 'network' }])).why).toBe('network trouble')
    expect((await tried([{ error: 'tls' }])).why).toBe('tls trouble')
  })

  it.each([
    [0, [240, 960]],
    [0.5, [300, 1200]],
    [0.999, [360, 1440]],
  ])('pauses, with chance %d, for about %j ms', async (chance, expected) => {
    expect((await tried([BUSY], 10_000, chance)).pauses.map((ms) => Math.round(ms / 10) * 10)).toEqual(expected)
  })

  it.each<[string, string, number, number[], number]>([
    ['seconds', '2', 10_000, [2000], 2],
    ['none', '0', 10_000, [0], 2],
    ['a date', new Date(START + 4000).toUTCString(), 10_000, [4000], 2],
    ['what is no time', 'soon', 10_000, [300], 2],
    ['just before the deadline', '9', 9260, [9000], 2],
    ['too close to the deadline', '9', 9259, [], 1],
    ['beyond the deadline', '60', 10_000, [], 1],
    ['far beyond', '86400', 10_000, [], 1],
  ])('honours a Retry-After of %s', async (_, retry_after, budget, pauses, tries) => {
    const got = await tried([{ status: 429, retry_after }, OK], budget)
    expect([got.pauses, got.tries, got.kind]).toEqual([pauses, tries, tries === 1 ? 'failed' : 'accepted'])
  })

  it.each([
    ['gone by', -5, 0],
    ['now', 0, 0],
    ['too near', 249, 0],
    ['just far enough', 250, 1],
    ['enough for one', 500, 1],
  ])('with a deadline that is %s (%i ms) it makes %i tries', async (_, budget, tries) => {
    const got = await tried([BUSY], budget)
    expect([got.kind, got.tries, got.sent.length]).toEqual(['failed', tries, tries])
  })

  it('leaves room for another try when one hangs', async () => {
    const got = await tried([{ hangs: true }, OK], 8000)
    expect(got.kind).toBe('accepted')
    // The first gets the most, since a slow answer is an answer too; two more need two pauses and a moment each.
    expect(got.sent[0]?.limit).toBe(8000 - (300 + 1200) * 1.2 - 2 * 250)
  })

  const line: fc.Arbitrary<Line> = fc.oneof(
    fc.record({
      status: fc.constantFrom(202, 400, 403, 408, 413, 429, 500, 503),
      ms: fc.nat({ max: 12_000 }),
      retry_after: fc.constantFrom('', '0', '1', '5', '100', 'x', new Date(START + 3000).toUTCString()),
    }),
    fc.record({ error: fc.constantFrom('network' as const, 'tls' as const), ms: fc.nat({ max: 12_000 }) }),
    fc.constant({ hangs: true as const }),
  )

  it('never passes its deadline, gives no try more than is left or too little to be of use, and tries three times at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -100, max: 15_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (script, budget, chance) => {
          const got = await tried(script, budget, chance)
          expect(got.now()).toBeLessThanOrEqual(Math.max(START + budget, START))
          expect(got.tries).toBe(got.sent.length)
          expect(got.tries).toBeLessThanOrEqual(3)
          for (const { at, limit } of got.sent) {
            expect(at + limit).toBeLessThanOrEqual(START + budget)
            expect(limit).toBeGreaterThanOrEqual(250)
          }
          if (got.kind !== 'accepted') expect(got.why).not.toBe('')
        },
      ),
      { numRuns: 1000 },
    )
  })
})
