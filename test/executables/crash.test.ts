import { expect, it } from 'vitest'
import type { Store } from '../../lib/state/store.ts'
import { type Chance, chanceOf } from '../support/chance.ts'
import { type FakePagerDuty, type FakeRequest, type Fault, startFakePagerDuty, status } from '../support/fake-pagerduty.ts'
import { later } from '../support/later.ts'
import { born, episodeOf, type Life, nextEvent, remembered } from '../support/lives.ts'
import { KEYS, type Ran, run, THREE_KEYS } from '../support/run.ts'
import { opened, soundness, stateFolder } from '../support/store.ts'

/*
 * Handlers that are killed at any moment, while PagerDuty is in trouble: TIERLINE_CRASH_RUNS=1000 and, to have the same events,
 * moments and faults again as far as the machine allows, TIERLINE_CRASH_SEED.
 */
const RUNS = Number(process.env.TIERLINE_CRASH_RUNS ?? 100)
const SEED = Number(process.env.TIERLINE_CRASH_SEED ?? Date.now() % 1_000_000)
const IDENTITIES = 40
const AT_ONCE = 8
/** After so many processes everything is sent, and looked at. */
const ROUND = 100
const TIMEOUT_SECS = 10

const TROUBLES: readonly Fault[] = [
  status(429),
  status(429, { retry_after: 1 }),
  status(500, { body: 'html' }),
  status(503, { body: 'empty' }),
  { kind: 'reset_before' },
  { kind: 'reset_after' },
  { kind: 'reset_after', processed: true },
  { kind: 'reset_after', processed: true },
  { kind: 'broken_json' },
  { kind: 'drip', interval_ms: 5 },
  { kind: 'drip', interval_ms: 5 },
]
const HANGS: readonly Fault[] = [{ kind: 'hang' }, { kind: 'hang', processed: true }]

/** When a process is killed. */
type Fate = 'never' | 'in_time' | 'at_its_request'

it(`${RUNS} processes, killed at random`, { timeout: 60_000 + RUNS * 3000 }, async () => {
  const world = await begin()
  const { lives, chance, tally } = world
  const rounds = Math.ceil(RUNS / ROUND)
  for (let round = 1; round <= rounds; round++) {
    const until = Math.round((RUNS * round) / rounds)
    await inParallel(async () => {
      if (tally.started >= until) return false
      await live(world, idle(lives, chance))
      return true
    })
    await sendAll(world)
    check(world)
  }
  const open = lives.filter(({ wanted }) => wanted !== null)
  for (const life of open) life.left = ['recovery']
  await inParallel(async () => {
    const life = open.find(({ wanted, busy }) => wanted !== null && !busy)
    if (life === undefined) return open.some(({ wanted }) => wanted !== null) ? wait(20) : false
    await live(world, life)
    return true
  })
  await sendAll(world)
  check(world)
  const { expected, started, killed, forgotten, failed } = tally
  console.info(
    `seed ${SEED}: ${started} processes, ${killed} killed, ${forgotten} of them before they had remembered their event, ${failed.length} failed; ` +
      `pages: at most ${expected.size} expected, ${world.fake.pages.length} seen; left open: ${world.fake.open().length}`,
  )
  expect(world.fake.open()).toEqual([])
  expect(killed).toBeGreaterThan(started / 10)
  if (tally.failed.length > started / 50) expect(tally.failed).toEqual([])
  expect(soundness(world.dir)).toBe('ok')
})

interface World {
  readonly dir: string
  readonly store: Store
  readonly fake: FakePagerDuty
  readonly lives: readonly Life[]
  readonly chance: Chance
  readonly kills: Map<string, () => void>
  /** A minute passes, for the state and for PagerDuty. */
  readonly minute: () => Promise<void>
  readonly durations: number[]
  readonly tally: {
    started: number
    killed: number
    forgotten: number
    /** Identity, episode and tier of every page that a remembered event asked for. */
    readonly expected: Set<string>
    /** What those said that ended by themselves, and badly. */
    readonly failed: string[]
    /** What must not be. */
    readonly wrong: string[]
  }
}

async function begin(): Promise<World> {
  console.info(`TIERLINE_CRASH_SEED=${SEED}`)
  const dir = stateFolder()
  const { store } = await opened(dir)
  const troubles = chanceOf(SEED + 1)
  const kills = new Map<string, () => void>()
  let passed = 0
  const fake: FakePagerDuty = await startFakePagerDuty({
    keys: [KEYS.first, KEYS.second, KEYS.third],
    now: () => Date.now() + passed,
    after: (request) => {
      kills.get(dedupKeyOf(request))?.()
      if (troubles.below(0.25)) fake.script(troubles.one(troubles.below(0.05) ? HANGS : TROUBLES))
    },
  })
  const executed = Math.floor(Date.now() / 1000) - 7 * 86_400
  return {
    dir,
    store,
    fake,
    kills,
    lives: Array.from({ length: IDENTITIES }, (_, index) => born(`web-${index}`, executed)),
    chance: chanceOf(SEED),
    minute: async () => {
      passed += 60_000
      await later(store)
    },
    durations: [400],
    tally: { started: 0, killed: 0, forgotten: 0, expected: new Set(), failed: [], wrong: [] },
  }
}

