import type { Found, Scope } from '../finding.ts'
import { COMMAND, type Resource } from '../resource.ts'
import { wordsOf } from '../shell.ts'
import { text } from '../values.ts'
import { chainOf, nodesOf } from '../walk.ts'

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

/** Options that make most programs log. */
const LOUD = /^--(?:verbose|debug|trace)$/

/** What a pipe mutator prints besides the event becomes part of the event. */
export function* mutatorLogs({ resources, scripts }: Scope): Generator<Found> {
  for (const resource of resources) {
    if (!isPipe(resource, 'Mutator')) continue
    const command = text(resource.spec.command)
    const words = wordsOf(command)
    const found = [
      { what: '2>&1', offset: command.search(/2>\s*&1/) },
      { what: '>&2', offset: command.search(/(?<![\d&])1?>\s*&2/) },
      ...words.filter(({ text }) => LOUD.test(text)).map(({ text, offset }) => ({ what: text, offset })),
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
