import { styleText } from 'node:util'
import stringWidth from 'string-width'
import type { Action } from '../lib/triage/decision.ts'

export interface Row {
  readonly tier: string
  readonly action: Action
  readonly reason: string
  readonly source: string
  readonly says: string
  /** A line of its own below the row; empty for none. */
  readonly below: string
}

const HEAD = ['TIER', 'ACTION', 'REASON', 'SOURCE', 'WHY'] as const

const COLOURS = { page: 'red', resolve: 'green', hold: 'yellow', drop: 'gray', record: 'gray' } as const

/** A table for people; the last column is the sentence and may wrap. */
export function table(rows: readonly Row[], colour: boolean): string {
  const cells = rows.map(({ tier, action, reason, source, says }) => [tier, action, reason, source, says])
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((row) => stringWidth(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 4 ? cell : pad(cell, widths[column] ?? 0))).join('  ')
  const body = cells.map((row, index) => {
    const { action, below } = rows[index] as Row
    const own = colour ? styleText(COLOURS[action], line(row), { validateStream: false }) : line(row)
    return below === '' ? [own] : [own, below]
  })
  return [line(HEAD), ...body.flat()].map((text) => `${text.trimEnd()}\n`).join('')
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - stringWidth(cell)))
}
