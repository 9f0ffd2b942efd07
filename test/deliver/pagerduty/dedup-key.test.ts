import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dedupKey } from '../../../lib/deliver/pagerduty/dedup-key.ts'

describe('dedupKey', () => {
  it.each([
    ['an ordinary identity', 'prod/web-01/http'],
    ['255 bytes', 'x'.repeat(255)],
    ['255 bytes of longer characters', `${'é'.repeat(127)}x`],
    ['255 bytes of the longest', `${'🔥'.repeat(63)}xyz`],
  ])('%s stays as it is', (_, identity) => {
    expect(dedupKey(identity)).toBe(identity)
  })

  it.each([
    ['256 bytes', 'x'.repeat(256), 'x'.repeat(190)],
    ['256 bytes in 128 characters', 'é'.repeat(128), 'é'.repeat(95)],
    ['256 bytes of the longest', '🔥'.repeat(64), '🔥'.repeat(47)],
    ['a cut in the middle of a character', `x${'🔥'.repeat(64)}`, `x${'🔥'.repeat(47)}`],
    ['three bytes each', '山'.repeat(86), '山'.repeat(63)],
    ['half a character', `${'x'.repeat(189)}\ud83d${'y'.repeat(80)}`, 'x'.repeat(189)],
  ])('%s becomes a readable head and a digest', (_, identity, head) => {
    expect(dedupKey(identity)).toMatch(new RegExp(`^${head}~[0-9a-f]{64}$`, 'u'))
  })

  const part = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('x', 'é', '🔥', '山'), minLength: 60, maxLength: 300 }),
  )
  const identity = fc.tuple(part, part, part).map((parts) => parts.join('/'))

  it('fits, whatever the identity, and is the same every time', () => {
    fc.assert(
      fc.property(identity, (text) => {
        const key = dedupKey(text)
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(255)
        expect(key.isWellFormed()).toBe(true)
        expect(dedupKey(text)).toBe(key)
      }),
      { numRuns: 500 },
    )
  })

  it('is never the same for two identities', () => {
    const identities = new Set<string>()
    for (let entity = 0; entity < 300; entity++) {
      for (let check = 0; check < 100; check++) {
        identities.add(`prod/web-${entity}/check-${check}`)
        identities.add(`prod/${'very-long-name-'.repeat(20)}${entity}/check-${check}`)
        identities.add(`prod/${'zürich-🔥-'.repeat(30)}${entity}/check-${check}`)
      }
    }
    expect(new Set([...identities].map(dedupKey)).size).toBe(identities.size)
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(dedupKey(one) === dedupKey(other)).toBe(one === other)
      }),
    )
  })
})
