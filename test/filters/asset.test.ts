import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { parse } from 'acorn'
import { describe, expect, it } from 'vitest'
import { failingEvent, rawEvent } from '../support/event.ts'
import { needing } from '../support/needing.ts'
import { ask, FILTER_FILE, HAS_GO, OTTOS, textsOf } from '../support/otto.ts'
import { rawEvents } from '../support/raw-events.ts'

const source = readFileSync(FILTER_FILE, 'utf8')
const MAX_BYTES = 12_000

const FUNCTIONS = [
  'tier',
  'severity',
  'check_class',
  'should_handle',
  'sustained',
  'autoscaling_handles',
  'repeat_due',
  'opted_out',
  'has_tier_override',
  'annotate',
]
const ALL = `[${FUNCTIONS.map((name) => `tierline.${name}(event)`).join(', ')}].join('\\n')`

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

describe('the built file', () => {
  it('is ES5', () => {
    expect(() => parse(source, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow()
  })

  it(`has at most ${MAX_BYTES} bytes, all ASCII`, () => {
    expect(Buffer.byteLength(source)).toBeLessThanOrEqual(MAX_BYTES)
    expect(source).toMatch(/^[\n\x20-\x7e]*$/)
  })

  it('defines one global and nothing else, and its functions are those of the documentation', () => {
    const scope = {}
    const own = runInNewContext(
      `${source}; Object.getOwnPropertyNames(this).filter(function (n) { return !/^[A-Z]/.test(n) })`,
      scope,
    )
    const bare = runInNewContext(`Object.getOwnPropertyNames(this).filter(function (n) { return !/^[A-Z]/.test(n) })`)
    expect(own.filter((name: string) => !bare.includes(name))).toEqual(['tierline'])
    expect(runInNewContext(`${source}; Object.keys(tierline).join()`)).toBe(FUNCTIONS.join())
  })
})

/** What is no event at all, or one with every kind of hole. */
const HOLES = [
  'undefined',
  'null',
  '0',
  '"event"',
  '[]',
  '{}',
  '{check: undefined}',
  '{check: null, entity: null, metrics: {points: []}}',
  '{check: {}}',
  '{check: {status: "2", history: "none", labels: 1, annotations: [], silenced: {}, hooks: [null, 1]}}',
  '{check: {status: 2, history: [null, 7, {}], output: null, hooks: null}, entity: {}}',
  '{metadata: null, check: {metadata: null, status: 2}}',
  'Object.defineProperty({}, "check", {get: function () { throw new Error("no") }})',
  'function () {}',
]
const BAD_OPTIONS = [
  'null',
  '7',
  '"x"',
  '[]',
  '{rules: [null, {}, {match: {}, because: "x", drop: true}, {match: {chek: "*"}, because: "x", drop: true}], allow: 1}',
  '{load_checks: [1], status_map: {critical: 2}, group_labels: {}, scaling_grace: "long", lifecycle_hook: 3}',
]

withOtto('the asset in otto', () => {
  describe.each(OTTOS)('$name', (otto) => {
    it('never throws, and answers with a boolean or a text, whatever it is given', async () => {
      const decided = FUNCTIONS.filter((name) => name !== 'annotate')
      const calls = decided.flatMap((name) =>
        HOLES.flatMap((event) =>
          ['', ...BAD_OPTIONS].map((option) => `tierline.${name}(${[event, option].filter(Boolean).join()})`),
        ),
      )
      const found = await textsOf(
        otto,
        calls.map((call) => ({
          expression: `/^(string|boolean)$/.test(typeof ${call}) ? 'decided' : 'typeof ' + typeof ${call}`,
        })),
      )
      expect(calls.filter((_, index) => found[index] !== 'decided').map((call, index) => [call, found[index]])).toEqual([])
      const annotated = await textsOf(
        otto,
        HOLES.map((event) => ({
          expression: `/^(string|undefined)$/.test(typeof tierline.annotate(${event})) ? 'decided' : 'no'`,
        })),
      )
      expect([...new Set(annotated)]).toEqual(['decided'])
    })

    it('answers the usual events without making what the others need', async () => {
      // Every map that the rest reads is made by Object.create.
      const expression = `var made = 0, create = Object.create
        Object.create = function (from) { made++; return create(from) }
        tierline.should_handle(event) + ' after ' + made`
      const found = await textsOf(
        otto,
        [rawEvent(), failingEvent()].map((event) => ({ expression, event })),
      )
      expect(found).toEqual(['false after 0', 'true after 0'])
    })

    it('takes the default for a bad option', async () => {
      const event = failingEvent()
      const plain = await textsOf(otto, [
        { expression: 'tierline.tier(event) + tierline.check_class(event) + tierline.severity(event)', event },
      ])
      const bad = await textsOf(
        otto,
        BAD_OPTIONS.map((o) => ({
          expression: `tierline.tier(event, ${o}) + tierline.check_class(event, ${o}) + tierline.severity(event, ${o})`,
          event,
        })),
      )
      expect([...new Set(bad)]).toEqual(plain)
    })

    it('leaves nothing behind in 100 evaluations', async () => {
      const event = failingEvent({ check: { metadata: { annotations: { 'tierline/tier': 'second' } } } })
      const probe = `var before = JSON.stringify(event), globals = Object.getOwnPropertyNames(this).length, told = ${ALL};
        if (tierline.seen) throw new Error('state');
        tierline.seen = true;
        [told === ${ALL}, before === JSON.stringify(event), globals === Object.getOwnPropertyNames(this).length, told].join('\\n')`
      const found = await textsOf(
        otto,
        Array.from({ length: 100 }, () => ({ expression: probe, event })),
      )
      expect(new Set(found).size).toBe(1)
      expect(found[0]).toMatch(/^true\ntrue\ntrue\nsecond\n/)
    })

    it('shares its engine with the scripts of other assets, whichever loads first', async () => {
      const other = join(import.meta.dirname, '../support/other-asset.js')
      const scripts = [FILTER_FILE, other]
      const expression = 'typeof other.name + tierline.tier(event)'
      // A pair of its own for each question, or the engine would be loaded once and in one order.
      const questions = Array.from({ length: 12 }, (_, index) => ({
        expression,
        event: failingEvent(),
        scripts: [...scripts, ...Array.from({ length: index }, () => other)],
      }))
      expect([...new Set(await textsOf(otto, questions))]).toEqual(['stringfirst'])
    })

    it('says the same of the live event of a mutator as of the flat one of a filter', { timeout: 60_000 }, async () => {
      // Go's own types bear no number above theirs, nor a status that is no number.
      const events = [...rawEvents(200), rawEvent(), failingEvent()]
      const body =
        '[tierline.tier(event), tierline.severity(event), tierline.check_class(event), tierline.should_handle(event)].join()'
      const flat = await textsOf(
        otto,
        events.map((event) => ({ expression: body, event })),
      )
      const copy = 'var event = JSON.parse(JSON.stringify(this.event)); '
      const live = await textsOf(
        otto,
        events.map((event) => ({
          expression: `${copy.replace('var event', 'var copy')}return ${body.replaceAll('(event)', '(copy)')}`,
          event,
          mutator: true,
        })),
      )
      expect(live).toEqual(flat)
    })

    it('counts as true only what is truthy, as Sensu does', async () => {
      const found = await ask(
        otto,
        ['"false"', '[]', '0', 'undefined', 'NaN'].map((expression) => ({ expression })),
      )
      expect(found.map(({ truthy }) => truthy)).toEqual([true, true, false, false, false])
    })
  })
})
