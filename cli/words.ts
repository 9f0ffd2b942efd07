import { instant } from '../lib/triage/words.ts'

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** `45 s`, `2 h 5 min`, `3 d`: two units at the most, and nothing rounded up. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const first = UNITS.findIndex(([unit]) => whole >= unit)
  if (first < 0) return '0 s'
  let left = whole
  const parts = UNITS.slice(first, first + 2).map(([unit, name]) => {
    const count = Math.floor(left / unit)
    left -= count * unit
    return count === 0 ? '' : `${count} ${name}`
  })
  return parts.filter((part) => part !== '').join(' ')
}

/** `2026-03-29T07:00:00Z, 2 h 5 min ago`, or `in 45 s`. */
export function when(at: number, now: number): string {
  return `${instant(at)}, ${at > now ? `in ${duration(at - now)}` : `${duration(now - at)} ago`}`
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** JSON on one line without a character that a terminal would obey: those below a space JSON escapes itself. */
export function jsonLine(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `${JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped)}\n`
}
