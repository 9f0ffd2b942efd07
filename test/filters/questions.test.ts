import { expect, it } from 'vitest'
import { EXECUTED, failingEvent, rawEvent } from '../support/event.ts'
import { needing } from '../support/needing.ts'
import { ask, HAS_GO, OTTOS } from '../support/otto.ts'

type Json = { readonly [key: string]: unknown }

/** A check that failed with `status` every `every` seconds for `age` seconds, since its last OK. */
function failing(age: number, { status = 2, every = 60, check = {} as Json, entity = {} as Json } = {}): unknown {
  const runs = Array.from({ length: Math.floor(age / every) + 1 }, (_, n) => ({ status, executed: EXECUTED - age + n * every }))
  const history = [{ status: 0, executed: EXECUTED - age - every }, ...runs].slice(-21)
  const both = { status, history, last_ok: EXECUTED - age - every, occurrences: runs.length, ...check }
  return failingEvent({ check: both, entity })
}

const keepalive = (silent: number) =>
  failing(0, {
    status: 1,
    check: { metadata: { name: 'keepalive' }, last_ok: EXECUTED - silent, history: [{ status: 1, executed: EXECUTED }] },
  })
const recovered = rawEvent({
  check: {
    history: [
      { status: 2, executed: EXECUTED - 60 },
      { status: 0, executed: EXECUTED },
    ],
  },
})
const hook = (output: string, change: Json = {}) =>
  failing(600, { check: { hooks: [{ metadata: { name: 'asg-lifecycle' }, output, status: 0, ...change }] } })
const member = { metadata: { labels: { asg_name: 'web' } } }
const load = (age: number, change: Json = {}) =>
  failing(age, { check: { ...change, metadata: { name: 'cpu', ...((change.metadata as Json) ?? {}) } }, entity: member })
/** Who posts results to Sensu's API may leave out when the checks ran. */
const untimed = (...statuses: number[]) =>
  load(0, { executed: 0, last_ok: 0, history: statuses.map((status) => ({ status, executed: 0 })) })
const marked = (annotations: Json) => failing(600, { check: { metadata: { annotations } } })

