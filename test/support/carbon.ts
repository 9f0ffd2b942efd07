import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { needing } from './needing.ts'

const CACHE = '/usr/bin/carbon-cache'
const RELAY = '/usr/bin/carbon-c-relay'
const NOBODY = 65_534
const BOOT_MS = 20_000

/** `describe` for tests that need a real carbon-cache: without one they fail in CI and are skipped, aloud, elsewhere. */
export const realCarbon = needing(
  existsSync(CACHE),
  `${CACHE} is not installed: apt-get install --no-install-recommends graphite-carbon`,
)

/** The same for tests that need TLS in front of carbon too. */
export const realRelay = existsSync(CACHE)
  ? needing(existsSync(RELAY), `${RELAY} is not installed: apt-get install --no-install-recommends carbon-c-relay`)
  : realCarbon

export interface RealCarbon {
  readonly port: number
  readonly udp_port: number
  /** The points of a series' whisper file, oldest first, once there are `count` of them or `patience_ms` is over. */
  readonly stored: (series: string, count?: number, patience_ms?: number) => Promise<Stored[]>
  readonly header: (series: string) => WhisperHeader
  readonly log: () => string
  readonly stop: () => Promise<void>
}

export interface Stored {
  readonly time: number
  readonly value: number
}

interface WhisperHeader {
  readonly aggregation: 'average' | 'sum' | 'last' | 'max' | 'min' | 'other'
  readonly x_files_factor: number
  readonly archives: readonly { readonly offset: number; readonly step: number; readonly slots: number }[]
}

export interface CarbonFiles {
  readonly schemas?: string
  readonly aggregation?: string
  readonly settings?: Readonly<Record<string, string>>
}

/** Boots a carbon-cache of its own on loopback, in a directory of its own, never as root. */
export async function bootCarbon(files: CarbonFiles = {}): Promise<RealCarbon> {
  const root = mkdtempSync(join(tmpdir(), 'tierline-carbon-'))
  const whisper = join(root, 'whisper')
  const [port, pickle, query, udp_port] = [await freePort(), await freePort(), await freePort(), await freePort()]
  mkdirSync(whisper)
  const settings = {
    DATABASE: 'whisper',
    STORAGE_DIR: root,
    LOCAL_DATA_DIR: whisper,
    CONF_DIR: root,
    LOG_DIR: root,
    PID_DIR: root,
    USER: '',
    LINE_RECEIVER_INTERFACE: '127.0.0.1',
    LINE_RECEIVER_PORT: port,
    PICKLE_RECEIVER_INTERFACE: '127.0.0.1',
    PICKLE_RECEIVER_PORT: pickle,
    CACHE_QUERY_INTERFACE: '127.0.0.1',
    CACHE_QUERY_PORT: query,
    ENABLE_UDP_LISTENER: 'True',
    UDP_RECEIVER_INTERFACE: '127.0.0.1',
    UDP_RECEIVER_PORT: udp_port,
    ENABLE_LOGROTATION: 'False',
    // Tagged series are stored all the same; only the index of graphite-web, which is not here, is left out.
    ENABLE_TAGS: 'False',
    MAX_CREATES_PER_MINUTE: 'inf',
    MAX_UPDATES_PER_SECOND: 'inf',
    WHISPER_SPARSE_CREATE: 'True',
    CARBON_METRIC_INTERVAL: 0,
    ...files.settings,
  }
  const conf = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`)
  writeFileSync(join(root, 'carbon.conf'), `[cache]\n${conf.join('')}`)
  // One slot a second, so that what was sent can be told apart.
  writeFileSync(join(root, 'storage-schemas.conf'), files.schemas ?? '[every]\npattern = .*\nretentions = 1s:12h\n')
  writeFileSync(
    join(root, 'storage-aggregation.conf'),
    files.aggregation ?? '[every]\npattern = .*\nxFilesFactor = 0\naggregationMethod = last\n',
  )
  const as = unprivileged(root, whisper)
  const output = join(root, 'output')
  const child = run(
    CACHE,
    [`--config=${root}/carbon.conf`, `--pidfile=${root}/pid`, `--logdir=${root}`, '--nodaemon', 'start'],
    root,
    as,
  )
  const log = () => readFileSync(output, 'utf8')
  await listening(child, port, log)
  const file = (series: string) => join(whisper, whisperPath(series))
  return {
    port,
    udp_port,
    log,
    header: (series) => readHeader(readFileSync(file(series))),
    stored: async (series, count = 1, patience_ms = 10_000) => {
      const until = Date.now() + patience_ms
      for (;;) {
        const points = existsSync(file(series)) ? readPoints(readFileSync(file(series))) : []
        if (points.length >= count || Date.now() > until) return points
        await pause(25)
      }
    },
    stop: async () => {
      await ended(child)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

export interface TlsRelay {
  readonly port: number
  /** PEM text of the certificate, which signed itself. */
  readonly certificate: string
  readonly stop: () => Promise<void>
}

/** Puts carbon-c-relay with TLS in front of a carbon, since carbon itself speaks none. */
export async function bootTlsRelay(carbon_port: number, names = 'DNS:localhost,IP:127.0.0.1'): Promise<TlsRelay> {
  const root = mkdtempSync(join(tmpdir(), 'tierline-relay-'))
  const port = await freePort()
  const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${names}`]
  const pair = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(root, 'key.pem'), '-out', join(root, 'certificate.pem')]
  const openssl = spawn('openssl', ['req', '-x509', '-days', '2', ...pair, ...subject], { stdio: 'ignore' })
  await new Promise((resolve) => openssl.once('close', resolve))
  const certificate = readFileSync(join(root, 'certificate.pem'), 'utf8')
  writeFileSync(join(root, 'both.pem'), certificate + readFileSync(join(root, 'key.pem'), 'utf8'))
  const conf = [
    `listen type linemode transport plain ssl ${root}/both.pem 127.0.0.1:${port} proto tcp ;`,
    `cluster behind forward 127.0.0.1:${carbon_port} proto tcp ;`,
    'match * send to behind stop ;',
  ]
  writeFileSync(join(root, 'relay.conf'), `${conf.join('\n')}\n`)
  const as = unprivileged(root, join(root, 'both.pem'))
  const child = run(RELAY, ['-s', '-w', '1', '-f', join(root, 'relay.conf')], root, as)
  await listening(child, port, () => readFileSync(join(root, 'output'), 'utf8'))
  return {
    port,
    certificate,
    stop: async () => {
      await ended(child)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Root gives the directories away and becomes nobody; anybody else stays who they are. */
function unprivileged(...paths: string[]): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  for (const path of paths) chownSync(path, NOBODY, NOBODY)
  return { uid: NOBODY, gid: NOBODY }
}

function run(program: string, args: string[], root: string, as: { uid?: number; gid?: number }): ChildProcess {
  const output = openSync(join(root, 'output'), 'a')
  // Without GRAPHITE_ROOT carbon's script would take /usr for it.
  const env = { PATH: '/usr/bin:/bin', GRAPHITE_ROOT: root, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', output, output], ...as })
  closeSync(output)
  return child
}

/** Waits until the port answers while *our* process lives: carbon shares ports (SO_REUSEPORT), so an answer alone proves little. */
async function listening(child: ChildProcess, port: number, log: () => string): Promise<void> {
  const until = Date.now() + BOOT_MS
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`${child.spawnfile} did not start:\n${log()}`)
    }
    await pause(20)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await end
}

