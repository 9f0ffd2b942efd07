import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * How a peer can treat a connection:
 * - `good`: reads to our end, then closes, as carbon does.
 * - `reset`: resets after the first bytes. `early_fin`: closes its side after the first bytes.
 * - `never_fin`: reads everything and stays open. `slow`: as good, with pauses. `black_hole`: reads nothing.
 */
export type Behaviour = 'good' | 'reset' | 'early_fin' | 'never_fin' | 'slow' | 'black_hole'

export interface FakeCarbon {
  readonly port: number
  /** The lines read so far, over all connections; an unfinished one is not counted, as carbon throws it away. */
  readonly lines: () => string[]
  /** Connections that are open now. */
  readonly open: () => number
  readonly stop: () => Promise<void>
}

export async function fakeCarbon(behaviour: Behaviour): Promise<FakeCarbon> {
  const sockets = new Set<Socket>()
  const received: string[] = []
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    if (behaviour === 'black_hole') return
    const texts: string[] = []
    const index = received.push('') - 1
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      texts.push(text)
      received[index] = texts.join('')
      if (behaviour === 'reset') socket.resetAndDestroy()
      if (behaviour === 'early_fin') socket.pause().end()
      if (behaviour === 'slow') {
        socket.pause()
        void pause(5).then(() => socket.resume())
      }
    })
    if (behaviour !== 'never_fin' && behaviour !== 'early_fin') socket.on('end', () => socket.end())
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    lines: () => received.flatMap((text) => text.split('\n').slice(0, -1)),
    open: () => sockets.size,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
