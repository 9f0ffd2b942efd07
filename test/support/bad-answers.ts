import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** One byte of an answer at a time. */
export function drip(response: ServerResponse, bytes: Buffer, interval_ms: number): void {
  response.flushHeaders()
  let sent = 0
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, ++sent))
    if (sent < bytes.length) return
    clearInterval(timer)
    response.end()
  }, interval_ms)
  response.once('close', () => clearInterval(timer))
}

/** RST instead of FIN, so that the client sees ECONNRESET and not an early end. */
export function reset(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}