/** Carbon cannot pick a port itself: 0 means that it does not listen. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** Dots are directories; a tagged series goes by the hash of its name with the tags sorted (carbon/util.py TaggedSeries). */
function whisperPath(series: string): string {
  const [name, ...tags] = series.split(';')
  if (tags.length === 0) return `${series.replaceAll('.', '/')}.wsp`
  const hash = createHash('sha256')
    .update([name, ...tags.sort()].join(';'))
    .digest('hex')
  return join('_tagged', hash.slice(0, 3), hash.slice(3, 6), `${hash}.wsp`)
}

/** whisper.py: method, longest retention, xFilesFactor and number of archives, then each archive, big-endian. */
function readHeader(bytes: Buffer): WhisperHeader {
  const methods = ['other', 'average', 'sum', 'last', 'max', 'min'] as const
  return {
    aggregation: methods[bytes.readUInt32BE(0)] ?? 'other',
    x_files_factor: bytes.readFloatBE(8),
    archives: Array.from({ length: bytes.readUInt32BE(12) }, (_, index) => {
      const at = 16 + 12 * index
      return { offset: bytes.readUInt32BE(at), step: bytes.readUInt32BE(at + 4), slots: bytes.readUInt32BE(at + 8) }
    }),
  }
}

/** Nothing while whisper is still laying the file out. */
function readPoints(bytes: Buffer): Stored[] {
  if (bytes.length < 16 || bytes.length < 16 + 12 * bytes.readUInt32BE(12)) return []
  const { archives } = readHeader(bytes)
  const finest = archives[0]
  if (!finest || archives.some((archive) => bytes.length < archive.offset + 12 * archive.slots)) return []
  return Array.from({ length: finest.slots }, (_, slot) => finest.offset + 12 * slot)
    .map((at) => ({ time: bytes.readUInt32BE(at), value: bytes.readDoubleBE(at + 4) }))
    .filter((point) => point.time > 0)
    .sort((a, b) => a.time - b.time)
}
