import { describe, expect, it } from 'vitest'
import type { Alert } from '../../lib/alert/alert.ts'
import type { Finding } from '../../lib/alert/finding.ts'
import { reconcile } from '../../lib/alert/reconcile.ts'
import type { Check, Event } from '../../lib/event/event.ts'
import { identityOf } from '../../lib/event/identity.ts'
import type { World } from '../../lib/sensu/world.ts'
import { aCheck, anEntity, anEvent } from '../support/event.ts'
import { anAlert as plainAlert } from '../support/store-records.ts'

/** When Sensu was read; the alerts are ten minutes older. */
const BEGAN = 1_778_000_000
const THEN = BEGAN - 600

/** The alert of `prod/web-03/http`, that nobody has heard of since. */
const anAlert = (change: Partial<Alert> = {}) =>
  plainAlert({
    identity: 'prod/web-03/http',
    namespace: 'prod',
    entity: 'web-03',
    order: { executed: THEN, sequence: 4 },
    since: THEN,
    episode: THEN,
    ...change,
  })

const alertOf = (namespace: string, entity: string, check: string, change: Partial<Alert> = {}) =>
  anAlert({ identity: [namespace, entity, check].join('/'), namespace, entity, check, ...change })

/** `status@seconds` before the reading began, the last one the current run. */
function eventOf(past: string, change: Partial<Check> = {}, event: Partial<Event> = {}): Event {
  const history = past.split(' ').map((item) => {
    const [status, ago] = item.split('@')
    return { status: Number(status), executed: BEGAN - Number(ago) }
  })
  const last = history.at(-1)
  const check = aCheck({ name: 'http', history, status: last?.status ?? 0, executed: last?.executed ?? 0, ...change })
  return anEvent({ entity: anEntity({ name: 'web-03' }), check, ...event })
}

function aWorld(events: readonly Event[], change: Partial<World> & { readonly interval?: number } = {}): World {
  const { interval = 60, ...rest } = change
  return {
    complete: true,
    began: BEGAN,
    namespaces: ['prod'],
    events: new Map(events.map((event) => [identityOf(event), { event, interval }])),
    absent: new Map(),
    unknown: new Map(),
    unnamed: 0,
    ...rest,
  }
}

const gone = (...identities: string[]) => new Map(identities.map((identity) => [identity, 'event'] as const))
const brief = (findings: readonly Finding[]) =>
  findings.map((finding) => [finding.kind, ...('why' in finding ? [finding.why] : []), finding.identity].join(' '))
const found = (alerts: readonly Alert[], world: World, options?: { all?: boolean }) =>
  brief(reconcile(alerts, world, BEGAN + 30, options))

const PASSES = eventOf('2@600 0@20')
const WEB = 'prod/web-03/http'

