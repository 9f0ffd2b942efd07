import type * as z from 'zod'
import schema from '../../schemas/policy.schema.json' with { type: 'json' }
import { closest } from './closest.ts'

/** One thing wrong with a policy: where, and what to change. `key` is set when the key itself is wrong. */
export interface Explained {
  readonly path: readonly PropertyKey[]
  readonly key?: string
  readonly says: string
}

/** A complaint of zod in words for whoever writes the file. */
export function explainIssue(issue: z.core.$ZodIssue, given: unknown): Explained[] {
  const { path } = issue
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path, key, says: `unknown key${suggestion(key, keysAt(path))}` }))
    case 'invalid_value': {
      const values = issue.values.map(String)
      const value = valueAt(given, path)
      const hint = typeof value === 'string' ? closest(value, values) : ''
      return [{ path, says: `${shown(value)} is not one of ${values.join(', ')}${hint}` }]
    }
    case 'invalid_union': {
      // Only the branch that the value was meant for: the list when it is one, else the single value.
      const is_list = Array.isArray(valueAt(given, path))
      const branch = issue.errors.find(
        (errors) => is_list !== errors.some(({ path, code }) => path.length === 0 && code !== 'too_small'),
      )
      const misfit = branch?.some(({ path, code }) => path.length === 0 && code === 'invalid_type')
      if (branch && !misfit) return branch.flatMap((one) => explainIssue({ ...one, path: [...path, ...one.path] }, given))
      return [{ path, says: `${shown(valueAt(given, path))} is neither a text nor a list of texts` }]
    }
    case 'too_small':
    case 'too_big':
      return [{ path, says: sizeMessage(issue, valueAt(given, path)) }]
    case 'invalid_type':
      return [{ path, says: typeMessage(issue.expected, valueAt(given, path)) }]
    default:
      return [{ path, says: issue.message }]
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
}

function typeMessage(expected: string, value: unknown): string {
  const wanted = TYPES[expected] ?? expected
  return value === undefined ? `missing: it has to be ${wanted}` : `${shown(value)} is not ${wanted}`
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a group of keys'
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
}

function sizeMessage(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): string {
  if (issue.origin === 'array') return 'the list is empty: it needs at least one item'
  if (issue.origin === 'string') return 'the text is empty'
  const [word, limit] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum]
  return `${shown(value)} is out of range: it may be ${limit} at ${word}`
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], given)
}

/** The closest known key, or all of them when none is close. */
function suggestion(word: string, known: readonly string[]): string {
  return closest(word, known) || (known.length > 0 && known.length <= 12 ? `; known here: ${known.join(', ')}` : '')
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const node = path.reduce<SchemaNode | undefined>(
    (node, step) => (typeof step === 'number' ? node?.items : node?.properties?.[String(step)]),
    schema as SchemaNode,
  )
  return Object.keys(node?.properties ?? {})
}
