import type { Server } from 'node:http'
import type { AddressInfo, Server as TcpServer } from 'node:net'

export const KEY = 'benchmark0benchmark0benchmark000'
export const EVENT = 'assets/events/http-critical-one-server.json'

export function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The port on which it listens from now on. */
export async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
