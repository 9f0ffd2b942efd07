import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBody } from '../../../lib/deliver/pagerduty/check-body.ts'
import { deliver, sender } from '../../../lib/deliver/pagerduty/deliver.ts'
import { type Keys, keysOf } from '../../../lib/deliver/pagerduty/keys.ts'
import { type Plan, planOf } from '../../../lib/deliver/pagerduty/plan.ts'
import type { PagerDutyEvent } from '../../../lib/deliver/pagerduty/schema.ts'
import { TIERS, type Tier } from '../../../lib/event/settings.ts'
import { EXECUTED, failingEvent, rawEvent, storyOf } from '../../support/event.ts'
import { BAD_FIELD, BAD_KEY, type Line, OK, play, refusal, START } from '../../support/scripted-post.ts'

const KEY = { first: '1'.repeat(32), second: '2'.repeat(32), third: '3'.repeat(32), shared: '0'.repeat(32) }

interface Texts {
  readonly shared?: string
  readonly first?: string
  readonly second?: string
  readonly third?: string
}
function keysFrom(texts: Texts): Keys {
  const source = (name: keyof Texts) => ({ name: name.toUpperCase(), text: texts[name] })
  return keysOf({ own: { first: source('first'), second: source('second'), third: source('third') }, shared: source('shared') })
    .keys
}
const THREE: Texts = { first: KEY.first, second: KEY.second, third: KEY.third }

const plan = (raw: unknown): Plan => planOf(storyOf(raw))
const pageTo = (tier: Tier, output = 'down'): Plan =>
  plan(failingEvent({ check: { output, metadata: { annotations: { 'tierline/tier': tier } } } }))
const RESOLVE = plan(
  rawEvent({
    check: {
      history: [
        { status: 2, executed: EXECUTED - 60 },
        { status: 0, executed: EXECUTED },
      ],
    },
  }),
)
const NOTHING = plan(rawEvent())

type Script = readonly Line[] | ((event: PagerDutyEvent) => Line)

async function delivered(plan: Plan, texts: Texts, script: Script, budget_ms = 10_000) {
  const stage = play(script)
  const outcomes = await deliver(plan, keysFrom(texts), sender(stage.post, stage.time, START + budget_ms))
  return { ...stage, outcomes, kinds: outcomes.map(({ outcome }) => outcome) }
}

/** Whose key each request had. */
const keysIn = (sent: readonly { readonly body: PagerDutyEvent }[]) =>
  sent.map(({ body }) => Object.entries(KEY).find(([, key]) => key === body.routing_key)?.[0])
const summaries = (sent: readonly { readonly body: PagerDutyEvent }[]) => sent.map(({ body }) => body.payload?.summary ?? '')
const only =
  (...bad: string[]) =>
  (event: PagerDutyEvent): Line =>
    bad.includes(event.routing_key) ? BAD_KEY : OK