describe('an alert of ours', () => {
  it.each<[string, Partial<Alert>, World, string[]]>([
    ['passes', {}, aWorld([PASSES]), [`close ok ${WEB}`]],
    ['passes, held', { want: 'held', until: BEGAN + 900 }, aWorld([PASSES]), [`close ok ${WEB}`]],
    ['passes, covered', { want: 'covered' }, aWorld([PASSES]), [`close ok ${WEB}`]],
    ['passes, closed already', { want: 'closed' }, aWorld([PASSES]), []],
    ['passes, silenced', {}, aWorld([eventOf('0@20', { silenced: ['entity:web-03:*'] })]), [`close ok ${WEB}`]],
    ['fails', {}, aWorld([eventOf('0@700 2@600 2@20')]), []],
    ['has a status that is no number', {}, aWorld([eventOf('2@20', { status: null })]), []],
    ['passes by the very event that we know', {}, aWorld([eventOf('0@600')]), [`close ok ${WEB}`]],
    ['passes by an older event', {}, aWorld([eventOf('0@601')]), [`unsure ${WEB}`]],
    [
      'was resolved by hand, without a run',
      {},
      aWorld([eventOf('2@600 0@20', { executed: 0 }, { timestamp: BEGAN - 5 })]),
      [`close ok ${WEB}`],
    ],
    ['passes, but flaps', {}, aWorld([eventOf('2@600 0@20', { state: 'flapping' })]), [`unsure ${WEB}`]],
    ['passes, which counts soon', { until: BEGAN + 31 }, aWorld([PASSES]), []],
    ['passes, which counts by now', { until: BEGAN + 30 }, aWorld([PASSES]), [`close ok ${WEB}`]],
    ['has no event', {}, aWorld([], { absent: gone(WEB) }), [`close event_gone ${WEB}`]],
    ['has no entity', {}, aWorld([], { absent: new Map([[WEB, 'entity']]) }), [`close entity_gone ${WEB}`]],
    ['is in no list, and nobody asked', {}, aWorld([]), [`unsure ${WEB}`]],
    ['is unknown', {}, aWorld([], { unknown: new Map([[WEB, 'x']]) }), [`unsure ${WEB}`]],
    [
      'is unknown, whatever else is said',
      {},
      aWorld([PASSES], { unknown: new Map([[WEB, 'x']]), absent: gone(WEB) }),
      [`unsure ${WEB}`],
    ],
    ['is as new as the reading, and gone', { order: { executed: BEGAN, sequence: 1 } }, aWorld([], { absent: gone(WEB) }), []],
    ['is newer than the reading, and passes', { order: { executed: BEGAN + 5, sequence: 1 } }, aWorld([eventOf('0@-9')]), []],
    [
      'is a second older, and gone',
      { order: { executed: BEGAN - 1, sequence: 1 } },
      aWorld([], { absent: gone(WEB) }),
      [`close event_gone ${WEB}`],
    ],
    ['lies outside what was read', {}, aWorld([PASSES], { namespaces: ['staging'], absent: gone(WEB) }), []],
    ['lies within all', {}, aWorld([], { namespaces: null, absent: gone(WEB) }), [`close event_gone ${WEB}`]],
  ])('%s', (_, change, world, expected) => {
    expect(found([anAlert(change)], world)).toEqual(expected)
  })

  it.each([
    ['a group', alertOf('prod', 'group', 'web', { identity: 'prod/group/web/service' })],
    ['a group of three parts', alertOf('prod', 'group', 'web')],
    ['a digest', alertOf('prod', 'digest', 'first')],
    ['a digest without an entity', alertOf('prod', '', '', { identity: 'prod/digest/first' })],
    ['a group that names a machine', alertOf('prod', 'web-03', 'http', { identity: 'prod/group/web/load' })],
  ])('is left alone when it stands for %s', (_, alert) => {
    const passing = anEvent({ entity: anEntity({ name: alert.entity }), check: aCheck({ name: alert.check, status: 0 }) })
    expect(found([alert], aWorld([passing], { absent: gone(alert.identity) }))).toEqual([])
  })

  it('is found under its written name', () => {
    const identity = 'prod/web%2003/a%2Fb'
    const alert = anAlert({ identity, entity: 'web 03', check: 'a/b' })
    expect(found([alert], aWorld([], { absent: gone(identity) }))).toEqual([`close event_gone ${identity}`])
  })

  it('is told of in one sentence', () => {
    const says = (world: World) => reconcile([anAlert()], world, BEGAN).map((finding) => finding.says)
    expect(says(aWorld([PASSES]))).toEqual(['http on web-03 passes in Sensu'])
    expect(says(aWorld([], { absent: gone(WEB) }))).toEqual(['Sensu has no event of http on web-03 any more'])
    expect(says(aWorld([], { absent: new Map([[WEB, 'entity']]) }))).toEqual(['Sensu has no entity web-03 any more'])
    expect(says(aWorld([], { unknown: new Map([[WEB, 'no time']]) }))).toEqual(['not known: no time'])
  })

  it('brings the event along that closes it', () => {
    expect(reconcile([anAlert()], aWorld([PASSES]), BEGAN)[0]).toMatchObject({ why: 'ok', event: PASSES })
  })
})

describe('a Sensu that was not read to the end', () => {
  it('closes and opens nothing, and says why', () => {
    const findings = reconcile([anAlert()], { complete: false, why: 'a answered 500' }, BEGAN)
    expect(findings).toEqual([
      { kind: 'unsure', identity: '', says: 'Sensu was not read to the end, so nothing is closed or opened: a answered 500' },
    ])
  })
})

describe('a Sensu that has lost what we know', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `prod/web-${index}/http`)
  const alerts = (count: number, change: Partial<Alert> = {}) =>
    names(count).map((identity, index) => anAlert({ identity, entity: `web-${index}`, ...change }))
  const failing = (first: number, last: number) =>
    names(last)
      .slice(first)
      .map((_, index) => eventOf('0@700 2@600 2@20', {}, { entity: anEntity({ name: `web-${first + index}` }) }))

  it.each([
    [5, 5, 5],
    [6, 6, 0],
    [6, 11, 0],
    [6, 12, 6],
    [7, 13, 0],
    [7, 14, 7],
    [500, 500, 0],
  ])('of %d gone of %d closes %i', (missing, of, closes) => {
    const world = aWorld(failing(missing, of), { absent: gone(...names(missing)) })
    expect(found(alerts(of), world).filter((line) => line.startsWith('close'))).toHaveLength(closes)
    expect(found(alerts(of), world, { all: true }).filter((line) => line.startsWith('close'))).toHaveLength(missing)
  })

  it('says so once, and names the way out', () => {
    const findings = reconcile(alerts(8), aWorld([], { absent: gone(...names(8)) }), BEGAN)
    expect(findings).toEqual([
      { kind: 'unsure', identity: '', says: expect.stringMatching(/^8 of 8 alerts .* --all closes them$/) },
    ])
  })

  it('still closes what passes', () => {
    const passing = eventOf('2@600 0@20')
    const world = aWorld([passing], { absent: gone(...names(8)) })
    expect(found([anAlert(), ...alerts(8)], world)).toEqual(['unsure ', `close ok ${WEB}`])
  })

  it('counts alone what can be judged', () => {
    const elsewhere = Array.from({ length: 20 }, (_, index) => alertOf('staging', `db-${index}`, 'disk'))
    const groups = Array.from({ length: 20 }, (_, index) => alertOf('prod', 'group', `g-${index}`))
    expect(found([...alerts(6), ...elsewhere, ...groups], aWorld([], { absent: gone(...names(6)) }))).toEqual(['unsure '])
  })

  it('does not count what passes as lost', () => {
    const passing = names(9).map((_, index) => eventOf('2@600 0@20', {}, { entity: anEntity({ name: `web-${index}` }) }))
    expect(found(alerts(9), aWorld(passing))).toHaveLength(9)
  })
})

