import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const { spec } = parse(readFileSync('assets/sensu/hooks/tierline-lifecycle.yaml', 'utf8')) as { spec: { command: string } }
const TOKEN = 'AQAEAtoken=='

/** An instance metadata service that wants version 2, and what it was asked. */
async function metadataService(state: string | null) {
  const seen: string[] = []
  const answer = ({ method, url, headers }: IncomingMessage): [number, string] => {
    seen.push(`${method} ${url}`)
    if (method === 'PUT' && url === '/latest/api/token' && headers['x-aws-ec2-metadata-token-ttl-seconds'] === '60')
      return [200, TOKEN]
    if (headers['x-aws-ec2-metadata-token'] !== TOKEN) return [401, 'Unauthorized']
    return url === '/latest/meta-data/autoscaling/target-lifecycle-state' && state !== null ? [200, state] : [404, 'Not Found']
  }
  const server = createServer((request, response) => {
    const [status, body] = answer(request)
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { seen, port: (server.address() as AddressInfo).port, stop: () => server.close() }
}

/** The hook as an agent runs it, with another address; a proxy in the environment must not matter. */
async function hook(port: number): Promise<string> {
  const command = spec.command.replace('http://169.254.169.254', `http://127.0.0.1:${port}`)
  const env = { ...process.env, http_proxy: 'http://127.0.0.1:1' }
  // Its status is of no account: only what it printed gets into the event.
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env }).catch((error: { stdout: string }) => error)
  return stdout
}

describe('the hook that asks for the target lifecycle state', () => {
  it.each(['InService', 'Terminated', 'Warmed:Stopped'])('%s', async (state) => {
    const service = await metadataService(state)
    expect(await hook(service.port)).toBe(state)
    expect(service.seen).toEqual(['PUT /latest/api/token', 'GET /latest/meta-data/autoscaling/target-lifecycle-state'])
    service.stop()
  })

  it('a machine of no group: nothing', async () => {
    const service = await metadataService(null)
    expect(await hook(service.port)).toBe('')
    service.stop()
  })

  it('no such service: nothing', async () => {
    const service = await metadataService(null)
    service.stop()
    expect(await hook(service.port)).toBe('')
  })
})
