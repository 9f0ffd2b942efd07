import { connect, isIP, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { CLOSED_EARLY, failed, NO_END, type Stage } from './failure.ts'
import type { Carbon, GraphiteOutcome } from './outcome.ts'

const CHUNK_CHARACTERS = 65_536

/**
 * Connects, writes all, closes our half and waits until the peer closes its own. Carbon never answers, but it
 * closes only after it has parsed everything up to our end, so that is the one acknowledgement there is.
 * A close before our end, a reset or silence past the deadline mean that lines may be lost.
 */
export async function sendStream(lines: readonly string[], carbon: Carbon): Promise<GraphiteOutcome> {
  const until = Date.now() + carbon.timeout * 1000
  const socket = carbon.protocol === 'tls' ? await tlsSocket(carbon) : connect(address(carbon))
  return new Promise((resolve) => {
    let stage: Stage = 'connecting'
    let outcome: GraphiteOutcome | null = null
    const settle = (result: GraphiteOutcome) => {
      outcome ??= result
      socket.destroy()
    }
    const timer = setTimeout(
      () => settle(failed(carbon, `no end after ${carbon.timeout} s ${NO_END[stage]}`)),
      Math.max(until - Date.now(), 0),
    )
    socket.once(carbon.protocol === 'tls' ? 'secureConnect' : 'connect', () => {
      stage = 'sending'
      // Reading is what notices that the peer is gone.
      socket.resume()
      Readable.from(chunks(lines), { objectMode: false }).pipe(socket)
    })
    socket.once('finish', () => {
      stage = 'closing'
    })
    socket.once('end', () =>
      settle(
        stage === 'closing' ? { outcome: 'sent', lines: lines.length, confirmed: true } : failed(carbon, CLOSED_EARLY[stage]),
      ),
    )
    socket.on('error', (error) => settle(failed(carbon, distrust(socket) ?? error)))
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(outcome ?? failed(carbon, CLOSED_EARLY[stage]))
    })
  })
}

async function tlsSocket(carbon: Carbon): Promise<Socket> {
  const tls = await import('node:tls')
  return tls.connect({
    ...address(carbon),
    ...(isIP(carbon.host) === 0 ? { servername: carbon.host } : {}),
    // An own list takes the place of the usual one, and ours is meant to add to it.
    ...(carbon.tls_ca === undefined ? {} : { ca: [...tls.getCACertificates('default'), carbon.tls_ca] }),
  })
}

function address(carbon: Carbon) {
  return { host: carbon.host, port: carbon.port }
}

function distrust(socket: Socket): string | null {
  const why = 'authorizationError' in socket ? socket.authorizationError : null
  return why
    ? `its certificate is not trusted (${String(why)}): check the CA file, and that the certificate names this host`
    : null
}

function* chunks(lines: readonly string[]): Generator<string> {
  let chunk = ''
  for (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}
