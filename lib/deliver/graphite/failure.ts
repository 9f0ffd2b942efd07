import { cut, oneLine } from '../text.ts'
import type { Carbon, GraphiteOutcome } from './outcome.ts'

type Failed = Extract<GraphiteOutcome, { outcome: 'failed' }>

/** How far a connection got: up to its opening, to our end, to the peer's. */
export type Stage = 'connecting' | 'sending' | 'closing'

export const NO_END: Readonly<Record<Stage, string>> = {
  connecting: 'while connecting: check the network and its firewalls, and graphite.host and graphite.port',
  sending: 'while sending: carbon reads slowly or not at all, check its load and MAX_CACHE_SIZE',
  closing: 'while waiting for carbon to close its side: it may not have read everything, check its load',
}

export const CLOSED_EARLY: Readonly<Record<Stage, string>> = {
  connecting: 'it closed the connection at once: check graphite.port, and whether it speaks graphite.protocol',
  sending: "it closed the connection before everything was sent: check carbon's log, it may be stopping",
  closing: "the connection ended before everything was read: check carbon's log, it may be stopping",
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name cannot be resolved: check graphite.host and the DNS of this machine',
  EAI_AGAIN: 'the name cannot be resolved just now: check the DNS of this machine',
  ECONNREFUSED: 'nothing listens there: check that carbon runs, and graphite.port and graphite.protocol',
  ECONNRESET: "the connection was reset before everything was read: check carbon's log, and whether it speaks graphite.protocol",
  EPIPE: "the connection was closed before everything was sent: check carbon's log",
  EHOSTUNREACH: 'no route to the host: check the network and its firewalls',
  ENETUNREACH: 'no route to the network: check the network of this machine',
  ETIMEDOUT: 'no answer: check the network and its firewalls',
  EPROTO: 'it does not speak TLS: check graphite.port and graphite.protocol',
}

/** A failure in words that say where and what to check; `what` may be an error of Node. */
export function failed(carbon: Carbon, what: unknown): Failed {
  const where = `${carbon.host.includes(':') ? `[${carbon.host}]` : carbon.host}:${carbon.port}`
  return { outcome: 'failed', reason: cut(oneLine(`carbon at ${where}: ${typeof what === 'string' ? what : words(what)}`), 400) }
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const cause = CAUSES[code] ?? (code.startsWith('ERR_SSL_') ? CAUSES.EPROTO : undefined)
  return cause === undefined ? `${error.message}: check the graphite options` : `${cause} (${code})`
}
