import { oneLine, withoutSecrets } from '../deliver/text.ts'
import { writeError } from './streams.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** What a run has to say: one line each, to standard error, never with a key in it. */
export interface Log {
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

export type LogFormat = 'text' | 'json'

const MAX_UNITS = 2000

/** Lines for people (`name: warning: ...`), or JSON lines written by pino, which is loaded only for those. */
export async function createLog(name: string, format: LogFormat, secrets: readonly string[]): Promise<Log> {
  const clean = (text: string) => withoutSecrets(oneLine(text), secrets).slice(0, MAX_UNITS)
  if (format === 'json') {
    const { createJsonLog } = await import('./json-log.ts')
    return createJsonLog(name, clean)
  }
  const say = (mark: string) => (message: string) => writeError(`${name}: ${mark}${clean(message)}\n`)
  return { info: say(''), warn: say('warning: '), error: say('error: ') }
}
