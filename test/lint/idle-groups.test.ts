import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { idleGroups } from '../../lib/lint/idle-groups.ts'
import { lint } from '../../lib/lint/lint.ts'
import { needing } from '../support/needing.ts'
import { FILTER_FILE, HAS_GO, OTTOS, textsOf } from '../support/otto.ts'

/** A pattern, a text that it matches without its group, and where the linter puts its finger. */
const rows: readonly (readonly [pattern: string, text: string, offsets: number[]])[] = [
  ['(x)?y', 'y', [0]],
  ['(x)??y', 'y', [0]],
  ['(x)*y', 'y', [0]],
  ['(x){0,2}y', 'y', [0]],
  ['(x){0}y', 'y', [0]],
  ['^(a)|b$', 'b', [1]],
  ['b|(a)', 'b', [2]],
  ['(?:(x)|y)', 'y', [3]],
  ['(?:(x)z)?y', 'y', [3]],
  ['((x)|y)', 'y', [1]],
  ['(?:a|(b))c', 'ac', [5]],
  ['(a)|(b)', 'b', [0, 4]],
  ['(a(b)?)?c', 'c', [0, 2]],
  ['(1)(2)(3)(4)(5)(6)(7)(8)(x)?y', '12345678y', [24]],
  ['(1)(2)(3)(4)(5)(6)(7)(8)(9)(x)?y', '123456789y', []],
  ['(x?)y', 'y', []],
  ['(x|y)', 'y', []],
  ['(a|)b', 'b', []],
  ['(x)+y', 'xy', []],
  ['(x){1,}y', 'xy', []],
  ['(x){,2}y', 'x{,2}y', []],
  ['[(]?y', 'y', []],
  ['[|](y)', '|y', []],
  ['\\(?(y)\\)?', 'y', []],
  ['(?:x)?(y)', 'y', []],
  ['(y)', 'y', []],
]

const PANIC = /slice bounds out of range \[:-1\]/
const ways = (pattern: string, text: string) => {
  const [re, on] = [`/${pattern}/`, JSON.stringify(text)]
  return [`${re}.exec(${on})`, `${on}.match(${re})`, `${on}.replace(${re}, "$1")`, `${on}.search(${re})`, `${on}.split(${re})`]
}

it.each(rows)('%s on %s', (pattern, _, offsets) => {
  expect(idleGroups(pattern)).toEqual(offsets)
})

needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')('in otto', () => {
  it.each(OTTOS)('$name: test() panics where the linter warns, in v0.2.1 alone, and nothing else does', async (otto) => {
    const told = await textsOf(
      otto,
      rows.map(([pattern, text]) => ({ expression: `/${pattern}/.test(${JSON.stringify(text)})`, scripts: [] })),
    )
    const expected = rows.map(([pattern, , offsets]) => [pattern, otto.name === 'v0.2.1' && offsets.length > 0])
    expect(rows.map(([pattern], index) => [pattern, PANIC.test(told[index] ?? '')])).toEqual(expected)

    const others = rows.flatMap(([pattern, text]) => ways(pattern, text))
    const found = await textsOf(
      otto,
      others.map((expression) => ({ expression, scripts: [] })),
    )
    expect(others.filter((_, index) => /panic|Error/.test(found[index] ?? ''))).toEqual([])
  })

  it('v0.2.1: try and catch do not help', async () => {
    const expression = 'try { /(x)?y/.test("y") } catch (e) { "caught" }'
    expect(await textsOf(OTTOS[2], [{ expression, scripts: [] }])).toEqual([expect.stringMatching(PANIC)])
  })
})

describe('what counts as tested', () => {
  const lines = (text: string) =>
    lint([{ source: 'x.js', text }])
      .findings.filter(({ rule }) => rule === 'idle-group')
      .map(({ line }) => line)

  it.each([
    ['at once', '/(a)?/.test(x)', [1]],
    ['by call', '/(a)?/.test.call(r, x)', [1]],
    ['as a property', 'var my = {\n  re: /(a)?/ }; my.re.test(x)', [2]],
    ['assigned', 'my.re = /(a)?/; my.re.test(x)', [1]],
    ['in a list', '[/(a)?/].some(function (re) { return re.test(x) })', [1]],
    ['one of two', '(x ? /a/ : /(a)?/).test(x)', [1]],
    ['made', 'var re = new RegExp("(a)?")\nre.test(x)', [1]],
    ['run', '/(a)?/.exec(x)', []],
    ['only matched', 'var re = /(a)?/; re.exec(x); other.test(x)', []],
    ['an argument of replace', 'x.replace(/(a)?/, ""); re.test(x)', []],
    ['nothing is tested', 'f(/(a)?/)', []],
  ])('%s: %s', (_, text, expected) => {
    expect(lines(text)).toEqual(expected)
  })

  it('our own asset has no finding', () => {
    expect(lint([{ source: 'tierline.js', text: readFileSync(FILTER_FILE, 'utf8') }]).findings).toEqual([])
  })
})
