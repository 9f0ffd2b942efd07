import * as http from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

interface Asked {
  /** CONNECT for a tunnel, else the method of a request that was forwarded. */
  readonly method: string
  /** `host:port` of a tunnel, else the absolute address. */
  readonly target: string
  readonly authorized: boolean
}

export interface ConnectProxy {
  /** For HTTPS_PROXY or HTTP_PROXY, with the user name and password in it. */
  readonly url: string
  readonly port: number
  readonly asked: readonly Asked[]
  stop(): Promise<void>
}

export interface ProxyOptions {
  /** Without, anybody may use it. */
  readonly auth?: { readonly username: string; readonly password: string }
}

/** An HTTP proxy that tunnels by CONNECT, forwards plain requests, and remembers what it was asked. */
export async function startConnectProxy({ auth }: ProxyOptions = {}): Promise<ConnectProxy> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const credentials = auth ? Buffer.from(`${auth.username}:${auth.password}`).toString('base64') : null

  /** Remembers what was asked, and whether it may be done. */
  function admits(request: http.IncomingMessage): boolean {
    const authorized = credentials === null || request.headers['proxy-authorization'] === `Basic ${credentials}`
    asked.push({ method: request.method ?? '', target: request.url ?? '', authorized })
    return authorized
  }

  function track<S extends Socket>(socket: S): S {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }

  function forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (!admits(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end()
      return
    }
    if (!request.url?.startsWith('http://') || !URL.canParse(request.url)) {
      response.writeHead(400).end()
      return
    }
    const headers = { ...request.headers }
    delete headers['proxy-authorization']
    delete headers['proxy-connection']
    const onward = http.request(request.url, { method: request.method ?? 'GET', headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    onward.on('socket', track)
    request.pipe(onward)
  }

  function tunnel(request: http.IncomingMessage, client: Socket, head: Buffer): void {
    const target = URL.canParse(`http://${request.url}`) ? new URL(`http://${request.url}`) : null
    if (!admits(request)) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      )
      return
    }
    if (!target) {
      client.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
      return
    }
    // A URL drops its scheme's own port.
    const upstream = track(connect(Number(target.port || 80), target.hostname.replace(/^\[|\]$/g, '')))
    let connected = false
    upstream.once('connect', () => {
      connected = true
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      client.pipe(upstream).pipe(client)
    })
    upstream.once('error', () =>
      connected ? client.destroy() : client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
    )
    upstream.once('close', () => connected && client.destroy())
    client.once('close', () => upstream.destroy())
  }

  const server = http.createServer(forward).on('connect', tunnel).on('connection', track)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const login = auth ? `${encodeURIComponent(auth.username)}:${encodeURIComponent(auth.password)}@` : ''
  return {
    url: `http://${login}127.0.0.1:${port}`,
    port,
    asked,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
