import { type Comment, Parser, type Program } from 'acorn'

/** A script as ES5, or as anything newer with what ES5 has against it, or only the complaint. */
export interface Parsed {
  readonly program: Program | null
  readonly complaint: { readonly offset: number; readonly says: string } | null
}

/** Regular expressions are judged by RE2's rules elsewhere, so acorn's own are left out. */
const Lenient = Parser.extend(
  (Base) =>
    class extends Base {
      validateRegExpFlags(): void {}
      validateRegExpPattern(): void {}
    },
)

/** Parses a script; `returns` when it is the body of a function, as the `eval` of a mutator is. */
export function parseScript(text: string, returns: boolean): Parsed {
  const comments: Comment[] = []
  const parse = (ecmaVersion: 5 | 'latest') =>
    Lenient.parse(text, { ecmaVersion, allowReturnOutsideFunction: returns, onComment: ecmaVersion === 5 ? comments : [] })
  try {
    const program = parse(5)
    const open = returns ? comments.find(({ type, end }) => type === 'Line' && end === text.length) : undefined
    return { program, complaint: open === undefined ? null : { offset: open.start, says: OPEN_COMMENT } }
  } catch (old) {
    try {
      return { program: parse('latest'), complaint: complaintOf(old) }
    } catch (error) {
      // What no edition takes: the newest parser comes furthest and says it best.
      return { program: null, complaint: complaintOf(error) }
    }
  }
}

export const ENGINE = "Sensu's JavaScript engine takes ES5"

/** Sensu puts the `eval` of a mutator between `(function () { ` and ` }())`, on the same line. */
const OPEN_COMMENT = 'a // comment at the end hides what Sensu puts behind it: take it out, or write /* */'

function complaintOf(error: unknown): { offset: number; says: string } {
  const { pos, message } = error as { pos?: number; message: string }
  return { offset: pos ?? 0, says: `${message.replace(/ \(\d+:\d+\)$/, '')}: ${ENGINE}` }
}
