import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { annotated } from '../../lib/event/annotate.ts'
import { marksOf } from '../../lib/event/marks.ts'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { judge } from '../../lib/run/judge.ts'
import { Case, rawOf } from '../support/case.ts'
import { EXECUTED, failingEvent } from '../support/event.ts'
import { needing } from '../support/needing.ts'
import { ask, HAS_GO, OTTOS, type Question, textsOf } from '../support/otto.ts'
import { rawEvents } from '../support/raw-events.ts'
import { run, sample } from '../support/run.ts'

// TypeScript's library lacks it: a number as it is written.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

const FOLDER = new URL('../cases/', import.meta.url)
const golden = readdirSync(FOLDER).map((file): unknown => {
  const raw = rawOf(Case.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))) as { type?: unknown; spec?: unknown }
  return raw.type === 'Event' ? raw.spec : raw
})
const generated = rawEvents(2000)

/** Young failures, and old ones: seconds after the check ran. */
const DELAYS = [0, 1, 59, 60, 200, 86_400]

interface Timed {
  readonly event: unknown
  readonly now: number
}

function timed(event: unknown, index: number): Timed {
  const { check, timestamp } = event as { check?: { executed?: number } | null; timestamp?: number }
  return { event, now: (check?.executed || timestamp || 0) + (DELAYS[index % DELAYS.length] as number) }
}

/** The text that Sensu would hand to a pipe mutator, as each engine itself writes it. */
function sending({ event }: Timed): Question {
  return { expression: 'return JSON.stringify(event)', event, mutator: true }
}

function annotating({ event, now }: Timed): Question {
  const expression = `Date.now = function () { return ${now * 1000} }; return tierline.annotate(event)`
  return { expression, event, mutator: true }
}

/** What tierline-classify makes of such a text without a policy file. */
function classified(text: string, now: number): string {
  const by = { policy: DEFAULT_POLICY, outside: NOTHING_KNOWN, secrets: [], clock: () => now }
  const [judged] = judge(Buffer.from(text), by)
  if (judged === undefined || 'refused' in judged) throw new Error(judged?.refused ?? 'nothing')
  const { event, facts, decision } = judged
  const { reason, action } = decision
  const results = { tier: decision.tier ?? 'none', reason, class: facts.class, severity: facts.severity, action }
  return annotated(text, marksOf(event.annotations, results))
}

/** A JSON text as a value, numbers as they are written. */
function exactly(text: string): unknown {
  const keep = (_: string, value: unknown, { source }: { source: string }) => (typeof value === 'number' ? source : value)
  return JSON.parse(text, keep as Parameters<typeof JSON.parse>[1])
}

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

withOtto('tierline.annotate in otto', () => {
  describe.each(OTTOS)('$name', (otto) => {
    it.each([
      ['golden', golden, 190],
      ['generated', generated, 2000],
    ])('writes what tierline-classify writes, of %s events', { timeout: 120_000 }, async (_, events, least) => {
      const rows = events.map(timed)
      const sent = await ask(otto, rows.map(sending))
      // Some cases are about what Go's types cannot hold, such as a status that is a text.
      const held = rows.flatMap((row, index) => ({ ...row, text: sent[index]?.text ?? '' })).filter(({ text }) => text !== '')
      expect(held.length).toBeGreaterThanOrEqual(least)
      const found = await textsOf(otto, held.map(annotating))
      const wrong = held.flatMap(({ text, now }, index) => {
        const [actual, expected] = [exactly(found[index] ?? ''), exactly(classified(text, now))]
        return isDeepStrictEqual(actual, expected) ? [] : [{ actual, expected }]
      })
      expect(wrong.slice(0, 2)).toEqual([])
    })

    it('writes an event that it has annotated as it is', { timeout: 120_000 }, async () => {
      const rows = generated.slice(0, 300).map(timed)
      const once = await textsOf(otto, rows.map(annotating))
      const twice = await textsOf(
        otto,
        rows.map(({ now }, index) => annotating({ event: JSON.parse(once[index] ?? ''), now })),
      )
      const wrong = once.flatMap((text, index) => (twice[index] === text ? [] : [{ text, again: twice[index] }]))
      expect(wrong.slice(0, 2)).toEqual([])
    })

    it.each(['site-down', 'tier-by-annotation', 'keepalive-lost', 'recovered', 'disk-warning'])(
      'writes of %s what the executable writes',
      async (name) => {
        const event = JSON.parse(sample(name))
        const [text = '', annotated = ''] = await textsOf(otto, [
          sending({ event, now: 0 }),
          { expression: 'return tierline.annotate(event)', event, mutator: true },
        ])
        expect(exactly(annotated)).toEqual(exactly((await run('tierline-classify', { stdin: text })).stdout))
      },
    )

    it('keeps every digit, redacts the entity and never writes to the event', async () => {
      const event = failingEvent({
        id: 'b7d2a4f8-0000-4000-8000-000000000000',
        metadata: { namespace: 'prod', annotations: { 'tierline/tier': 'second', quoted: '"}]{[\\' } },
        entity: { metadata: { name: 'web-01', labels: { password: 'hunter2' } } },
        check: {
          output: `"metadata":{"annotations":{}} \\" [{ <é 😀> \u2028`,
          metadata: { name: 'http', labels: { a: '"metadata":{' } },
        },
        metrics: { handlers: [], points: [{ name: 'a', value: 0.30000000000000004, timestamp: rawJSON('1767312250123456789') }] },
      })
      const [text = '', after = '', live = ''] = await textsOf(otto, [
        annotating({ event, now: EXECUTED }),
        {
          expression: `var before = JSON.stringify(event); tierline.annotate(event); return String(before === JSON.stringify(event))`,
          event,
          mutator: true,
        },
        { expression: 'return event.Entity.Labels.password', event, mutator: true },
      ])
      expect([after, live]).toEqual(['true', 'hunter2'])
      expect(text).toContain('"timestamp":1767312250123456789')
      expect(text).toContain('"value":0.30000000000000004')
      expect(text).not.toContain('hunter2')
      const { metadata, check, entity } = JSON.parse(text)
      expect(metadata).toEqual({
        namespace: 'prod',
        labels: {},
        annotations: {
          quoted: '"}]{[\\',
          'tierline/owner_tier': 'second',
          'tierline/tier': 'second',
          'tierline/reason': 'machine_down',
          'tierline/class': 'service',
          'tierline/severity': 'critical',
          'tierline/action': 'page',
        },
      })
      expect(check).toMatchObject({
        output: (event.check as { output: string }).output,
        metadata: { labels: { a: '"metadata":{' } },
      })
      expect(entity.metadata.labels).toEqual({ password: 'REDACTED' })
    })
  })
})
