import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

export const KEYS = {
  first: 'firstlinefirstlinefirstline00001',
  second: 'secondlinesecondlinesecondli0002',
  third: 'thirdlinethirdlinethirdline00003',
  shared: 'sharedsharedsharedsharedshared00',
} as const

export const THREE_KEYS = {
  PAGERDUTY_TOKEN_FIRST: KEYS.first,
  PAGERDUTY_TOKEN_SECOND: KEYS.second,
  PAGERDUTY_TOKEN_THIRD: KEYS.third,
}

export interface Ran {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly stdout_bytes: Buffer
  readonly ms: number
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Gets what ends the command and all its children at once, as Sensu does when a handler's time is over. */
  readonly started?: (kill: () => void) => void
}

/**
 * Runs a command line the way Sensu does: `sh -c`, the built executables first on PATH, the event on standard
 * input. Whatever the command prints is searched for the keys of its environment and for KEYS: none may be in it.
 */
export async function run(command: string, { stdin = '', env = {}, started }: RunOptions = {}): Promise<Ran> {
  const begun = performance.now()
  const child = spawn('sh', ['-c', command], {
    env: {
      PATH: `${process.cwd()}/dist/bin:${process.env.PATH}`,
      HOME: '/nonexistent',
      TZ: 'UTC',
      TIERLINE_STATE_DIR: 'none',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: started !== undefined,
  })
  started?.(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
  })
  // A command need not read its input; the pipe then breaks, and that is no failure of the test.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const [stdout_bytes, stderr] = await Promise.all([collect(child.stdout), collect(child.stderr)])
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve([child.exitCode, child.signalCode])
    else child.once('exit', (code, signal) => resolve([code, signal]))
  })
  const ran = {
    code,
    signal,
    stdout: stdout_bytes.toString(),
    stderr: stderr.toString(),
    stdout_bytes,
    ms: performance.now() - begun,
  }
  expectNoKey(`${ran.stdout}${ran.stderr}`, env)
  return ran
}

/** The shared check: no text holds any twelve characters in a row of a key. */
export function expectNoKey(text: string, env: RunOptions['env'] = {}): void {
  const from_env = Object.entries(env ?? {}).flatMap(([name, value]) =>
    /TOKEN/.test(name) && !name.endsWith('_FILE') && value ? [value] : [],
  )
  for (const key of [...Object.values(KEYS), ...from_env].filter((key) => key.length >= 16)) {
    for (let start = 0; start + 12 <= key.length; start++) expect(text).not.toContain(key.slice(start, start + 12))
  }
}

export function sample(name: string): string {
  return readFileSync(`assets/events/${name}.json`, 'utf8')
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
