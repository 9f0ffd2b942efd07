import { createHash } from 'node:crypto'
import { DEDUP_KEY_BYTES } from './schema.ts'

const TAIL = 1 + 64

/**
 * The dedup key of one problem, from its identity: the same on every tier's service and at every severity, so
 * that a resolve needs no memory of where the page went. Too long, it is a readable head and a sha256 of the whole.
 */
export function dedupKey(identity: string): string {
  if (Buffer.byteLength(identity) <= DEDUP_KEY_BYTES) return identity
  let head = identity.slice(0, DEDUP_KEY_BYTES - TAIL)
  while (Buffer.byteLength(head) > DEDUP_KEY_BYTES - TAIL) head = head.slice(0, -1)
  return `${head.replace(/[\ud800-\udbff]$/, '')}~${createHash('sha256').update(identity).digest('hex')}`
}
