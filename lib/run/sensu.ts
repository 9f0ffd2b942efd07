import { readFileSync } from 'node:fs'
import { type Access, accessOf } from '../sensu/access.ts'
import type { Io } from './io.ts'

/** What the command line says; it wins over the environment. */
export interface SensuFlags {
  /** Addresses with commas between. */
  readonly url?: string | undefined
  readonly ca_file?: string | undefined
}

/** `sensu-backend` listens there by default, and commands of the operator run beside it. */
const DEFAULT_URL = 'http://127.0.0.1:8080'

/**
 * How to reach Sensu: SENSU_API_URL, SENSU_API_KEY or the file of SENSU_API_KEY_FILE, and SENSU_CA_FILE. The key has no
 * flag, since every user of the machine sees a command line.
 */
export function sensuAccess(env: Io['env'], flags: SensuFlags = {}): Access | { readonly fault: string } {
  const urls = flags.url ?? (env.SENSU_API_URL?.trim() || DEFAULT_URL)
  const ca_file = flags.ca_file ?? env.SENSU_CA_FILE?.trim()
  const ca = ca_file ? contents(ca_file, flags.ca_file === undefined ? 'SENSU_CA_FILE' : '--sensu-ca') : null
  if (ca !== null && 'fault' in ca) return ca
  const own = env.SENSU_API_KEY?.trim()
  const key_file = env.SENSU_API_KEY_FILE?.trim()
  const key = own || !key_file ? { text: own } : contents(key_file, 'SENSU_API_KEY_FILE')
  if ('fault' in key) return key
  return accessOf({ urls, key: key.text, ca: ca === null ? null : ca.text })
}

function contents(file: string, told: string): { readonly text: string } | { readonly fault: string } {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    return { fault: `file ${file} cannot be read (${code}): check ${told}` }
  }
}
