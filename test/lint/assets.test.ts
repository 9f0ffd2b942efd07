import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { lint } from '../../lib/lint/lint.ts'

const folder = 'assets/sensu'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((source) => ({ source, text: readFileSync(`${folder}/${source}`, 'utf8') }))

describe('assets/sensu', () => {
  it('has no finding; only the asset and the secrets are the business of whoever applies it', () => {
    const { findings, resources, unchecked } = lint(files)
    expect({ findings, unchecked }).toEqual({ findings: [], unchecked: ['Asset', 'Secret'] })
    expect(resources).toBeGreaterThan(files.length)
  })

  it.each(files)('$source: no namespace, so that sensuctl can give one', ({ text }) => {
    expect(text).not.toMatch(/^\s*namespace:/m)
  })

  it.each(files.filter(({ source }) => source.startsWith('filters/')))(
    '$source: allows by one expression and names the asset',
    ({ text }) => {
      expect(parse(text).spec).toEqual({
        action: 'allow',
        expressions: [expect.stringMatching(/^!?tierline\.\w+\(event/)],
        runtime_assets: ['sensu-tierline-filters'],
      })
    },
  )
})
