import type { AxiosError } from 'axios'
import { oneLine } from '../deliver/text.ts'

export const CONNECT_MS = 3000

/** Why there was no answer, in words for people. A `tls` error is final: another try meets the same certificate. */
export interface NoAnswer {
  readonly error: 'network' | 'tls'
  readonly why: string
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: is the address right?',
  ECONNRESET: 'broke the connection off',
  ECONNECT_SLOW: `did not take the connection within ${CONNECT_MS / 1000} s: does a firewall or proxy stand between?`,
  ENOTFOUND: 'has no address in DNS: check the name and the resolver',
  EAI_AGAIN: 'could not be looked up: the resolver does not answer',
  ENETUNREACH: 'cannot be reached: there is no route to it',
  EHOSTUNREACH: 'cannot be reached: there is no route to it',
}

/** `late`: our own limit ran out. `cure` is what to do about a certificate that cannot be trusted. */
export function explain(error: AxiosError, host: string, late: boolean, cure: string): NoAnswer {
  const code = error.code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (isCertificateError(code)) {
    return { error: 'tls', why: `${host} has a certificate that cannot be trusted (${code}): ${cure}` }
  }
  if (/^(EPROTO|ERR_SSL_)/.test(code)) {
    return { error: 'tls', why: `${host} does not speak TLS (${code}): is it an http address, or another port?` }
  }
  if (late || code === 'ECONNABORTED' || code === 'ETIMEDOUT') return { error: 'network', why: `${host} did not answer in time` }
  const words = WORDS[code]
  return { error: 'network', why: words === undefined ? `${host}: ${oneLine(error.message).slice(0, 200)}` : `${host} ${words}` }
}

function isCertificateError(code: string): boolean {
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|HOSTNAME_MISMATCH)/.test(code)
}
