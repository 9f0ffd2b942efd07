import { Scalar } from 'yaml'

const WHITE = /\s/
/** Escapes of a double-quoted scalar that stand for white space. */
const WHITE_ESCAPES = 'nrtvf_LP \t'
const CODE_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * Where in the file the character at `offset` of a scalar's value stands. YAML folds, indents and escapes, but it
 * keeps the order of what is no white space: so the same count of those, from the start of the scalar, is the same
 * character. The start of the scalar when they do not add up.
 */
export function offsetInFile(file: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0, 0]
  const value = String(scalar.value)
  const characters = inFile(file, start, end, scalar.type)
  if (count(value) !== characters.length) return start
  const before = count(value.slice(0, offset))
  const at = characters[before]
  // The end of the text, or white space: right after what stands before it.
  if (at === undefined || WHITE.test(value.charAt(offset))) return before === 0 ? start : (characters[before - 1] ?? start) + 1
  return at
}

function count(value: string): number {
  return value.replace(/\s/g, '').length
}

/** Offsets of every character of the scalar that is no white space. */
function inFile(file: string, start: number, end: number, type: Scalar['type']): number[] {
  const is_block = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED
  const quote = type === Scalar.QUOTE_DOUBLE ? '"' : type === Scalar.QUOTE_SINGLE ? "'" : ''
  const found: number[] = []
  // The first line of a block is its header: `|-`, and perhaps a comment.
  let at = is_block ? file.indexOf('\n', start) + 1 : start + quote.length
  const last = end - quote.length
  while (at < last) {
    const character = file.charAt(at)
    if (quote === '"' && character === '\\') {
      const { length, units } = escapeAt(file, at)
      for (let unit = 0; unit < units; unit++) found.push(at)
      at += length
    } else {
      if (!WHITE.test(character)) found.push(at)
      at += quote === "'" && character === "'" ? 2 : 1
    }
  }
  return found
}

/** How long an escape is in the file, and how many characters that are no white space it stands for. */
function escapeAt(file: string, at: number): { length: number; units: number } {
  const letter = file.charAt(at + 1)
  const digits = CODE_LENGTH[letter]
  if (digits !== undefined) {
    const code = Number.parseInt(file.slice(at + 2, at + 2 + digits), 16)
    return { length: 2 + digits, units: count(String.fromCodePoint(code <= 0x10ffff ? code : 0)) }
  }
  // A line that ends in a backslash goes on without a space.
  return { length: 2, units: WHITE_ESCAPES.includes(letter) || letter === '\n' || letter === '\r' ? 0 : 1 }
}
