import type { StringMap } from '../event/event.ts'

/** The words for which Sensu itself redacts an entity's labels (core/v2 entity.go); checks get no such care. */
const SENSITIVE = ['password', 'passwd', 'pass', 'apikey', 'apitoken', 'accesskey', 'secretkey', 'privatekey', 'secret', 'token']

/** The map with the values of sensitive names replaced; names are compared without case and punctuation. */
export function redacted(map: StringMap): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, isSensitive(name) ? 'REDACTED' : value]))
}

function isSensitive(name: string): boolean {
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return SENSITIVE.some((word) => bare === word || (word.length > 4 && bare.endsWith(word)))
}
