import { createHash } from 'node:crypto'

/**
 * Names that every carbon, relay and graphite-web stores, routes and renders alike. Carbon itself takes nearly
 * anything and fails later: a blank splits a line, a line feed injects a series, a node over 251 bytes cannot
 * be a file name, and brackets or commas cannot be asked for. carbon-c-relay would rewrite what we let through.
 */
const NODE_BYTES = 200
const PATH_BYTES = 1024
const TAG_NAME_BYTES = 64
/** graphite-web keeps tags in varchar(191), and one that is too long fails the index of its whole batch. */
const TAG_VALUE_BYTES = 180

const TAIL_BYTES = 9
const GOOD_PATH = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/

/** One part of a path; an empty one becomes `_`, since carbon stores `a..b` and `a.b` in the same file. */
export function safeNode(text: string): string {
  return safe(text, /[^A-Za-z0-9_-]/gu, NODE_BYTES)
}

/** A path whose dots separate nodes. It cannot leave what it is put below: no node is empty or has a slash. */
export function safePath(text: string): string {
  const path = text.length <= NODE_BYTES && GOOD_PATH.test(text) ? text : text.split('.').map(safeNode).join('.')
  // The tail is a node of its own, so that it cannot lengthen another one past its limit.
  return path.length <= PATH_BYTES ? path : `${path.slice(0, PATH_BYTES - TAIL_BYTES).replace(/\.+$/, '')}.${digest(text)}`
}

/** The operator's prefix put before a path; stray dots in it are forgiven, and an empty one is none. */
export function below(prefix: string, path: string): string {
  const nodes = prefix.split('.').filter((node) => node !== '')
  return safePath([...nodes, path].join('.'))
}

export function safeTagName(text: string): string {
  return safe(text, /[^A-Za-z0-9_-]/gu, TAG_NAME_BYTES)
}

/**
 * Wider than a node, because a tag value is a file name nowhere (carbon hashes it) and has to stay readable:
 * `le=0.5`, `mountpoint=/var`, `entity=web-1.eu`. Without `;` and `~`, which carbon refuses, and quotes or braces.
 */
export function safeTagValue(text: string): string {
  return safe(text, /[^A-Za-z0-9_.:/+%@-]/gu, TAG_VALUE_BYTES)
}

/** Cut names end in a digest of the whole text, so that two long names cannot become one series. */
function safe(text: string, strays: RegExp, max: number): string {
  const clean = text.replace(strays, '_')
  if (clean.length > max) return `${clean.slice(0, max - TAIL_BYTES)}_${digest(text)}`
  return clean === '' ? '_' : clean
}

function digest(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, TAIL_BYTES - 1)
}
