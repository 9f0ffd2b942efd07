import { oneLine } from '../../lib/deliver/text.ts'
import type { Verdict } from '../../lib/mirror/verdict.ts'

const GROUPS = [
  ['pass', true],
  ['drop', false],
  ['not evaluated', null],
] as const

/** Says of each event in one line what the filters do; reasons become numbers, for most events share them. */
export function filterLines(): { readonly line: (verdicts: readonly Verdict[]) => string; readonly notes: () => string } {
  const notes: string[] = []
  const mark = (why: string | undefined): string => {
    if (why === undefined) return ''
    const note = oneLine(why)
    if (!notes.includes(note)) notes.push(note)
    return ` [${notes.indexOf(note) + 1}]`
  }
  return {
    line: (verdicts) => {
      const groups = GROUPS.flatMap(([says, passes]) => {
        const names = verdicts
          .filter((verdict) => verdict.passes === passes)
          .map((verdict) => `${calledIn(verdict)}${mark(verdict.why)}`)
        return names.length === 0 ? [] : [`${says} ${names.join(', ')}`]
      })
      return groups.length === 0 ? '' : `  filters: ${groups.join('; ')}`
    },
    notes: () => notes.map((note, index) => `[${index + 1}] ${note}\n`).join(''),
  }
}

function calledIn({ name, namespace }: Verdict): string {
  return oneLine(namespace === undefined ? name : `${namespace}/${name}`) || '(no name)'
}
