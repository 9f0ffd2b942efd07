import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { REASONS, type Reason } from '../lib/triage/decision.ts'
import { type Row, rows } from '../lib/triage/rules.ts'
import { trace } from '../lib/triage/trace.ts'
import { Case, runCase } from './support/case.ts'

const FOLDER = new URL('cases/', import.meta.url)
const cases = readdirSync(FOLDER).map((file) => [file.replace(/\.json$/, ''), load(file)] as const)

/** What a row may answer with beside its own reasons, and when. */
const BORROWED: readonly { readonly reason: Reason; readonly rows: (row: Row) => boolean }[] = [
  // What the row needs is not known.
  { reason: 'fail_open', rows: (row) => (row.needs ?? []).length > 0 },
  // A rule of the policy names the tier that the row would page.
  { reason: 'rule', rows: (row) => [11, 12, 13, 15, 17, 18, 19].includes(row.row) },
]

describe('golden cases', () => {
  it.each(cases)('%s', (_, golden) => {
    const { facts, decision } = runCase(golden)
    const { says_contains, problems_contain, hold_until, ...expected } = golden.expect
    const both = { ...facts, ...decision }
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, both[key as keyof typeof both]]))).toEqual(expected)
    if (says_contains !== undefined) expect(decision.says).toContain(says_contains)
    if (problems_contain !== undefined) expect(facts.problems.join('\n')).toContain(problems_contain)
    if (hold_until !== undefined) expect(decision.hold_until).toBe(hold_until === null ? null : Date.parse(hold_until) / 1000)
    if (decision.action !== 'hold') expect(decision.hold_until).toBeNull()
  })

  it.each(cases)('%s: the trace ends in the same decision, and the row knows its reason', (_, golden) => {
    const { facts, decision } = runCase(golden)
    const step = trace(facts).at(-1)
    expect(step?.decision).toEqual(decision)
    const row = rows.find((row) => row.row === step?.row)
    const borrowed = BORROWED.filter((borrowed) => row && borrowed.rows(row)).map((borrowed) => borrowed.reason)
    expect([...(row?.reasons ?? []), ...borrowed]).toContain(decision.reason)
  })

  it('fit the schema that editors use', () => {
    const schema = JSON.parse(readFileSync(new URL('../schemas/case.schema.json', import.meta.url), 'utf8'))
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
    const fits = ajv.compile(schema)
    for (const [name] of cases) {
      const golden = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
      expect(fits(golden), `${name}: ${ajv.errorsText(fits.errors)}`).toBe(true)
    }
  })

  it('reach every reason', () => {
    const reached = new Set(cases.map(([, golden]) => runCase(golden).decision.reason))
    expect(REASONS.filter((reason) => !reached.has(reason))).toEqual([])
  })

  it('reach every row of the decision table', () => {
    const reached = new Set(cases.map(([, golden]) => trace(runCase(golden).facts).at(-1)?.row))
    expect(rows.map((row) => row.row).filter((row) => !reached.has(row))).toEqual([])
  })
})

describe('the decision table', () => {
  it('names every reason in a row, and no reason in two', () => {
    expect(rows.flatMap((row) => row.reasons).sort()).toEqual([...REASONS].sort())
  })

  it('is numbered in order, without a gap', () => {
    expect(rows.map((row) => row.row)).toEqual(rows.map((_, index) => index))
  })
})

function load(file: string): Case {
  const result = Case.safeParse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`)
  return result.data
}
