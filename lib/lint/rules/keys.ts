import type { Found, Scope } from '../finding.ts'
import { COMMAND } from '../resource.ts'
import { wordsOf } from '../shell.ts'
import { text } from '../values.ts'

/** A key on a command line is seen by every user of the machine; what it is, is not repeated here. */
export function* keyInCommand({ resources }: Scope): Generator<Found> {
  for (const { kind, spec, inside } of resources) {
    const words = wordsOf(text(spec.command))
    let is_told = false
    for (const [index, word] of words.entries()) {
      const next = words[index + 1]?.text ?? ''
      const option = optionOf(word.text, next, kind)
      const what = option ?? (is_told ? null : keyIn(word.text))
      // What follows an option was told of with it.
      is_told = option !== null && !word.text.includes('=')
      if (what === null) continue
      yield {
        place: inside(COMMAND, word.offset),
        says: `${what} is seen by every user of the machine: pass it in an environment variable, by secrets`,
      }
    }
  }
}

/** Which keys are secret; `--sort-key` and `--key` are mostly not. */
const SECRET =
  '(?:token|secret|passw(?:or)?d|(?:api|auth|access|account|integration|routing|service|pager-?duty|opsgenie)[-_]?key)'
const OPTION = new RegExp(`^--?[\\w-]*${SECRET}(?:=(.*))?$`, 'is')
/** The shell's own command line shows what is set in it, but for what it takes from another variable. */
const ASSIGNMENT = new RegExp(`^([A-Z]\\w*${SECRET}\\w*)=(?!\\$|$)`, 'i')
const FILE = /^(?:[.~]?\/|@)/

/** An option, or a variable that is set before a command, with a key in it or behind it. */
function optionOf(word: string, next: string, kind: string): string | null {
  const [option, value = next] = OPTION.exec(word) ?? []
  if (option !== undefined) return value === '' || FILE.test(value) ? null : `the value of ${word.replace(/=.*/s, '')}`
  // A check's -t is mostly a timeout.
  if (word === '-t' && /^(?:Handler|Mutator)$/.test(kind) && !/^[\d.]*$/.test(next)) return 'the value of -t'
  const [assignment, name] = ASSIGNMENT.exec(word) ?? []
  return assignment === undefined || FILE.test(word.slice(assignment.length)) ? null : `the value of ${name}`
}

const KEYS: readonly (readonly [RegExp, string])[] = [
  [/authorization:\s*\S/i, 'the Authorization header'],
  [/^[a-z][\w+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i, 'the password in the address'],
  // A key of PagerDuty or of most others: 32 letters and digits, both among them.
  [/(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32}(?![A-Za-z0-9])/, 'what looks like a key'],
]

function keyIn(word: string): string | null {
  return KEYS.find(([looks]) => looks.test(word))?.[1] ?? null
}
