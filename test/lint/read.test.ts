import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isForSensu, lint } from '../../lib/lint/lint.ts'

const BAD = 'event.x.includes("a")'
const places = (text: string) =>
  lint([{ source: 'x', text }]).findings.flatMap(({ rule, line, column }) =>
    rule === 'missing-method' ? [`${line}:${column}`] : [],
  )
const spec = (scalar: string) =>
  `type: EventFilter\napi_version: core/v2\nmetadata: { name: x }\nspec:\n  expressions:\n  - ${scalar}\n`

describe('the place of a token, however YAML writes the text', () => {
  it.each([
    ['plain', BAD, '6:13'],
    ['plain over two lines', 'event.y &&\n    event.x.includes("a")', '7:13'],
    ['single quotes', "'event[''y''] && event.x.includes(1)'", '6:30'],
    ['double quotes', '"event[\\"y\\"] &&\\n\\u0061 && \\\n      event.x.includes(1)"', '7:15'],
    ['literal block', '|\n      event.y &&\n        event.x.includes("a")\n', '8:17'],
    ['literal block with a comment', '|- # why\n\n    event.x.includes("a")\n', '8:13'],
    ['folded block', '>-\n    event.y\n    &&\n    event.x.includes("a")\n', '9:13'],
    ['an emoji before it', '\'"😀" && event.x.includes("a")\'', '6:22'],
    ['an anchor', '&a event.x.includes("a")', '6:16'],
  ])('%s', (_, scalar, place) => {
    expect(places(spec(scalar))).toEqual([place])
  })

  it('an alias stands where it is used', () => {
    expect(places(`x: &bad ${BAD}\n${spec('*bad')}`)).toHaveLength(1)
  })
})

describe('wrapped JSON', () => {
  const one = (expression: string) =>
    JSON.stringify(
      { type: 'EventFilter', api_version: 'core/v2', metadata: { name: 'x' }, spec: { expressions: [expression] } },
      null,
      '\t',
    )

  it.each([
    ['one object', one(BAD), ['9:13']],
    ['one after another, as sensuctl dump writes them', `${one('"{"')}\n${one(BAD)}\n`, ['21:13']],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toEqual(expected)
  })
})

describe('what is for Sensu', () => {
  it.each([
    ['a policy', 'rules: []\n', false],
    ['an empty file', '', false],
    ['a list', '- type: Handler\n', false],
    ['a resource after something else', 'a: 1\n---\ntype: Handler\n', true],
    ['only a spec', 'spec: {}\n', true],
  ])('%s', (_, text, expected) => {
    expect(isForSensu({ source: 'x.yaml', text })).toBe(expected)
  })

  it('JavaScript', () => {
    expect(isForSensu({ source: 'lib/x.js', text: '' })).toBe(true)
  })
})

describe('whatever it is given', () => {
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom('is_incident', 'pipe', 'javascript', '/(/', '`'))
  const keys = [
    'filters',
    'expressions',
    'workflows',
    'builds',
    'secrets',
    'check_hooks',
    'command',
    'eval',
    'type',
    'timeout',
    'mutator',
  ]
  const kinds = ['EventFilter', 'Mutator', 'Handler', 'Pipeline', 'Asset', 'CheckConfig', 'HookConfig']

  it('a resource of any shape is no reason to fail', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...keys), values), (type, spec) => {
        lint([{ source: 'x.json', text: JSON.stringify({ type, api_version: 'core/v2', metadata: { name: 'x' }, spec }) }])
      }),
      { numRuns: 500 },
    )
  })

  it('nor is any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'type: {}[]&*a|>-\n"\'\\#') }), (text) => {
        lint([
          { source: 'x.yaml', text: `type: EventFilter\n${text}` },
          { source: 'x.js', text },
        ])
      }),
      { numRuns: 500 },
    )
  })
})
