import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyGlobMatches, globMatches } from '../../lib/event/glob.ts'

describe('globMatches', () => {
  it.each([
    ['cpu', 'cpu', true],
    ['cpu', 'cpu-usage', false],
    ['cpu', 'check-cpu', false],
    ['cpu-*', 'cpu-', true],
    ['*-cpu', 'check-cpu', true],
    ['*cpu*', 'cpu', true],
    ['web-??', 'web-07', true],
    ['web-??', 'web-7', false],
    ['*', '', true],
    ['**', 'any', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['*a*b', 'xaxbxb', true],
    ['*a*b', 'xaxbxc', false],
    ['CPU', 'cpu', false],
    ['web.01', 'web-01', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['a*', 'a\nb', true],
    ['*?', 'é', true],
  ])('%s and %j: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected)
  })

  it('agrees with a regular expression', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '*'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '\n'), maxLength: 10 })
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        expect(globMatches(pattern, text)).toBe(expression(pattern).test(text))
      }),
      { numRuns: 5000 },
    )
  })

  it('matches what its own pattern was made from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 5 }),
        fc.array(fc.string(), { minLength: 6, maxLength: 6 }),
        (parts, gaps) => {
          const text = parts.map((part, i) => part + gaps[i]).join('')
          expect(globMatches(parts.map((part) => `${part.replace(/[*?]/g, '?')}*`).join(''), text)).toBe(
            parts.length > 0 || text === '',
          )
        },
      ),
    )
  })

  it('does not grow slow on a pattern made to be slow', () => {
    const started = performance.now()
    expect(globMatches(`${'*a'.repeat(30)}b`, 'a'.repeat(20_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('anyGlobMatches', () => {
  it.each([
    [[], 'cpu', false],
    [['mem', 'cp?'], 'cpu', true],
    [['mem', 'load'], 'cpu', false],
  ])('%j and %s: %s', (patterns, text, expected) => {
    expect(anyGlobMatches(patterns, text)).toBe(expected)
  })
})

function expression(pattern: string): RegExp {
  const source = [...pattern].map((character) =>
    character === '*' ? '[^]*' : character === '?' ? '[^]' : character.replace(/[.\\+^$(){}|[\]]/g, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`)
}
