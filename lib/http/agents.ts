import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import { CONNECT_MS } from './explain.ts'

export interface Agents {
  readonly httpAgent: http.Agent
  readonly httpsAgent: https.Agent
}

/** Agents whose sockets give up when they have not connected within CONNECT_MS. */
export function agents(options: https.AgentOptions): Agents {
  return { httpAgent: impatient(new http.Agent(options)), httpsAgent: impatient(new https.Agent(options)) }
}

function impatient<A extends http.Agent>(agent: A): A {
  const connect = agent.createConnection
  agent.createConnection = function createConnection(this: A, ...args: Parameters<typeof connect>) {
    const socket = connect.apply(this, args) as Socket | undefined
    if (socket) {
      const timer = setTimeout(() => socket.destroy(Object.assign(new Error('connect'), { code: 'ECONNECT_SLOW' })), CONNECT_MS)
      for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer))
    }
    return socket
  } as typeof connect
  return agent
}
