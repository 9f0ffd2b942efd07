import type { Found, Scope } from '../finding.ts'
import type { Resource } from '../resource.ts'
import { wordsOf } from '../shell.ts'
import { text } from '../values.ts'
import { chainOf, nodesOf } from '../walk.ts'

const COMMAND = ['spec', 'command']

function isPipe({ kind, spec }: Resource, of: string): boolean {
  return kind === of && (spec.type === undefined || spec.type === '' || spec.type === 'pipe')
}

/** Without a timeout a command that hangs holds one of the backend's workers for good. */
export function* noTimeout({ resources }: Scope): Generator<Found> {
  for (const resource of resources) {
    if (!isPipe(resource, 'Handler') || Number(resource.spec.timeout ?? 0) > 0) continue
    const says = `the handler ${resource.name} has no timeout: one that hangs keeps a worker of the backend for good`
    yield { place: resource.at(['spec', 'timeout']), says }
  }
}

const SECRET_OPTION = /^--[\w-]*(?:token|secret|password|api-?key|routing-?key|service-?key)(?:=(.*))?$/i
/** A key of PagerDuty or of most others: 32 letters and digits, both among them. */
const KEY = /(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32}(?![A-Za-z0-9])/

/** A key on a command line is seen by every user of the machine; what it is, is not repeated here. */
export function* keyInCommand({ resources }: Scope): Generator<Found> {
  for (const { kind, spec, inside } of resources) {
    const words = wordsOf(text(spec.command))
    for (const [index, word] of words.entries()) {
      const next = words[index + 1]?.text ?? ''
      // A check's -t is mostly a timeout.
      const short = word.text === '-t' && /^(?:Handler|Mutator)$/.test(kind) && !/^[\d.]*$/.test(next)
      const [long, value] = SECRET_OPTION.exec(word.text) ?? []
      const given = short || (long !== undefined && (value ?? next) !== '')
      if (!given && !KEY.test(word.text)) continue
      const what = given ? `the value of ${word.text.replace(/=.*/s, '')}` : 'what looks like a key'
      // The key itself was told already with the option before it.
      if (!given && index > 0 && isGiven(words[index - 1]?.text ?? '', kind)) continue
      yield {
        place: inside(COMMAND, word.offset),
        says: `${what} is seen by every user of the machine: pass it in an environment variable, by secrets`,
      }
    }
  }
}

function isGiven(option: string, kind: string): boolean {
  return (SECRET_OPTION.test(option) && !option.includes('=')) || (option === '-t' && /^(?:Handler|Mutator)$/.test(kind))
}

/** What a pipe mutator prints besides the event becomes part of the event. */
export function* mutatorLogs({ resources, scripts }: Scope): Generator<Found> {
  for (const resource of resources) {
    if (!isPipe(resource, 'Mutator')) continue
    const command = text(resource.spec.command)
    const words = wordsOf(command)
    const found = [
      { what: '2>&1', offset: command.search(/2>\s*&1/) },
      { what: 'echo', offset: words.find(({ text }) => text === 'echo')?.offset ?? -1 },
      { what: 'set -x', offset: words.find(({ text }, at) => text === 'set' && words[at + 1]?.text === '-x')?.offset ?? -1 },
    ]
    for (const { what, offset } of found.filter(({ offset }) => offset >= 0)) {
      const says = `${what}: what a mutator prints, on either stream, becomes the event that the handler gets`
      yield { place: resource.inside(COMMAND, offset), says }
    }
  }
  for (const { use, program, at } of scripts) {
    if (use !== 'mutator' || program === null) continue
    for (const { node } of nodesOf(program)) {
      if (node.type !== 'CallExpression' || !chainOf(node.callee)?.startsWith('console.')) continue
      yield { place: at(node.start), says: 'console writes to the standard output of the backend, once for every event' }
    }
  }
}
