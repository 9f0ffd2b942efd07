/** One JSON value of an input, or one line that says why there is none. `where` is empty when the input held just one. */
export type Document = { readonly where: string; readonly value: unknown } | { readonly where: string; readonly refused: string }

/** The text of an input, and what was odd about its bytes. UTF-8 with or without BOM, or UTF-16 with one, as PowerShell writes it. */
export function decode(bytes: Uint8Array): { text: string; problem: string | null } {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), problem: null }
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), problem: null }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), problem: null }
  } catch {
    return {
      text: new TextDecoder().decode(bytes),
      problem: 'the input is not valid UTF-8; what could not be read became U+FFFD',
    }
  }
}

/**
 * The JSON values of a text: one value, the items of one list, one value a line (NDJSON), or values after one
 * another as `sensuctl dump --format wrapped-json` prints them. What cannot be read is refused, the rest is kept.
 */
export function documentsOf(text: string): Document[] {
  if (text.trim() === '') return [{ where: '', refused: 'the input is empty: one Sensu event as JSON was expected' }]
  const whole = parsed('', text)
  if ('value' in whole) return items(whole.value)
  const lines = linesOf(text)
  if (lines.some(isEventLine) || lines.filter(isJson).length * 2 >= lines.length) return lines.flatMap(itemsOf)
  const values = [...valuesOf(text)].map(({ line, text }) => parsed(`line ${line}`, text))
  const [first] = values
  // A first value that cannot be read is rather one broken document than the start of several.
  return values.length > 1 && first !== undefined && 'value' in first ? values.flatMap(itemsOf) : [whole]
}

const EMPTY_LIST = 'an empty list: it holds no event'

function items(value: unknown): Document[] {
  if (!Array.isArray(value)) return [{ where: '', value }]
  if (value.length === 0) return [{ where: '', refused: `the input is ${EMPTY_LIST}` }]
  return value.map((item, index) => ({ where: value.length === 1 ? '' : `item ${index + 1}`, value: item }))
}

function itemsOf(document: Document): Document[] {
  if (!('value' in document) || !Array.isArray(document.value)) return [document]
  if (document.value.length === 0) return [{ where: document.where, refused: EMPTY_LIST }]
  return document.value.map((item, index) => ({ where: `${document.where}, item ${index + 1}`, value: item }))
}

function linesOf(text: string): Document[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parsed(`line ${number}`, line))
}

/** One event on one line, whatever stands on the lines around it. */
function isEventLine(document: Document): boolean {
  const value = 'value' in document ? (document.value as { entity?: unknown; type?: unknown } | null) : null
  return typeof value?.entity === 'object' || value?.type === 'Event'
}

function isJson(document: Document): boolean {
  return 'value' in document && typeof document.value === 'object'
}

function parsed(where: string, text: string): Document {
  try {
    return { where, value: JSON.parse(text) }
  } catch (error) {
    // V8 quotes a piece of the input, which may hold a part of a key.
    const reason = (error instanceof Error ? error.message : String(error)).replace(/, (\.\.\.)?".*is not valid JSON$/s, '')
    return { where, refused: `not JSON: ${reason.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').slice(0, 200)}` }
  }
}

/** Cuts a text where a value at the top level ends, by depth of braces outside strings. */
function* valuesOf(text: string): Generator<{ line: number; text: string }> {
  let depth = 0
  let start = -1
  let line = 1
  let start_line = 1
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '\n') line++
    if (quoted) {
      if (character === '\\') i++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') {
      if (depth++ === 0 && start < 0) {
        start = i
        start_line = line
      }
    } else if ((character === '}' || character === ']') && depth > 0 && --depth === 0) {
      yield { line: start_line, text: text.slice(start, i + 1) }
      start = -1
    }
  }
  if (start >= 0) yield { line: start_line, text: text.slice(start) }
}
