import type { Event } from './event.ts'

/**
 * The stable name of one problem: `namespace/entity/check`, with `metrics` for an event without a check.
 * Characters that would make two identities look alike, or break a line, are percent-encoded; Sensu's own
 * name rules (`[\w.\-:]+`) need none of that.
 */
export function identityOf(event: Event): string {
  return identityFrom(event.namespace, event.entity.name, event.check === null ? 'metrics' : event.check.name)
}

/** The same from the names alone. */
export function identityFrom(namespace: string, entity: string, check: string): string {
  return [namespace, entity, check].map(part).join('/')
}

function part(name: string): string {
  return name.replace(/[\u0000-\u0020/%\u007f-\u00a0\u2028\u2029\ud800-\udfff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase()
    // Two digits, or `%u` and four: otherwise U+2028 would look like a space before "28".
    return code.length > 2 ? `%u${code}` : `%${code.length < 2 ? `0${code}` : code}`
  })
}
