import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityOf } from '../../lib/event/identity.ts'
import { aCheck, anEntity, anEvent } from '../support/event.ts'

const identity = (namespace: string, entity: string, check: string | null) =>
  identityOf(anEvent({ namespace, entity: anEntity({ name: entity }), check: check === null ? null : aCheck({ name: check }) }))

describe('identityOf', () => {
  it.each([
    [['prod', 'web-03', 'http-healthz'], 'prod/web-03/http-healthz'],
    [['prod', 'web-03', null], 'prod/web-03/metrics'],
    [['prod', 'a:b_c.d', 'x'], 'prod/a:b_c.d/x'],
    [['prod', 'a/b', 'c'], 'prod/a%2Fb/c'],
    [['prod', 'a', 'b/c'], 'prod/a/b%2Fc'],
    [['prod', 'a b', 'c'], 'prod/a%20b/c'],
    [['prod', 'a%20b', 'c'], 'prod/a%2520b/c'],
    [['prod', 'a\nb', 'c\u0000'], 'prod/a%0Ab/c%00'],
    [['prod', 'zürich', 'c'], 'prod/zürich/c'],
  ] as const)('%j is %s', ([namespace, entity, check], expected) => {
    expect(identity(namespace, entity, check)).toBe(expected)
  })

  const name = fc.string({
    unit: fc.constantFrom('a', 'B', '/', '%', ' ', '2', '8', 'F', '\n', 'é', '🔥'),
    minLength: 1,
    maxLength: 6,
  })
  const names = fc.tuple(name, name, name)

  it('differs for different problems', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        fc.pre(one.join('\0') !== other.join('\0'))
        expect(identity(...one)).not.toBe(identity(...other))
      }),
      { numRuns: 2000 },
    )
  })

  it('differs for a line separator and a space before 28', () => {
    expect(identity('prod', 'a\u2028', 'c')).not.toBe(identity('prod', 'a 28', 'c'))
  })

  it('holds no white space, no control character, and two slashes', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.string()), (parts) => {
        const made = identity(...parts)
        expect(made).not.toMatch(/[\s\p{Cc}]/u)
        expect(made.split('/')).toHaveLength(3)
      }),
    )
  })

  it('can be sent anywhere: no half of a character', () => {
    expect(identity('prod', 'a\ud83d', 'c').isWellFormed()).toBe(true)
    expect(identity('prod', '🔥', 'c').isWellFormed()).toBe(true)
  })
})