describe('a page', () => {
  it.each<[string, Tier, Texts, Script, string[], string[]]>([
    ['goes to its tier', 'first', THREE, [OK], ['first'], ['sent']],
    ['of the second line too', 'second', THREE, [OK], ['second'], ['sent']],
    ['with the shared key', 'second', { shared: KEY.shared }, [OK], ['shared'], ['sent']],
    ['goes up when its key is refused', 'first', THREE, only(KEY.first), ['first', 'second'], ['rejected', 'sent']],
    [
      'goes up twice',
      'first',
      THREE,
      only(KEY.first, KEY.second),
      ['first', 'second', 'third'],
      ['rejected', 'rejected', 'sent'],
    ],
    ['goes down when there is nobody above', 'third', THREE, only(KEY.third), ['third', 'second'], ['rejected', 'sent']],
    ['goes up when its key is missing', 'first', { second: KEY.second }, [OK], ['second'], ['rejected', 'sent']],
    ['goes up when its key is no key', 'first', { ...THREE, first: 'oops' }, [OK], ['second'], ['rejected', 'sent']],
    [
      'passes over a tier without a key',
      'first',
      { first: KEY.first, third: KEY.third },
      only(KEY.first),
      ['first', 'third'],
      ['rejected', 'sent'],
    ],
    ['does not care for a missing key of others', 'second', { second: KEY.second }, [OK], ['second'], ['sent']],
    ['does not try one key twice', 'first', { shared: KEY.shared }, [BAD_KEY], ['shared'], ['rejected', 'failed']],
    [
      'fails when every key is refused',
      'first',
      THREE,
      [BAD_KEY],
      ['first', 'second', 'third'],
      ['rejected', 'rejected', 'rejected', 'failed'],
    ],
    ['fails when there is no key', 'first', {}, [OK], [], ['rejected', 'failed']],
    [
      'fails when PagerDuty is down, and calls nobody else',
      'first',
      THREE,
      [{ status: 503 }],
      ['first', 'first', 'first'],
      ['failed'],
    ],
    ['is given up where nothing takes events', 'first', THREE, [{ error: 'tls' }], ['first'], ['rejected']],
    ['is sent once more, minimal, when a field is refused', 'first', THREE, [BAD_FIELD, OK], ['first', 'first'], ['sent']],
    ['but only once', 'first', THREE, [BAD_FIELD], ['first', 'first'], ['rejected']],
    [
      'and goes up when the minimal one meets a bad key',
      'first',
      THREE,
      [BAD_FIELD, BAD_KEY, OK],
      ['first', 'first', 'second'],
      ['rejected', 'sent'],
    ],
  ])('%s', async (_, tier, texts, script, keys, kinds) => {
    const got = await delivered(pageTo(tier), texts, script)
    expect(keysIn(got.sent)).toEqual(keys)
    expect(got.kinds).toEqual(kinds)
  })

  it.each<[string, Texts, Script, string[]]>([
    ['its own key', THREE, [OK], ['']],
    ['a refused key', THREE, only(KEY.first), ['', '[key of first line refused] ']],
    [
      'two refused keys',
      THREE,
      only(KEY.first, KEY.second),
      ['', '[key of first line refused] ', '[key of first line refused] '],
    ],
    ['no key', { second: KEY.second }, [OK], ['[no usable key for first line] ']],
    [
      'a refused key before a missing one',
      { first: KEY.first, third: KEY.third },
      only(KEY.first),
      ['', '[key of first line refused] '],
    ],
    [
      'no key, and a refused one',
      { second: KEY.second, third: KEY.third },
      only(KEY.second),
      ['[no usable key for first line] ', '[key of first line refused] '],
    ],
    [
      'a refused key behind a field that was refused',
      THREE,
      [BAD_FIELD, BAD_KEY, BAD_FIELD, OK],
      ['', '', '[key of first line refused] ', '[key of first line refused] '],
    ],
  ])('says in its summary whom it was meant for: %s', async (_, texts, script, marks) => {
    const { sent } = await delivered(pageTo('first'), texts, script)
    expect(summaries(sent)).toEqual(marks.map((mark) => `${mark}http on web-01 is critical: down`))
  })

  it('keeps its summary within the limit, mark and all', async () => {
    const { sent } = await delivered(pageTo('first', '🔥'.repeat(2000)), THREE, only(KEY.first, KEY.second))
    expect(sent).toHaveLength(3)
    for (const { body } of sent) {
      expect(body.payload?.summary.length).toBeLessThanOrEqual(1024)
      const bytes = JSON.stringify(body)
      expect(checkBody(JSON.parse(bytes), Buffer.byteLength(bytes))).toEqual([])
    }
  })

  it('tells whom it reached, after how many tries, and what was wrong', async () => {
    const one = await delivered(pageTo('second'), THREE, [OK])
    expect(one.outcomes).toEqual([{ outcome: 'sent', tiers: ['second'], says: 'paged second line', tries: 1 }])
    const three = await delivered(pageTo('first'), THREE, [{ status: 500 }, { status: 500 }, OK])
    expect(three.outcomes).toEqual([{ outcome: 'sent', tiers: ['first'], says: 'paged first line (3 tries)', tries: 3 }])
    const up = await delivered(pageTo('first'), THREE, only(KEY.first))
    expect(up.outcomes).toEqual([
      { outcome: 'rejected', tiers: ['first'], says: 'FIRST was refused: PagerDuty answered 400: Invalid routing key', tries: 1 },
      { outcome: 'sent', tiers: ['second'], says: 'paged second line', tries: 1 },
    ])
    const minimal = await delivered(pageTo('first'), THREE, [refusal("'payload.class' is odd"), OK])
    expect(minimal.outcomes).toMatchObject([
      { outcome: 'sent', tries: 2, says: expect.stringContaining("'payload.class' is odd") },
    ])
    const none = await delivered(pageTo('first'), {}, [OK])
    expect(none.outcomes.map(({ says }) => says)).toEqual([
      'no page to first line: SHARED is not set',
      'first line was not paged: no key is left to try',
    ])
  })

  it('minimal, still finds its alert', async () => {
    const { sent } = await delivered(pageTo('first'), THREE, [BAD_FIELD, OK])
    const [whole, minimal] = sent.map(({ body }) => body)
    expect(whole?.payload).toHaveProperty('custom_details')
    expect(minimal).toEqual({
      routing_key: KEY.first,
      event_action: 'trigger',
      dedup_key: whole?.dedup_key,
      payload: { summary: 'http on web-01 is critical: down', source: 'web-01', severity: 'critical' },
    })
  })
})

