import { type Document, LineCounter, parseAllDocuments, parseDocument } from 'yaml'
import type { Found, LintFile } from './finding.ts'
import { isResource, missingParts, type Resource, resourceOf } from './resource.ts'

// An odd key is no reason for yaml to print a warning of its own.
const OPTIONS = { merge: true, prettyErrors: false, logLevel: 'error' } as const

export interface Reading {
  readonly resources: readonly Resource[]
  readonly unreadable: readonly Found[]
  readonly incomplete: readonly Found[]
}

/** The resources of a YAML or JSON file; null when nothing in it is meant for Sensu. Never throws. */
export function readResources({ source, text }: LintFile): Reading | null {
  const resources: Resource[] = []
  const unreadable: Found[] = []
  const incomplete: Found[] = []
  let is_meant = false
  for (const { document, lines } of documentsOf(text)) {
    const place = (offset: number) => {
      const { line, col } = lines.linePos(offset)
      return { source, line, column: col }
    }
    const start = document.contents?.range?.[0] ?? document.range?.[0] ?? 0
    const { value, error } = contentOf(document)
    is_meant ||= isResource(document)
    if (error !== null) unreadable.push({ place: place(error.offset ?? start), says: error.says })
    else if (value !== null) {
      const missing = missingParts(value)
      if (missing.length > 0) incomplete.push({ place: place(start), says: `the resource lacks ${missing.join(', ')}` })
      resources.push(resourceOf(value, document, lines, text, source))
    }
  }
  return is_meant ? { resources, unreadable, incomplete } : null
}

interface Read {
  readonly document: Document
  readonly lines: LineCounter
}

/** Documents parted by `---`, or JSON objects one after another as `sensuctl dump` writes them. */
function documentsOf(text: string): Read[] {
  const lines = new LineCounter()
  const documents = [...parseAllDocuments(text, { ...OPTIONS, lineCounter: lines })]
  const slices = documents.some(({ errors }) => errors.length > 0) ? objectsOf(text) : []
  if (slices.length < 2) return documents.map((document) => ({ document, lines }))
  return slices.map(([start, end]) => {
    // Blanks before it keep every line and column.
    const padded = text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start, end)
    const counter = new LineCounter()
    return { document: parseDocument(padded, { ...OPTIONS, lineCounter: counter }), lines: counter }
  })
}

/** Start and end of every object of a stream of JSON. */
function objectsOf(text: string): [number, number][] {
  const found: [number, number][] = []
  if (!text.trimStart().startsWith('{')) return found
  let depth = 0
  let start = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{' && depth++ === 0) start = index
    if (token === '}' && --depth === 0) found.push([start, index + 1])
  }
  return found
}

function contentOf(document: Document): { value: unknown; error: { offset: number | null; says: string } | null } {
  const [first] = document.errors
  try {
    const value: unknown = document.toJS()
    const says = first?.message.split('\n')[0] ?? ''
    return { value, error: first === undefined ? null : { offset: first.pos[0], says } }
  } catch (error) {
    // An alias that nothing defines, or so many that they would fill the memory.
    return { value: null, error: { offset: null, says: String((error as Error).message).split('\n')[0] ?? '' } }
  }
}
