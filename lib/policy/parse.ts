import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { crossField } from './cross-field.ts'
import { explainIssue } from './issues.ts'
import { positionOf } from './position.ts'
import { salvage } from './salvage.ts'
import { Policy } from './schema.ts'

/** What a policy file says: the policy with its defaults, what the file itself set, and warnings; or its errors. */
export type ParsedPolicy =
  | { readonly policy: Policy; readonly given: unknown; readonly warnings: readonly string[] }
  /** `salvaged` is what the file says about where things go, and the defaults for all else. */
  | { readonly errors: readonly string[]; readonly salvaged: Policy }

/**
 * Reads the text of a policy file. Errors and warnings are lines of the form
 * `tierline.yaml:12:5: rules[0].tier: ...`, so that an editor can jump there.
 */
export function parsePolicy(text: string, file: string): ParsedPolicy {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  let given: unknown
  try {
    given = document.toJS() ?? {}
  } catch (error) {
    // An alias that nothing defines, or so many that they would fill the memory.
    const says = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { errors: [`${file}:1:1: ${says}`], salvaged: salvage({}) }
  }
  const place = (path: readonly PropertyKey[], key?: string) => at(positionOf(document, path, key))
  if (document.errors.length > 0) {
    const errors = document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`)
    return { errors, salvaged: salvage(given) }
  }
  const result = Policy.safeParse(given)
  if (!result.success) {
    return { errors: result.error.issues.flatMap((issue) => explain(issue, given, place)), salvaged: salvage(given) }
  }
  const findings = crossField(result.data, given)
  const said = (level: 'error' | 'warning') =>
    findings.filter((finding) => finding.level === level).map(({ path, says }) => `${place(path)}: ${dotted(path)}: ${says}`)
  const errors = said('error')
  return errors.length > 0 ? { errors, salvaged: salvage(given) } : { policy: result.data, given, warnings: said('warning') }
}

function explain(
  issue: z.core.$ZodIssue,
  given: unknown,
  place: (path: readonly PropertyKey[], key?: string) => string,
): string[] {
  return explainIssue(issue, given).map(({ path, key, says }) => {
    const name = dotted(key === undefined ? path : [...path, key])
    return `${place(path, key)}: ${name === '' ? '' : `${name}: `}${says}`
  })
}

/** `rules[0].match.check` of `['rules', 0, 'match', 'check']`. */
function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}
