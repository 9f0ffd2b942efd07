import { pino } from 'pino'
import type { Log, LogFields } from './log.ts'
import { writeError } from './streams.ts'

/** JSON lines on standard error. Synchronous: a handler may be killed right after its last line. */
export function createJsonLog(name: string, clean: (text: string) => string): Log {
  const logger = pino(
    { name, base: { name }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write: writeError },
  )
  const cleaned = (fields: LogFields = {}) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? clean(value) : value]))
  return {
    info: (message, fields) => logger.info(cleaned(fields), clean(message)),
    warn: (message, fields) => logger.warn(cleaned(fields), clean(message)),
    error: (message, fields) => logger.error(cleaned(fields), clean(message)),
  }
}
