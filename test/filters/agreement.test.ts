import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Case, rawOf, runCase } from '../support/case.ts'
import { needing } from '../support/needing.ts'
import { ask, HAS_GO, OTTOS, textsOf } from '../support/otto.ts'
import { rawEvents } from '../support/raw-events.ts'
import { optsOf, verdictOf } from '../support/verdict.ts'

const FOLDER = new URL('../cases/', import.meta.url)
const golden = readdirSync(FOLDER).map((file) => ({
  file,
  golden: Case.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))),
}))
/** Sensu's own engine never sees an event wrapped as sensuctl prints it. */
function sentOf(golden: Case): unknown {
  const raw = rawOf(golden) as { type?: unknown; spec?: unknown }
  return raw.type === 'Event' ? raw.spec : raw
}

const generated = rawEvents(2500)

const answers = (opts: string) =>
  `[tierline.tier(event${opts}), tierline.check_class(event${opts}), tierline.severity(event${opts}), tierline.should_handle(event${opts})].join()`

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

withOtto('the filters in otto', () => {
  describe.each(OTTOS)('$name', (otto) => {
    it(`agree with the handler's code about all ${golden.length} golden cases`, { timeout: 120_000 }, async () => {
      const rows = golden.map(({ golden }) => ({ raw: sentOf(golden), policy: golden.policy }))
      const found = await textsOf(
        otto,
        rows.map(({ raw, policy }) => ({ expression: answers(`, ${optsOf(policy)}`), event: raw })),
      )
      const expected = rows.map(({ raw, policy }) => {
        const { facts, tier, should_handle } = verdictOf(raw, policy)
        return [tier, facts.class, facts.severity, should_handle].join()
      })
      const named = (texts: string[]) => texts.map((text, index) => `${golden[index]?.file}: ${text}`)
      expect(named(found)).toEqual(named(expected))
    })

    it(`agree with the handler's code about ${generated.length} generated events`, { timeout: 120_000 }, async () => {
      const found = await textsOf(
        otto,
        // With options, though empty ones, the front of the asset does not answer alone.
        generated.map((event) => ({ expression: `${answers('')} + ',' + tierline.should_handle(event, {})`, event })),
      )
      const wrong = found.flatMap((text, index) => {
        const { facts, tier, should_handle } = verdictOf(generated[index])
        const expected = [tier, facts.class, facts.severity, should_handle, should_handle].join()
        return text === expected ? [] : [{ text, expected, event: generated[index] }]
      })
      expect(wrong.slice(0, 3)).toEqual([])
    })

    it('never drop what the handler pages, holds or closes, whatever it knows besides', { timeout: 120_000 }, async () => {
      // A handler that cannot read its policy does not know whether an annotation may opt out; a filter has it as options.
      const heard = golden.filter(({ golden }) => {
        const { action } = runCase(golden).decision
        return ['page', 'hold', 'resolve'].includes(action) && !golden.outside.unknown.includes('policy')
      })
      expect(heard.length).toBeGreaterThan(100)
      const found = await ask(
        otto,
        heard.map(({ golden }) => ({
          expression: `tierline.should_handle(event, ${optsOf(golden.policy).replace(/}$/, ', "silenced": true}')})`,
          event: sentOf(golden),
        })),
      )
      expect(heard.filter((_, index) => !found[index]?.truthy).map(({ file }) => file)).toEqual([])
    })
  })
})
