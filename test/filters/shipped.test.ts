import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Mirror, mirrorOf } from '../../cli/mirror/mirror.ts'
import { TIERS } from '../../lib/event/settings.ts'
import { rawOf, readSample } from '../support/case.ts'
import { EXECUTED, failingEvent } from '../support/event.ts'
import { needing } from '../support/needing.ts'
import { type Answer, ask, HAS_GO, OTTOS } from '../support/otto.ts'
import { rawEvents } from '../support/raw-events.ts'
import { type Verdict, verdictOf } from '../support/verdict.ts'

/*
 * The filters and mutators that people apply, read from the YAML that they apply, in Sensu's own engine with the built
 * asset, against what the handler does. An event without a check is left out: on one Sensu crashes.
 */
const FILTERS = 'assets/sensu/filters'
const filters = readdirSync(FILTERS).map((file) => resourceIn(`${FILTERS}/${file}`))
const mutators = readdirSync('assets/sensu/mutators')
  .map((file) => resourceIn(`assets/sensu/mutators/${file}`))
  .filter(({ spec }) => spec.type === 'javascript')

interface Resource {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly type?: string
    readonly action?: string
    readonly expressions: readonly string[]
    readonly eval: string
    readonly runtime_assets: readonly string[]
  }
}

function resourceIn(file: string): Resource {
  return parse(readFileSync(file, 'utf8'))
}

/** Sensu's engine never sees an event wrapped as sensuctl prints it. */
function sent(raw: unknown): unknown {
  const { type, spec } = raw as { type?: unknown; spec?: unknown }
  return type === 'Event' ? spec : raw
}

const hook = { metadata: { name: 'tierline-lifecycle' }, status: 0, output: 'Terminated\n' }
const just_failed = [
  { status: 0, executed: EXECUTED - 60 },
  { status: 2, executed: EXECUTED },
]
const member = { labels: { asg_name: 'web' } }
const named: (readonly [string, unknown])[] = [
  ...readdirSync('assets/events').map((file) => [file, readSample(file.replace('.json', ''))] as const),
  ...readdirSync('test/cases').map((file) => [file, rawOf(JSON.parse(readFileSync(`test/cases/${file}`, 'utf8')))] as const),
  ...rawEvents(150).map((event, index) => [`generated ${index}`, event] as const),
  ['a failure for the third line', failingEvent({ metadata: { annotations: { 'tierline/tier': 'third' } } })],
  ['a machine that leaves', failingEvent({ check: { hooks: [hook] } })],
  [
    'a young load alert',
    failingEvent({
      entity: { metadata: member },
      check: { metadata: { name: 'cpu' }, last_ok: EXECUTED - 60, history: just_failed },
    }),
  ],
]

interface Row {
  readonly name: string
  readonly event: unknown
  readonly handler: Verdict
}

const rows: Row[] = named
  .map(([name, raw]) => ({ name, event: sent(raw) }))
  .filter(({ event }) => (event as { check?: unknown }).check)
  .map(({ name, event }) => ({ name, event, handler: verdictOf(event) }))

/** Could the event prove anything: by a hook, or as a load alert of a group? */
function isProof({ event, handler: { facts } }: Row): boolean {
  const text = JSON.stringify(event)
  return text.includes('lifecycle') || (facts.class === 'load' && /asg_name|tierline_group|aws.autoscaling.group/.test(text))
}

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