/** One event of a check, by a process that may not live to its end. */
async function live(world: World, life: Life): Promise<void> {
  const { tally, chance, store } = world
  life.busy = true
  tally.started++
  const { word, stdin } = nextEvent(life, chance)
  const ran = await mortal(world, `tierline-pagerduty --timeout ${TIMEOUT_SECS}`, life.identity, stdin)
  const known = await store.alert(life.identity)
  const is_known = known?.order.executed === life.executed
  if (ran.code === 0 && !is_known) tally.wrong.push(`${life.identity} ${word}: ended well and forgot it: ${ran.stderr}`)
  // On a machine that is busy enough no time may be left; then it says so.
  if (ran.signal === null && ran.code !== 0) tally.failed.push(ran.stderr)
  if (is_known) {
    const tier = remembered(life, word)
    if (tier !== null) tally.expected.add(`${life.identity} ${life.episode} ${KEYS[tier]}`)
  } else tally.forgotten++
  life.busy = false
  if (chance.below(0.05)) await world.minute()
}

async function mortal(world: World, command: string, identity: string, stdin: string): Promise<Ran> {
  const { chance, durations, kills, tally, dir, fake } = world
  const fate: Fate = chance.below(0.3) ? 'never' : chance.below(0.8) ? 'in_time' : 'at_its_request'
  const delay = chance.next() * 1.2 * typical(durations)
  let timer: NodeJS.Timeout | undefined
  const ran = await run(command, {
    stdin,
    env: { ...THREE_KEYS, TIERLINE_STATE_DIR: dir, PAGERDUTY_ALTERNATE_ENDPOINT: fake.url },
    started: (kill) => {
      if (fate === 'at_its_request') kills.set(identity, kill)
      if (fate === 'in_time') timer = setTimeout(kill, delay)
    },
  })
  clearTimeout(timer)
  kills.delete(identity)
  if (ran.signal !== null) tally.killed++
  else if (fate === 'never') durations.push(ran.ms)
  return ran
}

/** `tierline drain`, killed now and then, until nothing is left. */
async function sendAll(world: World): Promise<void> {
  const { store, tally, minute } = world
  for (let rest = 30; (await store.alerts({ queued: true, limit: 1 })).length > 0; rest--) {
    if (rest === 0) throw new Error(`it cannot be emptied: ${JSON.stringify(await store.alerts({ queued: true }), null, 1)}`)
    await minute()
    const ran = await mortal(world, 'tierline drain --budget 8', '', '')
    if (ran.signal === null && ran.code !== 0 && !/still wait/.test(ran.stdout)) tally.wrong.push(`drain: ${ran.stderr}`)
  }
}

/** What has to be true whenever everything has been sent. */
function check({ fake, lives, tally }: World): void {
  expect(tally.wrong).toEqual([])
  const wanted = lives.flatMap(({ identity, wanted }) => (wanted === null ? [] : [`${identity} ${KEYS[wanted]}`]))
  expect(
    fake
      .open()
      .map(({ dedup_key, routing_key }) => `${dedup_key} ${routing_key}`)
      .sort(),
  ).toEqual(wanted.sort())
  const pages = fake.pages.map(({ dedup_key, summary, routing_key }) => `${dedup_key} ${episodeOf(summary)} ${routing_key}`)
  expect(pages.filter((page, index) => pages.indexOf(page) !== index)).toEqual([])
  expect(pages.filter((page) => !tally.expected.has(page))).toEqual([])
  expect(fake.complaints()).toEqual([])
  // Whatever happens, all processes together keep below PagerDuty's limit.
  expect(fake.requests.filter(({ status, fault }) => status === 429 && fault === null)).toEqual([])
}

/** Does it AT_ONCE times at once, again and again until it says that nothing is left. */
async function inParallel(act: () => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (await act());
    }),
  )
}

function idle(lives: readonly Life[], chance: Chance): Life {
  return chance.one(lives.filter(({ busy }) => !busy))
}

function typical(durations: readonly number[]): number {
  const sorted = durations.slice(-15).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function dedupKeyOf({ body }: FakeRequest): string {
  return String((body as { dedup_key?: unknown } | undefined)?.dedup_key)
}

async function wait(ms: number): Promise<true> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return true
}
