import { isWebAddress } from '../../event/settings.ts'
import { SEVERITIES, type StatusMap } from '../../event/severity.ts'
import { UsageError } from '../errors.ts'

/** Parsers of option texts: each returns the value, or throws UsageError with what to write instead. */

export function asText(text: string): string {
  if (text === '') throw new UsageError('is empty')
  return text
}

export function asSwitch(text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new UsageError(`${JSON.stringify(text)} is neither true nor false`)
}

export function asSeconds(least: number, most: number): (text: string) => number {
  return (text) => {
    const seconds = /^\d+(\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : Number.NaN
    if (seconds >= least && seconds <= most) return seconds
    throw new UsageError(`${JSON.stringify(text)} is not a number of seconds from ${least} to ${most}`)
  }
}

export function asPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new UsageError(`${JSON.stringify(text)} is not a port from 1 to 65535`)
}

export function asOneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((one) => one === text.toLowerCase())
    if (value !== undefined) return value
    throw new UsageError(`${JSON.stringify(text)} is not one of ${values.join(', ')}`)
  }
}

export function asWebAddress(text: string): string {
  if (isWebAddress(text) && URL.canParse(text)) return text
  throw new UsageError('is not a full http(s) address such as https://example.org/path')
}

/** The status map of the Go handler: `{"warning": [1], "critical": [2, 3]}`; what it leaves out keeps no status. */
export function asStatusMap(text: string): StatusMap {
  const shape = 'write JSON such as {"warning": [1], "critical": [2]}'
  let map: unknown
  try {
    map = JSON.parse(text)
  } catch {
    throw new UsageError(`is not JSON: ${shape}`)
  }
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw new UsageError(`is not an object: ${shape}`)
  for (const [severity, statuses] of Object.entries(map)) {
    if (!(SEVERITIES as readonly string[]).includes(severity)) {
      throw new UsageError(`${JSON.stringify(severity.slice(0, 40))} is not a severity (${SEVERITIES.join(', ')}): ${shape}`)
    }
    const fits = Array.isArray(statuses) && statuses.every((status) => Number.isInteger(status) && status >= 0)
    if (!fits) throw new UsageError(`${severity} has to be a list of statuses: ${shape}`)
  }
  return map as StatusMap
}