withOtto('what is shipped, in otto', () => {
  let mirrored: ReturnType<Mirror['verdictsOn']>[]
  beforeAll(() => {
    const mirror = mirrorOf([FILTERS], { stdin: () => new Uint8Array() })
    mirrored = rows.map(({ event, handler }) => mirror.verdictsOn(event, handler.facts.now))
  })

  describe.each(OTTOS)('$name', (otto) => {
    const answers = new Map<string, boolean[]>()
    const errors: string[] = []
    beforeAll(async () => {
      for (const { metadata, spec } of filters) {
        const found = await askAll(otto, spec.expressions)
        answers.set(metadata.name, passesOf(spec, found))
        const [first] = found.flat().filter(({ error }) => error !== undefined)
        if (first) errors.push(`${metadata.name}: ${first.error}`)
      }
    })
    /** The names of events that a filter treats otherwise than it should. */
    const wrong = (filter: string, where: (row: Row) => boolean, passes: boolean) =>
      rows.filter((row, index) => where(row) && answers.get(filter)?.[index] !== passes).map(({ name }) => name)

    it('no expression fails on any event', () => {
      expect(errors).toEqual([])
    })

    it('tierline-should-handle drops nothing that the handler pages, holds or closes', () => {
      expect(rows.filter(({ handler }) => handler.should_handle).length).toBeGreaterThan(100)
      expect(wrong('tierline-should-handle', ({ handler }) => handler.should_handle, true)).toEqual([])
    })

    it.each(TIERS)('tierline-%s passes the pages of its tier and no others, and every recovery', (tier) => {
      const pages = (row: Row) => row.handler.decision.action === 'page'
      const mine = (row: Row) => row.handler.decision.tier === tier
      expect(rows.filter((row) => pages(row) && mine(row)).length).toBeGreaterThan(2)
      expect(wrong(`tierline-${tier}`, (row) => pages(row) && mine(row), true)).toEqual([])
      expect(wrong(`tierline-${tier}`, (row) => pages(row) && !mine(row), false)).toEqual([])
      expect(wrong(`tierline-${tier}`, (row) => row.handler.decision.action === 'resolve', true)).toEqual([])
    })

    it('tierline-not-autoscaling passes all that is not proven, and drops what is', () => {
      expect(wrong('tierline-not-autoscaling', (row) => !isProof(row), true)).toEqual([])
      expect(wrong('tierline-not-autoscaling', ({ handler }) => /^(keepalive|ttl)$/.test(handler.facts.class), true)).toEqual([])
      expect(wrong('tierline-not-autoscaling', ({ name }) => /^a (machine|young)/.test(name), false)).toEqual([])
    })

    it('every filter says the same in Node', () => {
      const differ = rows.flatMap(({ name }, index) =>
        (mirrored[index] ?? [])
          .filter((verdict) => verdict.passes !== answers.get(verdict.name)?.[index] || verdict.why !== undefined)
          .map((verdict) => `${name}: ${JSON.stringify(verdict)}`),
      )
      expect(mirrored[0]).toHaveLength(filters.length)
      expect(differ).toEqual([])
    })

    it.each(mutators.map(({ metadata, spec }) => [metadata.name, spec.eval] as const))(
      'the mutator %s answers with an event',
      async (_name, expression) => {
        // A mutator gets Go's own object, and none has a text for a status.
        const sound = rows.filter(({ handler }) => handler.facts.status !== null)
        const found = await ask(
          otto,
          sound.map(({ event }) => ({ expression, event, mutator: true })),
        )
        const names = found.map(({ text = '{}' }) => Object.keys(JSON.parse(text).metadata?.annotations ?? {}))
        expect(sound.filter((_, index) => !names[index]?.includes('tierline/tier')).map(({ name }) => name)).toEqual([])
      },
    )
  })
})

it('all of them are here, and ask for the asset that is built', () => {
  expect(filters.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(TIERS.map((tier) => `tierline-${tier}`)))
  expect(mutators.length).toBeGreaterThan(0)
  for (const { spec } of [...filters, ...mutators]) expect(spec.runtime_assets).toEqual(['sensu-tierline-filters'])
})

async function askAll(otto: (typeof OTTOS)[number], expressions: readonly string[]): Promise<Answer[][]> {
  const found = await ask(
    otto,
    rows.flatMap(({ event }) => expressions.map((expression) => ({ expression, event }))),
  )
  return rows.map((_, index) => found.slice(index * expressions.length, (index + 1) * expressions.length))
}

/** Sensu's own truth table, where an error counts as if it were not there. */
function passesOf({ action }: Resource['spec'], answers: Answer[][]): boolean[] {
  return answers.map((each) =>
    action === 'deny' ? !each.some(({ truthy }) => truthy) : each.every(({ truthy, error }) => truthy || error !== undefined),
  )
}
