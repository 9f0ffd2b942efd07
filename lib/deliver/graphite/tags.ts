import type { MetricPoint, MetricTag } from '../../event/event.ts'
import { anyGlobMatches } from '../../event/glob.ts'
import { safeTagName, safeTagValue } from './names.ts'

export interface Labelled {
  /** The name without the tags that were written into it; not yet safe. */
  readonly name: string
  /** Safe names and values; where two have the same name, the last counts. */
  readonly tags: ReadonlyMap<string, string>
}

const LABEL = /\s*([^\s={},"]+)\s*=\s*"((?:\\[\s\S]|[^"\\])*)"\s*(?:,|$)/y

/**
 * The name and the tags of a point, without those that a glob of `drop_tags` matches. A tag without a value
 * says nothing (Prometheus reads it as absent, carbon refuses it).
 */
export function labelled(point: MetricPoint, drop_tags: readonly string[]): Labelled {
  const { name, tags: written } = fromName(point.name)
  const tags = new Map<string, string>()
  for (const tag of [...written, ...point.tags]) {
    if (tag.value === '' || anyGlobMatches(drop_tags, tag.name)) continue
    tags.set(safeTagName(tag.name), safeTagValue(tag.value))
  }
  return { name, tags }
}

interface Parsed {
  readonly name: string
  readonly tags: readonly MetricTag[]
}

/**
 * Tags that a parser left in the name: Prometheus text fed to `graphite_plaintext` arrives as `name{a="b"}`,
 * and agents before 6.9 pass `name;a=b` through. What does not parse is a plain name.
 */
function fromName(text: string): Parsed {
  return (text.endsWith('}') ? inBraces(text) : afterSemicolons(text)) ?? { name: text, tags: [] }
}

function inBraces(text: string): Parsed | null {
  const open = text.indexOf('{')
  if (open < 1) return null
  const labels = text.slice(open + 1, -1).trimEnd()
  const tags: MetricTag[] = []
  for (LABEL.lastIndex = 0; LABEL.lastIndex < labels.length; ) {
    const [, name, value] = LABEL.exec(labels) ?? []
    if (name === undefined || value === undefined) return null
    tags.push({ name, value: value.replace(/\\([\s\S])/g, '$1') })
  }
  return { name: text.slice(0, open), tags }
}

function afterSemicolons(text: string): Parsed | null {
  const [first = '', ...parts] = text.split(';')
  if (first === '' || parts.length === 0) return null
  const pairs = parts.map((part) => {
    const equals = part.indexOf('=')
    return { name: part.slice(0, Math.max(equals, 0)), value: part.slice(equals + 1) }
  })
  if (pairs.some((pair) => pair.name === '')) return null
  const { name, tags } = fromName(first)
  return { name, tags: [...tags, ...pairs] }
}
