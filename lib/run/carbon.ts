import { readFileSync } from 'node:fs'
import type { Carbon } from '../deliver/graphite/send.ts'
import type { Policy } from '../policy/schema.ts'
import { UsageError } from './errors.ts'

/** Where carbon is, by the policy; `tls_ca` is the file of --tls-ca. */
export function carbonOf({ host, port, protocol }: Policy['graphite'], tls_ca: string | undefined): Omit<Carbon, 'timeout'> {
  return { host, port, protocol, ...certificate(tls_ca) }
}

function certificate(file: string | undefined): { tls_ca?: string } {
  if (file === undefined) return {}
  try {
    return { tls_ca: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new UsageError(`--tls-ca: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
