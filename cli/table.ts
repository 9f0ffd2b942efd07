import { styleText } from 'node:util'
import stringWidth from 'string-width'
import type { Io } from '../lib/run/io.ts'

export type Colour = 'red' | 'green' | 'yellow' | 'gray'

export interface Row {
  readonly cells: readonly string[]
  /** null for the terminal's own. */
  readonly colour: Colour | null
  /** A line of its own below the row; empty for none. */
  readonly below: string
}

/** Of decisions and of deliveries. */
const COLOURS: Readonly<Record<string, Colour>> = {
  page: 'red',
  resolve: 'green',
  hold: 'yellow',
  sent: 'green',
  queued: 'yellow',
  rejected: 'red',
  failed: 'red',
}

export function colourOf(what: string): Colour {
  return COLOURS[what] ?? 'gray'
}

/** A table for people; the last column may wrap. */
export function table(head: readonly string[], rows: readonly Row[], colour: boolean): string {
  const widths = head.map((title, column) =>
    rows.reduce((width, { cells }) => Math.max(width, widthOf(cells[column] ?? '')), title.length),
  )
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === head.length - 1 ? cell : pad(cell, widths[column] ?? 0))).join('  ')
  const body = rows.flatMap(({ cells, colour: own, below }) => {
    const text = line(cells).trimEnd()
    const shown = colour && own !== null ? styleText(own, text, { validateStream: false }) : text
    return below === '' ? [shown] : [shown, below]
  })
  return [line(head), ...body].map((text) => `${text.trimEnd()}\n`).join('')
}

/** Colour only on a terminal, and not where NO_COLOR is set (no-color.org). */
export function inColour(io: Io): boolean {
  return io.stdout_is_terminal && !io.env.NO_COLOR
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)))
}

function widthOf(cell: string): number {
  // What string-width says of plain text too, but at once: journals are long.
  return /^[ -~]*$/.test(cell) ? cell.length : stringWidth(cell)
}
