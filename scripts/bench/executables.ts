import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { EVENT, KEY, listen, median } from './common.ts'
import { measure, type Sample } from './measure.ts'
import { dropPreviousBuild, previousBuild } from './previous.ts'
import { filledState } from './state.ts'

const REMEMBERING = 'tierline-pagerduty over http, with a state'

/** CPU of a start, bare node = 1, that the project sets itself. */
const LIMITS: Readonly<Record<string, number>> = { 'tierline-classify': 1.6, 'tierline-pagerduty over http': 5 }

/** Starts of the executables, in so many rounds, each beside the others. */
export async function executables(rounds: number): Promise<void> {
  const pagerduty = createHttpServer((request, response) => {
    request.resume().on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}'))
  })
  const carbon = createServer({ allowHalfOpen: true }, (socket) => socket.resume().on('end', () => socket.end()))
  const port = await listen(pagerduty)
  const carbon_port = await listen(carbon)
  mkdirSync('.cache', { recursive: true })
  writeFileSync('.cache/empty.cjs', '')

  const node = process.execPath
  const commands: [string, (root: string) => string[]][] = [
    ['tierline-classify', (root) => [node, `${root}/dist/bin/tierline-classify`]],
    [
      'tierline-pagerduty over http',
      (root) => [node, `${root}/dist/bin/tierline-pagerduty`, '-e', `http://127.0.0.1:${port}/v2/enqueue`],
    ],
    ['tierline-graphite over tcp', (root) => [node, `${root}/dist/bin/tierline-graphite`, '-p', String(carbon_port)]],
    ['tierline dry-run, one event', (root) => [node, `${root}/dist/bin/tierline`, 'dry-run', '-']],
  ]
  const previous = previousBuild()
  const runs: [string, string[]][] = [['bare node', [node, '.cache/empty.cjs']]]
  for (const [name, command] of commands) {
    runs.push([name, command('.')])
    if (previous !== null) runs.push([`${name} (previous)`, command(previous)])
  }
  const samples = new Map<string, Sample[]>(runs.map(([name]) => [name, []]))
  const env = { ...process.env, PAGERDUTY_TOKEN: KEY, TIERLINE_STATE_DIR: 'none' }
  const remembering = { ...env, TIERLINE_STATE_DIR: await filledState(1000, {}) }
  runs.push([REMEMBERING, commands[1]?.[1]('.') ?? []])
  samples.set(REMEMBERING, [])
  for (let round = 0; round <= rounds; round++) {
    for (const [name, command] of runs) {
      // Of what is known already nothing would be sent, so that each has to be another problem.
      const sample = name === REMEMBERING ? await measure(command, remembering, anotherEvent(round)) : await measure(command, env)
      // The first round only warms the page cache.
      if (round > 0) samples.get(name)?.push(sample)
    }
  }
  pagerduty.close()
  carbon.close()
  if (previous !== null) dropPreviousBuild()

  const of = (name: string, part: keyof Sample) => median((samples.get(name) ?? []).map((sample) => sample[part]))
  const ratio = (name: string, base: string, part: keyof Sample) => (of(name, part) / of(base, part)).toFixed(2)
  const memory = ratio(REMEMBERING, 'tierline-pagerduty over http', 'cpu')
  console.log(`with a state of 1,000 alerts, CPU of tierline-pagerduty over http, without one = 1: ${memory} (at most 1.35)\n`)
  console.log(
    `${rounds} interleaved rounds, medians; bare node ${process.version}: ${(of('bare node', 'cpu') * 1000).toFixed(0)} ms CPU\n`,
  )
  console.log('| command | CPU ms | CPU, bare node = 1 | at most | wall, bare node = 1 | CPU, previous commit = 1 |')
  console.log('|---|---|---|---|---|---|')
  for (const [name] of commands) {
    const before = previous === null ? '-' : ratio(name, `${name} (previous)`, 'cpu')
    const cpu = (of(name, 'cpu') * 1000).toFixed(0)
    console.log(
      `| ${name} | ${cpu} | ${ratio(name, 'bare node', 'cpu')} | ${LIMITS[name] ?? '-'} | ${ratio(name, 'bare node', 'wall')} | ${before} |`,
    )
  }
}

function anotherEvent(round: number): string {
  const event = JSON.parse(readFileSync(EVENT, 'utf8'))
  event.entity.metadata.name = `bench-${round}`
  writeFileSync('.cache/another-event.json', JSON.stringify(event))
  return '.cache/another-event.json'
}