describe('a resolve', () => {
  it.each<[string, Texts, Script, string[], string[]]>([
    ['goes to every tier', THREE, [OK], ['first', 'second', 'third'], ['sent', 'sent', 'sent']],
    ['goes once to a key that all share', { shared: KEY.shared }, [OK], ['shared'], ['sent']],
    ['goes where there are keys', { first: KEY.first, third: KEY.third }, [OK], ['first', 'third'], ['sent', 'sent']],
    [
      'goes to the others when one is refused',
      THREE,
      only(KEY.second),
      ['first', 'second', 'third'],
      ['sent', 'rejected', 'sent'],
    ],
    ['has nowhere to go', {}, [OK], [], ['failed']],
  ])('%s', async (_, texts, script, keys, kinds) => {
    const got = await delivered(RESOLVE, texts, script)
    expect(keysIn(got.sent).sort()).toEqual(keys)
    expect(got.kinds).toEqual(kinds)
    for (const { body } of got.sent) expect([body.event_action, body.dedup_key]).toEqual(['resolve', 'prod/web-01/http'])
  })

  it('does not keep one tier back for another that is slow', async () => {
    const got = await delivered(RESOLVE, THREE, (event) => (event.routing_key === KEY.first ? { status: 503 } : OK))
    expect(got.kinds).toEqual(['failed', 'sent', 'sent'])
    expect(got.outcomes[0]).toMatchObject({ tiers: ['first'], tries: 3 })
  })

  it('names the tiers that share a key', async () => {
    const { outcomes } = await delivered(RESOLVE, { shared: KEY.shared }, [OK])
    expect(outcomes).toEqual([
      { outcome: 'sent', tiers: [...TIERS], says: 'resolved on first line, second line, third line', tries: 1 },
    ])
  })

  it('is sent minimal too when a field is refused', async () => {
    const { sent, kinds } = await delivered(RESOLVE, { shared: KEY.shared }, [BAD_FIELD, OK])
    expect(kinds).toEqual(['sent'])
    expect(Object.keys(sent[1]?.body.payload ?? {}).sort()).toEqual(['severity', 'source', 'summary'])
  })

  it('says what is missing where no key is', async () => {
    expect((await delivered(RESOLVE, {}, [OK])).outcomes[0]?.says).toBe('nothing was resolved: SHARED is not set')
  })
})

it('nothing to tell is nothing sent', async () => {
  const got = await delivered(NOTHING, THREE, [OK])
  expect([got.sent, got.kinds]).toEqual([[], ['skipped']])
})

describe('whatever PagerDuty answers', () => {
  const line: fc.Arbitrary<Line> = fc.oneof(
    fc.constantFrom(OK, BAD_KEY, BAD_FIELD, { hangs: true as const }, { error: 'tls' as const }),
    fc.record({
      status: fc.constantFrom(200, 301, 403, 408, 413, 429, 500, 503),
      ms: fc.nat({ max: 9000 }),
      retry_after: fc.constantFrom('', '1', '30'),
    }),
    fc.record({ error: fc.constant('network' as const), ms: fc.nat({ max: 9000 }) }),
  )
  const text = (key: string) => fc.constantFrom<string | undefined>(key, undefined, 'oops')
  const texts = fc.record({ shared: text(KEY.shared), first: text(KEY.first), second: text(KEY.second), third: text(KEY.third) })

  it('a page ends before its deadline with one thing to say last, sent only if it was accepted, and prints no key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        texts,
        fc.constantFrom(...TIERS),
        fc.nat({ max: 12_000 }),
        async (script, texts, tier, budget) => {
          const got = await delivered(pageTo(tier), texts as Texts, script, budget)
          expect(got.now()).toBeLessThanOrEqual(START + budget)
          expect(got.kinds.slice(0, -1).every((kind) => kind === 'rejected')).toBe(true)
          const last = script[Math.min(got.sent.length, script.length) - 1]
          const accepted =
            got.sent.length > 0 &&
            last !== undefined &&
            'status' in last &&
            last.status < 300 &&
            (last.ms ?? 10) <= (got.sent.at(-1)?.limit ?? 0)
          expect(got.kinds.at(-1) === 'sent').toBe(accepted)
          expect(got.outcomes.reduce((sum, { tries }) => sum + tries, 0)).toBe(got.sent.length)
          for (const key of Object.values(KEY)) expect(JSON.stringify(got.outcomes)).not.toContain(key)
          expect(new Set(got.sent.map(({ body }) => body.dedup_key)).size).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('a resolve has one outcome for every key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(OK, BAD_KEY, BAD_FIELD, { status: 503 }, { error: 'tls' as const }),
        texts,
        async (answer, texts) => {
          const got = await delivered(RESOLVE, texts as Texts, () => answer)
          const keys = new Set(keysIn(got.sent))
          const unusable = got.outcomes.filter(({ tries }) => tries === 0)
          expect(got.outcomes).toHaveLength(Math.max(1, keys.size + (keys.size > 0 ? unusable.length : 0)))
          // What may stand open and was not closed is a failure, whatever the others said.
          expect(unusable.every(({ outcome }) => outcome === 'failed')).toBe(true)
          expect(got.kinds.every((kind) => kind === 'sent')).toBe(answer === OK && keys.size > 0 && unusable.length === 0)
        },
      ),
    )
  })
})
