/**
 * What Tierline costs: ratios to a bare start of the same Node, and to the same command on the previous commit,
 * all in one run, since absolute times hold on no other machine. `node scripts/bench.ts [rounds]`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bench } from 'tinybench'
import type { Alert } from '../lib/alert/alert.ts'
import { NOTHING_KNOWN } from '../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../lib/policy/defaults.ts'
import { judge } from '../lib/run/judge.ts'
import { openStore } from '../lib/state/sqlite.ts'
import { ask, FILTER_FILE, HAS_GO, OTTOS } from '../test/support/otto.ts'
import { anAlert } from '../test/support/store-records.ts'

const ROUNDS = Number(process.argv[2] ?? 30)
const PREVIOUS = '.cache/bench-previous'
const KEY = 'benchmark0benchmark0benchmark000'
const REMEMBERING = 'tierline-pagerduty over http, with a state'
const QUEUE = 10_000
const EVENT = 'assets/events/http-critical-one-server.json'

/** CPU of a start, bare node = 1, that the project sets itself. */
const LIMITS: Readonly<Record<string, number>> = { 'tierline-classify': 1.6, 'tierline-pagerduty over http': 5 }

interface Sample {
  wall: number
  cpu: number
}

/** One run of a command with the event on standard input: seconds on the wall and of processor time. */
async function measure(command: readonly string[], env: NodeJS.ProcessEnv, event = EVENT): Promise<Sample> {
  const script = `TIMEFORMAT='%3R %3U %3S'; time "$@" < ${event} > /dev/null 2> /dev/null`
  const child = spawn('bash', ['-c', script, 'bash', ...command], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  for await (const chunk of child.stderr) text += chunk
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = text.trim().split(/\s+/).map(Number)
  return { wall, cpu: user + system }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Builds the previous commit beside this one; null when there is none that can be built. */
function previousBuild(): string | null {
  try {
    execFileSync('git', ['worktree', 'prune'])
    rmSync(PREVIOUS, { recursive: true, force: true })
    execFileSync('git', ['worktree', 'add', '--force', '--detach', PREVIOUS, 'HEAD~1'], { stdio: 'ignore' })
    symlinkSync(join(process.cwd(), 'node_modules'), join(PREVIOUS, 'node_modules'))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: PREVIOUS, stdio: 'ignore' })
    return existsSync(join(PREVIOUS, 'dist/bin')) ? PREVIOUS : null
  } catch {
    return null
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function inProcess(): Promise<void> {
  const bytes = readFileSync(EVENT)
  const bench = new Bench({ time: 3000, warmupTime: 500 })
  bench.add('judge', () => {
    judge(bytes, { policy: DEFAULT_POLICY, outside: NOTHING_KNOWN, secrets: [], clock: () => 1_770_000_000 })
  })
  await bench.run()
  const [task] = bench.tasks
  const rate = task?.result.state === 'completed' ? task.result.throughput.mean : Number.NaN
  console.log(
    `reader and decision in process, ${bytes.length} bytes: ${Math.round(rate).toLocaleString('en')} events/s on one core\n`,
  )
}

/** One evaluation as Sensu makes it, VM copy included: a filter that asks `should_handle` and one that needs no asset. */
async function filters(): Promise<void> {
  if (!HAS_GO) return console.log('Go is not installed, so the filters are not measured\n')
  const event = JSON.parse(readFileSync(EVENT, 'utf8'))
  const bare = { expression: 'event.check.occurrences == 1', scripts: [], event, times: 500 }
  const ours = { expression: 'tierline.should_handle(event)', event, times: 500 }
  const closely = { expression: 'tierline.should_handle(event, {})', event, times: 500 }
  console.log(`filters, ${statSync(FILTER_FILE).size} bytes; microseconds of one evaluation, medians and least of 6 x 500\n`)
  console.log('| otto | no asset | should_handle(event) | ratio | ratio of least | with options |')
  console.log('|---|---|---|---|---|---|')
  for (const otto of OTTOS) {
    // In turns, so that a busy moment of the machine falls on all of them.
    const answers = await ask(otto, Array.from({ length: 6 }, () => [bare, ours, closely]).flat())
    const of = (which: number, part: 'least_us' | 'median_us') =>
      median(answers.filter((_, index) => index % 3 === which).map((answer) => answer[part] ?? Number.NaN))
    const ratio = (part: 'least_us' | 'median_us') => (of(1, part) / of(0, part)).toFixed(2)
    const [base, filter, slow] = [0, 1, 2].map((which) => of(which, 'median_us').toFixed(0))
    console.log(`| ${otto.name} | ${base} | ${filter} | ${ratio('median_us')} | ${ratio('least_us')} | ${slow} |`)
  }
  console.log('')
}

async function executables(): Promise<void> {
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
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, command] of runs) {
      // Of what is known already nothing would be sent, so that each has to be another problem.
      const sample = name === REMEMBERING ? await measure(command, remembering, anotherEvent(round)) : await measure(command, env)
      // The first round only warms the page cache.
      if (round > 0) samples.get(name)?.push(sample)
    }
  }
  pagerduty.close()
  carbon.close()
  if (previous !== null) execFileSync('git', ['worktree', 'remove', '--force', PREVIOUS])

  const of = (name: string, part: keyof Sample) => median((samples.get(name) ?? []).map((sample) => sample[part]))
  const ratio = (name: string, base: string, part: keyof Sample) => (of(name, part) / of(base, part)).toFixed(2)
  const memory = ratio(REMEMBERING, 'tierline-pagerduty over http', 'cpu')
  console.log(`with a state of 1,000 alerts, CPU of tierline-pagerduty over http, without one = 1: ${memory} (at most 1.35)\n`)
  console.log(
    `${ROUNDS} interleaved rounds, medians; bare node ${process.version}: ${(of('bare node', 'cpu') * 1000).toFixed(0)} ms CPU\n`,
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

/** A state with so many alerts that are open, each changed in the same way. */
async function filledState(count: number, change: Partial<Alert>): Promise<string> {
  const dir = join(mkdtempSync(join(tmpdir(), 'tierline-bench-')), 'state')
  const { store } = await openStore(dir, { now: Date.now, chance: Math.random, uid: process.getuid?.() ?? null })
  for (let index = 0; index < count; index++) {
    const entity = `web-${index}`
    const identity = `default/${entity}/http`
    const payload = { summary: `http on ${entity} is critical`, source: entity, severity: 'critical' }
    const body = { event_action: 'trigger', dedup_key: identity, payload }
    // Taken just now, so that no refresh is due.
    const accepted = { tier: 'first', wanted: 'first', severity: 'critical', at: Math.floor(Date.now() / 1000) } as const
    await store.change(identity, () => ({ alert: anAlert({ identity, entity, body, accepted, ...change }), result: null }))
  }
  store.close()
  return dir
}

/** What emptying a long queue costs in memory: as it begins and at its end, as the system sees it. */
async function longQueue(): Promise<void> {
  const seen: number[] = []
  let child: ReturnType<typeof spawn> | undefined
  const pagerduty = createHttpServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}')
      if (seen.length % 100 === 0) kept.push(residentMB(child?.pid))
      seen.push(performance.now())
    })
  })
  const kept: number[] = []
  const port = await listen(pagerduty)
  const queued_since = Math.floor(Date.now() / 1000)
  const dir = await filledState(QUEUE, {
    accepted: null,
    rung: [],
    at: { first: 'unsure', second: 'closed', third: 'closed' },
    queued_since,
  })
  const policy = join(dir, 'policy.yaml')
  writeFileSync(policy, `pagerduty: { endpoint: "http://127.0.0.1:${port}/v2/enqueue", calls_per_minute: 10000 }\n`)
  const env = { ...process.env, PAGERDUTY_TOKEN: KEY, TIERLINE_STATE_DIR: dir }
  child = spawn(process.execPath, ['dist/bin/tierline', 'drain', '--budget', '600', '--policy', policy], { env })
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  await new Promise((resolve) => child?.once('close', resolve))
  pagerduty.close()
  const secs = ((seen.at(-1) ?? 0) - (seen[0] ?? 0)) / 1000
  const [first, last, most] = [kept[1], kept.at(-1), Math.max(...kept)]
  console.log(
    `\ndrain of ${QUEUE.toLocaleString('en')} at 10,000 a minute: ${seen.length} requests in ${secs.toFixed(0)} s; ` +
      `resident MB after 100: ${first}, at the end: ${last}, at most: ${most}; it says: ${text.trim()}`,
  )
}

function residentMB(pid: number | undefined): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
  } catch {
    return Number.NaN
  }
}

await inProcess()
await filters()
await executables()
await longQueue()
