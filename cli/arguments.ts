import { closest } from '../lib/policy/closest.ts'
import { UsageError } from '../lib/run/errors.ts'

/** yargs makes a list of what is given twice. */
export function refuseRepeated(args: object, names: readonly string[]): void {
  for (const name of names) {
    if (Array.isArray((args as Record<string, unknown>)[name])) throw new UsageError(`--${name} is given more than once`)
  }
}

/** One of the words that an option knows. */
export function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const word = known.find((one) => one === text.toLowerCase())
  if (word !== undefined) return word
  throw new UsageError(`--${option}: ${JSON.stringify(text)} is not one of ${known.join(', ')}${closest(text, known)}`)
}

/** With its zone: without one it would mean another moment on every machine. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** A moment in seconds since 1970, or as ISO 8601 with its offset; null for what is neither. */
export function momentOf(text: string): number | null {
  const ms = /^\d{10}$/.test(text) ? Number(text) * 1000 : ISO_TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
}
