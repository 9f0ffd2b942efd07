import { type Document, isScalar, type LineCounter } from 'yaml'
import { positionOf } from '../policy/position.ts'
import type { Place } from './finding.ts'
import { offsetInFile } from './scalar.ts'
import { type Fields, fields, text } from './values.ts'

export type Path = readonly (string | number)[]

/** Where handlers, mutators, checks and hooks have their command line. */
export const COMMAND: Path = ['spec', 'command']

/** A Sensu resource of a file. */
export interface Resource {
  readonly kind: string
  readonly name: string
  /** Empty when the resource leaves it to whoever applies it. */
  readonly namespace: string
  readonly spec: Fields
  /** Where a value of the resource stands, or the nearest thing around it. */
  readonly at: (path: Path) => Place
  /** Where the character at an offset of a text stands. */
  readonly inside: (path: Path, offset: number) => Place
}

const MARKS = ['type', 'api_version', 'spec']

/** A document with any of these keys is meant for Sensu, whatever is wrong with the rest of it; a policy has none of them. */
export function isResource(document: Document): boolean {
  return MARKS.some((key) => document.has(key))
}

/** Other kinds, such as Namespace or TessenConfig, have their name elsewhere or none. */
const NAMED = ['Asset', 'CheckConfig', 'EventFilter', 'Handler', 'HookConfig', 'Mutator', 'Pipeline', 'Secret']

/** What a document lacks that Sensu asks of a resource. */
export function missingParts(value: unknown): string[] {
  const { type, api_version, metadata, spec } = fields(value)
  const has: Readonly<Record<string, boolean>> = {
    type: text(type) !== '',
    api_version: text(api_version) !== '',
    'metadata.name': text(fields(metadata).name) !== '' || !NAMED.includes(text(type) || 'Handler'),
    spec: Object.keys(fields(spec)).length > 0,
  }
  return Object.keys(has).filter((part) => !has[part])
}

export function resourceOf(value: unknown, document: Document, lines: LineCounter, file: string, source: string): Resource {
  const { type, metadata, spec } = fields(value)
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { source, line, column: col }
  }
  return {
    kind: text(type),
    name: text(fields(metadata).name),
    namespace: text(fields(metadata).namespace),
    spec: fields(spec),
    at: (path) => place(positionOf(document, path)),
    inside: (path, offset) => {
      const node = document.getIn(path, true)
      return place(isScalar(node) ? offsetInFile(file, node, offset) : positionOf(document, path))
    },
  }
}
