import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, safeNode, safePath, safeTagName, safeTagValue } from '../../../lib/deliver/graphite/names.ts'
import { nastyText } from './an-event.ts'

describe('safeNode', () => {
  it.each([
    ['web-1_A', 'web-1_A', 'what is safe stays'],
    ['web-1.eu', 'web-1_eu', 'a dot would be a separator'],
    ['', '_', 'an empty node would vanish'],
    ['héllo wörld', 'h_llo_w_rld', 'graphite-web does not render UTF-8 by default'],
    ['a\nb 1 2', 'a_b_1_2', 'a line feed would inject a series'],
    ['../../etc', '______etc', 'no way up'],
    ['🦊x', '_x', 'one character, one underscore'],
    ['a__b', 'a__b', 'runs stay, so that different names stay different'],
  ])('%j becomes %j: %s', (text, node) => {
    expect(safeNode(text)).toBe(node)
  })

  it('cuts at 200 bytes with a digest that keeps long names apart', () => {
    const [one, two] = [safeNode(`${'x'.repeat(300)}1`), safeNode(`${'x'.repeat(300)}2`)]
    expect(safeNode('x'.repeat(200))).toBe('x'.repeat(200))
    expect(one).toMatch(/^x{191}_[0-9a-f]{8}$/)
    expect(one).not.toBe(two)
  })
})

describe('safePath', () => {
  it.each([
    ['a.b.c', 'a.b.c'],
    ['.a..b.', '_.a._.b._'],
    ['...', '_._._._'],
    ['', '_'],
    ['/tmp/x.y z', '_tmp_x.y_z'],
  ])('%j becomes %j', (text, path) => {
    expect(safePath(text)).toBe(path)
  })

  it('cuts at 1024 bytes, keeps the front, and keeps long names apart', () => {
    const long = 'node.'.repeat(300)
    expect(safePath(`${long}1`)).toMatch(/^(node\.)+n?o?d?e?\.?[0-9a-f]{8}$/)
    expect(safePath(`${long}1`)).not.toBe(safePath(`${long}2`))
  })

  it('gives nodes of 1 to 200 safe bytes and at most 1024 in all, whatever the text', () => {
    fc.assert(
      fc.property(nastyText, fc.array(nastyText, { maxLength: 12 }), (first, more) => {
        const path = safePath([first, ...more].join('.'))
        expect(path).toMatch(/^[A-Za-z0-9_-]{1,200}(\.[A-Za-z0-9_-]{1,200})*$/)
        expect(path.length).toBeLessThanOrEqual(1024)
        expect(safePath(path)).toBe(path)
      }),
    )
  })
})

describe('below', () => {
  it.each([
    ['sensu', 'a.b', 'sensu.a.b'],
    ['', 'a.b', 'a.b'],
    ['.ops.sensu.', 'a', 'ops.sensu.a'],
    ['my team', '..', 'my_team._._._'],
  ])('prefix %j and %j make %j', (prefix, path, name) => {
    expect(below(prefix, path)).toBe(name)
  })
})

describe('tags', () => {
  it.each([
    ['', '_'],
    ['a;b!c^d=e', 'a_b_c_d_e'],
    ['app.kubernetes.io/name', 'app_kubernetes_io_name'],
  ])('name %j becomes %j', (text, name) => {
    expect(safeTagName(text)).toBe(name)
  })

  it.each([
    ['web-1.eu', 'web-1.eu'],
    ['/var/lib', '/var/lib'],
    ['+Inf', '+Inf'],
    ['~home', '_home'],
    ['a;b=c "d"}', 'a_b_c__d__'],
    ['', '_'],
  ])('value %j becomes %j', (text, value) => {
    expect(safeTagValue(text)).toBe(value)
  })

  it('hold to the rules of carbon (TaggedSeries) and to the columns of graphite-web, whatever the text', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(safeTagName(text)).toMatch(/^[^;!^=\s]{1,64}$/)
        expect(safeTagValue(text)).toMatch(/^(?!~)[!-~]{1,180}$/)
        expect(safeTagValue(text)).not.toMatch(/[;"'{}\s]/)
      }),
    )
  })
})