const rows: readonly (readonly [string, string, unknown, boolean])[] = [
  ['an old failure', 'sustained(event, 300)', failing(300), true],
  ['a young failure', 'sustained(event, 300)', failing(240), false],
  ['by time and not by occurrences', 'sustained(event, 300)', failing(120, { every: 10 }), false],
  ['longer than the history', 'sustained(event, 3600)', failing(7200), true],
  ['the limit of the class', 'sustained(event)', failing(60), true],
  ['the limit of the class, too young', 'sustained(event)', failing(0), false],
  [
    'a limit by annotation',
    'sustained(event)',
    failing(600, { check: { metadata: { annotations: { 'tierline/alert_after': '1h' } } } }),
    false,
  ],
  ['a bad limit means the default', 'sustained(event, -1)', failing(60), true],
  ['a keepalive since its last sign', 'sustained(event, 300)', keepalive(400), true],
  ['a keepalive that fell silent just now', 'sustained(event, 300)', keepalive(130), false],
  ['a recovery', 'sustained(event, 300)', recovered, true],
  ['OK as before', 'sustained(event, 300)', rawEvent(), false],
  ['nobody knows since when', 'sustained(event, 300)', failing(0, { check: { history: [], last_ok: 0 } }), true],
  ['results without times', 'sustained(event, 300)', untimed(2, 2), true],
  ['results without times, the first', 'sustained(event, 300)', untimed(0, 2), false],

  ['the first failure', 'repeat_due(event, 600)', failing(0), true],
  ['nothing new', 'repeat_due(event, 600)', failing(120), false],
  ['the first after ten minutes', 'repeat_due(event, 600)', failing(540), true],
  ['the one after it', 'repeat_due(event, 600)', failing(600), false],
  ['far beyond the history', 'repeat_due(event, 3600)', failing(7 * 3600 - 60), true],
  ['far beyond the history, between two', 'repeat_due(event, 3600)', failing(7 * 3600), false],
  ['another status', 'repeat_due(event, 3600)', failing(120, { check: { status: 1 } }), true],
  ['a recovery', 'repeat_due(event, 600)', recovered, true],
  ['OK as before', 'repeat_due(event, 600)', rawEvent(), false],

  ...['Terminated', 'Terminating:Wait\n', 'Detached', 'Standby', 'Warmed:Stopped', 'Warmed:Pending:Wait'].map(
    (state) => [`a hook that says ${state}`, 'autoscaling_handles(event)', hook(state), true] as const,
  ),
  ['a hook that says InService', 'autoscaling_handles(event)', hook('InService'), false],
  ['a hook that mentions it', 'autoscaling_handles(event)', hook('postgres: Standby since May'), false],
  ['a hook that failed', 'autoscaling_handles(event)', hook('Terminated', { status: 22 }), false],
  ['a hook about something else', 'autoscaling_handles(event)', hook('Standby', { metadata: { name: 'pg-role' } }), false],
  [
    'a hook by another name',
    'autoscaling_handles(event, {lifecycle_hook: "pg-*"})',
    hook('Standby', { metadata: { name: 'pg-role' } }),
    true,
  ],
  [
    'a keepalive, whatever a hook says',
    'autoscaling_handles(event)',
    failing(600, {
      check: { metadata: { name: 'keepalive' }, hooks: [{ metadata: { name: 'lifecycle' }, output: 'Terminated', status: 0 }] },
    }),
    false,
  ],
  ['a load alert inside the grace', 'autoscaling_handles(event)', load(240), true],
  ['a load alert that lasts', 'autoscaling_handles(event)', load(300), false],
  ['a longer grace', 'autoscaling_handles(event, {scaling_grace: 900})', load(600), true],
  ['a load alert that began nobody knows when', 'autoscaling_handles(event)', load(0, { history: [], last_ok: 0 }), false],
  ['a load alert without times', 'autoscaling_handles(event)', untimed(2, 2), false],
  ['a load alert without times, the first', 'autoscaling_handles(event)', untimed(0, 2), true],
  [
    'a load alert of the whole service',
    'autoscaling_handles(event)',
    load(60, { metadata: { annotations: { 'tierline/scope': 'group' } } }),
    false,
  ],
  ['a load alert of no group', 'autoscaling_handles(event)', failing(60, { check: { metadata: { name: 'cpu' } } }), false],
  ['a recovery', 'autoscaling_handles(event)', recovered, false],

  ['an annotation', 'opted_out(event)', marked({ 'tierline/never_page': 'true' }), true],
  ['an annotation that does not count', 'opted_out(event, {allow: ["tier"]})', marked({ 'tierline/never_page': 'true' }), false],
  ['a misspelt annotation', 'opted_out(event)', marked({ 'tierline/never_page': 'yes' }), false],
  ['an annotation', 'has_tier_override(event)', marked({ 'tierline/tier': 'third' }), true],
  ['an annotation that does not count', 'has_tier_override(event, {allow: []})', marked({ 'tierline/tier': 'third' }), false],
  ['none', 'has_tier_override(event)', marked({ 'tierline/tier': 'none' }), false],

  ['a silenced failure', 'should_handle(event)', failing(600, { check: { silenced: ['entity:web-01:*'] } }), false],
  [
    'a silenced recovery',
    'should_handle(event)',
    rawEvent({ check: { silenced: ['a'], history: [{ status: 2 }, { status: 0 }] } }),
    true,
  ],
  [
    'a deregistration',
    'should_handle(event)',
    rawEvent({ check: { output: 'Resolving due to entity deregistering', history: [] } }),
    true,
  ],
  ['a call that forgot the event', 'should_handle()', null, true],
  ['a call that forgot the event', 'sustained()', null, true],
  ['a call that forgot the event', 'repeat_due()', null, true],
  ['a call that forgot the event', 'tier() === "first"', null, true],
  ['a call that forgot the event', 'autoscaling_handles()', null, false],
  ['a call that forgot the event', 'opted_out()', null, false],
  ['an opted-out failure', 'should_handle(event)', marked({ 'tierline/never_page': 'true' }), false],
]

const withOtto = needing(HAS_GO, 'Go is not installed: apt-get install --no-install-recommends golang-go')

withOtto('questions to the filters', () => {
  it.each(OTTOS)(`are answered in otto $name as the ${rows.length} rows say`, async (otto) => {
    const found = await ask(
      otto,
      rows.map(([, call, event]) => ({ expression: `tierline.${call}`, event })),
    )
    const told = (answers: readonly unknown[]) => rows.map(([about, call], index) => `${call} of ${about}: ${answers[index]}`)
    expect(told(found.map(({ truthy, error }) => error ?? truthy))).toEqual(told(rows.map(([, , , expected]) => expected)))
  })
})
