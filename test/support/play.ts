import { rmSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import type { Alert } from '../../lib/alert/alert.ts'
import type { Post, Time } from '../../lib/deliver/pagerduty/attempt.ts'
import { type Keys, keysOf } from '../../lib/deliver/pagerduty/keys.ts'
import type { Means } from '../../lib/deliver/pagerduty/means.ts'
import { postTo } from '../../lib/deliver/pagerduty/transport.ts'
import { TIERS, type Tier } from '../../lib/event/settings.ts'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { attend } from '../../lib/run/attend.ts'
import { type Courier, carry } from '../../lib/run/handler.ts'
import { readAll } from '../../lib/run/judge.ts'
import { meansOf, rememberingCourier } from '../../lib/run/paging.ts'
import { openStore } from '../../lib/state/sqlite.ts'
import type { Store } from '../../lib/state/store.ts'
import { type FakePagerDuty, startFakePagerDuty } from './fake-pagerduty.ts'
import { expectNoKey, KEYS } from './run.ts'
import { stateFolder } from './store.ts'

/*
 * A stage on which days pass in a second: checks run, each result goes through the handler as Sensu would start it, ticks tick, and
 * PagerDuty answers over HTTP; only the clock is made up. What must hold at every moment is looked at after every request, every event
 * and every tick, and `end()` says what did not hold.
 *
 *   const stage = await aStage()
 *   const http = stage.check('web-01', 'http')
 *   http.turns(2)
 *   await stage.pass(300)
 *   expect(stage.rings('first', http)).toBe(1)
 *   await stage.end()
 */

const START = Date.parse('2026-05-05T10:00:00Z')

/** After PagerDuty is back, a key may still rest for so long. */
const LONGEST_PAUSE_MS = 420_000

interface StageOptions {
  /** As in tierline.yaml. */
  readonly policy?: unknown
  readonly keys?: Keys
  readonly start?: number
  /** Seconds between two ticks; 0 for none, so that nothing is held. */
  readonly tick_every?: number
}

/** A check of Sensu that runs on its own. */
export interface PlayedCheck {
  readonly entity: string
  readonly name: string
  readonly identity: string
  /** Its status from its next run on. */
  turns(status: number, more?: { readonly flapping?: boolean }): void
  silence(on: boolean): void
  /** Its result right now, handled; with `handled: false` it is only made, for a test to deliver it when it likes. */
  result(): string
  /** Does not run any more. */
  stop(): void
}

interface Played extends PlayedCheck {
  readonly interval: number
  next_run: number
  stopped: boolean
  failing: boolean
  silenced: boolean
  run(): { readonly raw: string; readonly incident: boolean }
}

interface HandleOptions {
  readonly dir?: string
  readonly keys?: Keys
  /** Seconds. */
  readonly timeout?: number
  readonly post?: Post
  readonly courier?: Courier
}

/** Thrown by a `post` in the place where a process is killed. */
export class Killed extends Error {}

/** Separate keys for the three lines, or others for some of them. */
export function threeKeys(change: Partial<Record<Tier, string | undefined>> = {}): Keys {
  const own = Object.fromEntries(
    TIERS.map((tier) => [tier, { name: `KEY_${tier}`, text: tier in change ? change[tier] : KEYS[tier] }]),
  ) as Record<Tier, { name: string; text: string | undefined }>
  return keysOf({ own, shared: { name: 'PAGERDUTY_TOKEN', text: undefined } }).keys
}

export function sharedKey(): Keys {
  const own = Object.fromEntries(TIERS.map((tier) => [tier, { name: `KEY_${tier}`, text: undefined }])) as Record<
    Tier,
    { name: string; text: undefined }
  >
  return keysOf({ own, shared: { name: 'PAGERDUTY_TOKEN', text: KEYS.shared } }).keys
}

export type Stage = Awaited<ReturnType<typeof aStage>>

export async function aStage(options: StageOptions = {}) {
  const { start = START, tick_every = 60 } = options
  const policy = Policy.parse(options.policy ?? {})
  const dir = stateFolder()
  const log: string[] = []
  const gaps: string[] = []
  const checks: Played[] = []
  const was_open = new Set<string>()
  let keys = options.keys ?? threeKeys()
  let clock = start
  let next_tick = start + tick_every * 1000
  let runs = 0
  /** While PagerDuty is away, nobody can be called; nor just after it, until the pauses are over. */
  let excused_until = 0

  const fake: FakePagerDuty = await startFakePagerDuty({
    keys: Object.values(KEYS),
    now: () => clock,
    after: () => lookForBreaks(),
  })
  onTestFinished(() => fake.stop())
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))

  const time: Time = {
    now: () => clock,
    // Whoever else sends meanwhile gets on with it, and pauses at the same time do not add up.
    sleep: async (ms) => {
      const until = clock + ms
      await new Promise((resolve) => setTimeout(resolve, Math.min(3, ms)))
      clock = Math.max(clock, until)
    },
    random: () => 0.5,
  }
  const real = postTo(fake.url, { proxy_variable: null, secrets: Object.values(KEYS) })
  const post: Post = async (body, limit) => {
    const began = performance.now()
    const reply = await real(body, limit)
    // What made somebody wait made the clock go on, too.
    if ('error' in reply) clock += Math.round(performance.now() - began)
    return reply
  }
  const say = (message: string) => void log.push(message)
  // The keys of the stage change.
  const paging = () => ({ policy, keys, post, time, log: { info: say, warn: say, error: say } })

  /** What was open stays open for as long as it fails, whatever is sent. */
  function lookForBreaks(): void {
    const open = new Set(fake.open().map(({ dedup_key }) => dedup_key))
    for (const check of checks) {
      if (
        was_open.has(check.identity) &&
        !open.has(check.identity) &&
        check.failing &&
        !check.silenced &&
        clock >= excused_until
      ) {
        gaps.push(`${new Date(clock).toISOString()} ${check.identity} was closed while it failed`)
      }
      if (open.has(check.identity)) was_open.add(check.identity)
      else was_open.delete(check.identity)
    }
  }

  /** What fails is open, or waits for a moment that is still to come, or something open stands for it. */
  async function lookForSilence(): Promise<void> {
    if (clock < excused_until) return
    const failing = checks.filter((check) => check.failing && !check.silenced && !check.stopped)
    if (failing.length === 0) return
    const open = new Set(fake.open().map(({ dedup_key }) => dedup_key))
    const unheard = failing.filter((check) => !open.has(check.identity) && !open.has(keepaliveOf(check)))
    if (unheard.length === 0) return
    await withStore(async (store) => {
      for (const { identity } of unheard) {
        const alert = await store.alert(identity)
        if (alert?.want === 'held' && (alert.until ?? 0) * 1000 > clock - Math.max(1, tick_every) * 1000) continue
        if (alert?.want === 'covered' && alert.covered_by !== null && open.has(alert.covered_by)) continue
        gaps.push(`${new Date(clock).toISOString()} ${identity} fails and nobody is told: ${alert?.want}, ${alert?.says}`)
      }
    })
  }

  function keepaliveOf({ identity }: PlayedCheck): string {
    return identity.replace(/[^/]+$/, 'keepalive')
  }

  async function withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const { store } = await openStore(dir, { now: () => clock, chance: () => 0.5, uid: process.getuid?.() ?? null })
    try {
      return await use(store)
    } finally {
      store.close()
    }
  }

  function courierOf({ timeout = policy.pagerduty.timeout, ...run }: HandleOptions): Promise<Courier> {
    const paged = {
      ...paging(),
      deadline: clock + timeout * 1000 - 500,
      ...(run.post ? { post: run.post } : {}),
      ...(run.keys ? { keys: run.keys } : {}),
    }
    return rememberingCourier(run.dir ?? dir, paged, `handler-${++runs}`)
  }

  /** A run of tierline-pagerduty with this event; whether it would exit 0. */
  async function handle(raw: string, run: HandleOptions = {}): Promise<boolean> {
    const courier = run.courier ?? (await courierOf(run))
    let well = true
    for (const read of readAll(Buffer.from(raw), Object.values(KEYS))) {
      if ('refused' in read) throw new Error(read.refused)
      well = (await carry(read, courier, policy, Math.floor(clock / 1000), NOTHING_KNOWN, paging().log)) && well
    }
    await courier.finish()
    return well
  }

  function means(store: Store): Means {
    return meansOf(store, paging(), `tick-${++runs}`)
  }

  async function tick(): Promise<void> {
    await withStore((store) => attend(store, policy, NOTHING_KNOWN, means(store), clock + 20_000))
    await lookForSilence()
  }

  async function runCheck(check: Played): Promise<void> {
    const { raw, incident } = check.run()
    if (incident) await handle(raw)
    await lookForSilence()
  }

  /** Time passes: what is due runs, in its order. */
  async function pass(seconds: number): Promise<void> {
    const until = clock + seconds * 1000
    for (;;) {
      const due = checks.filter(({ stopped }) => !stopped).sort((one, other) => one.next_run - other.next_run)[0]
      const at = Math.min(due?.next_run ?? Number.POSITIVE_INFINITY, tick_every > 0 ? next_tick : Number.POSITIVE_INFINITY)
      if (at > until) break
      clock = Math.max(clock, at)
      if (due !== undefined && due.next_run === at) {
        due.next_run += due.interval * 1000
        await runCheck(due)
      } else {
        next_tick += tick_every * 1000
        await tick()
      }
    }
    clock = Math.max(clock, until)
  }

  interface CheckOptions {
    /** Seconds. */
    readonly interval?: number
    /** Seconds until its first run. */
    readonly after?: number
    readonly annotations?: Readonly<Record<string, string>>
    readonly namespace?: string
    /** Seconds that its agent's clock is ahead. */
    readonly ahead?: () => number
  }

  function check(entity: string, name: string, more: CheckOptions = {}): PlayedCheck {
    const { interval = 60, after = 1, annotations = {}, namespace = 'prod', ahead = () => 0 } = more
    const began = Math.floor(clock / 1000)
    let history = [{ status: 0, executed: began - interval }]
    let last_ok = began - interval
    let [status, flapping, sequence, occurrences] = [0, false, 0, 1]
    const self: Played = {
      entity,
      name,
      identity: `${namespace}/${entity}/${name}`,
      interval,
      next_run: clock + after * 1000,
      stopped: false,
      failing: false,
      silenced: false,
      turns(to, { flapping: flaps = false } = {}) {
        status = to
        flapping = flaps
      },
      silence(on) {
        self.silenced = on
      },
      result: () => self.run().raw,
      stop() {
        self.stopped = true
        self.failing = false
      },
      run() {
        const executed = Math.floor(clock / 1000) + ahead()
        const before = history.at(-1)?.status ?? 0
        history = [...history, { status, executed }].slice(-21)
        occurrences = before === status ? occurrences + 1 : 1
        if (status === 0 && !flapping) last_ok = executed
        self.failing = status !== 0
        const raw = {
          timestamp: executed,
          sequence: ++sequence,
          metadata: { namespace },
          entity: { entity_class: 'agent', metadata: { name: entity, namespace, labels: {}, annotations: {} } },
          check: {
            metadata: { name, namespace, labels: {}, annotations },
            status,
            output: status === 0 ? 'OK' : `${name} is at ${status}`,
            state: flapping ? 'flapping' : status === 0 ? 'passing' : 'failing',
            history,
            executed,
            issued: executed,
            last_ok,
            interval,
            occurrences,
            silenced: self.silenced ? [`entity:${entity}:*`] : [],
            processed_by: entity,
          },
        }
        return { raw: JSON.stringify(raw), incident: status !== 0 || before !== 0 }
      },
    }
    checks.push(self)
    return self
  }

  function rings(tier: Tier, what?: PlayedCheck | string): number {
    const key = keys[tier].key ?? KEYS[tier]
    return fake.pagesOf(key, typeof what === 'string' ? what : what?.identity)
  }

  if (tick_every > 0) await tick()
  return {
    dir,
    fake,
    log,
    policy,
    gaps,
    check,
    pass,
    tick,
    handle,
    courier: () => courierOf({}),
    rings,
    post,
    time,
    withStore,
    means,
    now: () => clock,
    /** The clock is set to another time, and does not pass it. */
    setClock(to: number) {
      const by = to - clock
      clock = to
      next_tick += by
      for (const one of checks) one.next_run += by
    },
    setKeys(to: Keys) {
      keys = to
    },
    /** PagerDuty is away while this happens: every request is answered so. */
    async outage(what: Parameters<FakePagerDuty['script']>[0], during: () => Promise<void>, routing_key?: string): Promise<void> {
      if (routing_key === undefined) excused_until = Number.POSITIVE_INFINITY
      fake.script(what, { times: 10_000, ...(routing_key === undefined ? {} : { routing_key }) })
      await during()
      fake.calm()
      if (routing_key === undefined) excused_until = clock + LONGEST_PAUSE_MS
    },
    /** Nobody can be told of what happens meanwhile, for a reason that the test makes. */
    async excuse(during: () => Promise<void>): Promise<void> {
      excused_until = Number.POSITIVE_INFINITY
      await during()
      excused_until = 0
    },
    alert: (identity: string): Promise<Alert | null> => withStore((store) => store.alert(identity)),
    open(tier: Tier): string[] {
      return fake
        .open(keys[tier].key ?? KEYS[tier])
        .map(({ dedup_key }) => dedup_key)
        .sort()
    },
    /** Everything passes for a while; then nothing is open, nothing waits (unless another memory knows), and nothing was ever amiss. */
    async end({ settle = 900, forgotten = false } = {}): Promise<void> {
      for (const one of checks) {
        one.turns(0)
        if (one.failing) await handle(one.result())
      }
      await pass(settle)
      await tick()
      expect(gaps).toEqual([])
      expect(fake.open()).toEqual([])
      expect(fake.complaints()).toEqual([])
      await withStore(async (store) => {
        if (forgotten) return
        expect(await store.alerts({ queued: true })).toEqual([])
        expect((await store.alerts({})).filter(({ want }) => want !== 'closed')).toEqual([])
      })
      expect(busiest(fake)).toBeLessThanOrEqual(policy.pagerduty.calls_per_minute)
      expectNoKey(log.join('\n'))
    },
  }
}

/** The most requests that any key got within 60 seconds. */
export function busiest({ requests }: Pick<FakePagerDuty, 'requests'>): number {
  const times = Map.groupBy(requests, ({ routing_key }) => routing_key)
  let most = 0
  for (const [, list] of times) {
    for (const { at } of list) most = Math.max(most, list.filter((other) => other.at > at - 60_000 && other.at <= at).length)
  }
  return most
}
