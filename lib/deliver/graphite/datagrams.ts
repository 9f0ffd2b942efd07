import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { failed } from './failure.ts'
import type { Carbon, GraphiteOutcome } from './outcome.ts'

/** Below the usual path MTU: a fragmented datagram is lost when any part of it is. */
const DATAGRAM_BYTES = 1399
/** How long an ICMP "port unreachable" gets to arrive: carbon's UDP listener is off by default. */
const REFUSAL_MS = 10

/** Sends whole lines in datagrams. Nothing ever confirms them; only "nobody listens there" can come back. */
export async function sendDatagrams(lines: readonly string[], carbon: Carbon): Promise<GraphiteOutcome> {
  const { createSocket } = await import('node:dgram')
  const { lookup } = await import('node:dns/promises')
  const deadline = new AbortController()
  const expired = pause(carbon.timeout * 1000, 'expired' as const, { signal: deadline.signal })
  expired.catch(() => {})
  let close = () => {}
  const send = async () => {
    const { address, family } = await lookup(carbon.host)
    if (deadline.signal.aborted) return
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    close = () => socket.close()
    const refusal = new Promise<never>((_, reject) => socket.once('error', reject).on('error', () => {}))
    refusal.catch(() => {})
    socket.connect(carbon.port, address)
    await Promise.race([once(socket, 'connect'), refusal])
    for (const datagram of datagrams(lines)) {
      await new Promise<void>((resolve, reject) => socket.send(datagram, (error) => (error ? reject(error) : resolve())))
    }
    await Promise.race([pause(REFUSAL_MS), refusal])
  }
  try {
    if ((await Promise.race([send(), expired])) === 'expired')
      return failed(carbon, `not sent within ${carbon.timeout} s: check the DNS of this machine`)
    return { outcome: 'sent', lines: lines.length, confirmed: false }
  } finally {
    deadline.abort()
    close()
  }
}

/** A line that is too long for a datagram of that size goes alone; carbon reads up to 8192 bytes. */
export function* datagrams(lines: readonly string[]): Generator<string> {
  let datagram = ''
  for (const line of lines) {
    if (datagram !== '' && datagram.length + line.length + 1 > DATAGRAM_BYTES) {
      yield datagram
      datagram = ''
    }
    // carbon-relay-ng wants the last line ended too (grafana/carbon-relay-ng#298).
    datagram += `${line}\n`
  }
  if (datagram !== '') yield datagram
}
