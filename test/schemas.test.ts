import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { SensuEvent } from '../lib/event/schema.ts'
import { Policy } from '../lib/policy/schema.ts'
import { Case } from './support/case.ts'
import { jsonSchema } from './support/json-schema.ts'

/** `npm run schemas` writes what differs; in CI a difference fails. */
describe('schemas/ equals its zod sources', () => {
  it.each([
    ['event', jsonSchema(SensuEvent)],
    ['policy', jsonSchema(Policy)],
    ['case', jsonSchema(Case)],
  ])('%s.schema.json', async (name, schema) => {
    await expect(text(schema)).toMatchFileSnapshot(`../schemas/${name}.schema.json`)
  })

  it('policy.defaults.json', async () => {
    await expect(text(z.parse(Policy, {}))).toMatchFileSnapshot('../schemas/policy.defaults.json')
  })
})

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