describe('an event that nobody knows of', () => {
  it.each<[string, Event, number, boolean]>([
    ['fails for three intervals', eventOf('0@240 2@180 2@120 2@60 2@0'), 60, true],
    ['fails for two intervals', eventOf('0@180 2@120 2@60 2@0'), 60, false],
    ['fails a second longer', eventOf('0@181 2@121 2@61 2@1'), 60, true],
    ['fails for the first time', eventOf('0@60 2@0'), 60, false],
    ['has failed long, with a long interval', eventOf('0@7800 2@6000 2@4200'), 3600, false],
    ['has failed longer than that', eventOf('0@9001 2@7201'), 3600, true],
    ['has no interval, 121 s', eventOf('0@300 2@121'), 0, true],
    ['has no interval, 120 s', eventOf('0@300 2@120'), 0, false],
    ['fails with no OK in the history', eventOf('2@60 2@0', { last_ok: BEGAN - 5000 }), 60, true],
    ['has warnings', eventOf('0@400 1@300 1@240'), 60, true],
    ['has a status that is no number', eventOf('0@400 2@300', { status: null }), 60, true],
    ['passes', eventOf('2@300 0@240'), 60, false],
    ['passes, but flaps', eventOf('2@300 0@240', { state: 'flapping' }), 60, false],
    ['passes, without any time', eventOf('0@0', { executed: 0, history: [] }, { timestamp: 0 }), 0, false],
    ['is silenced', eventOf('0@400 2@300', { silenced: ['entity:web-03:*'] }), 60, false],
    ['is a lost keepalive', eventOf('0@500 1@300', { name: 'keepalive', last_ok: BEGAN - 500 }), 20, true],
    // Since the last sign of life it is long, but its handler has only begun.
    ['is a keepalive just lost', eventOf('0@140 1@5', { name: 'keepalive', last_ok: BEGAN - 140 }), 20, false],
    ['began to fail while Sensu was read', eventOf('0@60 2@-10 2@-300'), 60, false],
    ['was made by hand, long ago', eventOf('2@0', { executed: 0, history: [] }, { timestamp: BEGAN - 500 }), 0, true],
    ['was made by hand, just now', eventOf('2@0', { executed: 0, history: [] }, { timestamp: BEGAN - 50 }), 0, false],
    ['has no time at all', eventOf('2@0', { executed: 0, history: [] }, { timestamp: 0 }), 0, true],
    ['tells of a new agent', eventOf('1@300', { name: 'registration', history: [], occurrences: 0, state: '' }), 1, false],
    ['has no check', anEvent({ check: null, metrics: [] }), 0, false],
  ])('%s', (_, event, interval, open) => {
    expect(found([], aWorld([event], { interval }))).toEqual(open ? [`open ${identityOf(event)}`] : [])
  })

  const fails = eventOf('0@700 2@600 2@20')

  it.each<[string, Alert[], World, string[]]>([
    ['an open alert stands for it', [anAlert()], aWorld([fails]), []],
    ['a held one', [anAlert({ want: 'held' })], aWorld([fails]), []],
    ['a covered one', [anAlert({ want: 'covered' })], aWorld([fails]), []],
    ['a closed one does not', [anAlert({ want: 'closed' })], aWorld([fails]), [`open ${WEB}`]],
    [
      'one of another check does not',
      [alertOf('prod', 'web-03', 'cpu')],
      aWorld([fails]),
      ['unsure prod/web-03/cpu', `open ${WEB}`],
    ],
    ['it is unknown', [], aWorld([fails], { unknown: new Map([[WEB, 'x']]) }), []],
  ])('is left alone, or not: %s', (_, alerts, world, expected) => {
    expect(found(alerts, world)).toEqual(expected)
  })

  it('is left alone on an entity that is called like a group, when an alert stands for it', () => {
    const event = eventOf('0@700 2@600', {}, { entity: anEntity({ name: 'group' }) })
    expect(found([alertOf('prod', 'group', 'http')], aWorld([event]))).toEqual([])
  })

  it('is told of in one sentence', () => {
    expect(reconcile([], aWorld([fails]), BEGAN)).toEqual([
      {
        kind: 'open',
        identity: WEB,
        event: fails,
        says: 'http on web-03 in prod fails in Sensu for 600 s, and no alert of ours stands for it',
      },
    ])
    const timeless = eventOf('2@0', { executed: 0, history: [] }, { timestamp: 0 })
    expect(reconcile([], aWorld([timeless]), BEGAN)[0]?.says).toBe(
      'http on web-03 in prod fails in Sensu, and no alert of ours stands for it',
    )
  })
})
