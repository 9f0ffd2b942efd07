import { describe, expect, it } from 'vitest'
import { keysOf } from '../../lib/deliver/pagerduty/keys.ts'
import { previewOf } from '../../lib/deliver/preview.ts'
import type { Event } from '../../lib/event/event.ts'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { type Judged, type Judgement, judge, outsideOf } from '../../lib/run/judge.ts'
import { DEFAULTS_IN_FORCE, type PolicyInForce } from '../../lib/run/policy.ts'
import { EXECUTED, failingEvent, rawEvent } from '../support/event.ts'

const THERE = { name: 'PAGERDUTY_TOKEN_FIRST', text: '0123456789abcdef0123456789abcdef' }
const NOWHERE = { name: 'NOWHERE', text: undefined }
const KEY = '0123456789abcdef0123456789abcdef'

const bytes = (text: string) => new TextEncoder().encode(text)
const judged = (text: string | Uint8Array, outside = NOTHING_KNOWN) =>
  judge(typeof text === 'string' ? bytes(text) : text, {
    policy: DEFAULT_POLICY,
    outside,
    secrets: [KEY],
    clock: () => EXECUTED + 1,
  })
const told = (judgement: Judgement) =>
  'refused' in judgement ? [judgement.where, 'refused'] : [judgement.where, judgement.facts.identity, judgement.decision.reason]
function only(judgements: Judgement[]): Judged {
  const [judgement, another] = judgements
  if (judgement === undefined || another !== undefined || 'refused' in judgement) throw new Error('one event was expected')
  return judgement
}

const ok = JSON.stringify(rawEvent())
const failing = JSON.stringify(failingEvent())

describe('judge', () => {
  it.each<[string, string, unknown[]]>([
    ['one event', failing, [['', 'prod/web-01/http', 'machine_down']]],
    [
      'a list',
      `[${ok},${failing}]`,
      [
        ['item 1', 'prod/web-01/http', 'ok'],
        ['item 2', 'prod/web-01/http', 'machine_down'],
      ],
    ],
    [
      'an event a line',
      `${ok}\n${failing}\n`,
      [
        ['line 1', 'prod/web-01/http', 'ok'],
        ['line 2', 'prod/web-01/http', 'machine_down'],
      ],
    ],
    [
      'good ones around what cannot be read',
      `${ok}\n{"check":\n{"check":{}}\n${failing}`,
      [
        ['line 1', 'prod/web-01/http', 'ok'],
        ['line 2', 'refused'],
        ['line 3', 'refused'],
        ['line 4', 'prod/web-01/http', 'machine_down'],
      ],
    ],
    ['a wrapped event', `{"type":"Event","api_version":"core/v2","spec":${failing}}`, [['', 'prod/web-01/http', 'machine_down']]],
    ['another resource', '{"type":"CheckConfig","spec":{}}', [['', 'refused']]],
    ['nothing', '', [['', 'refused']]],
    ['no event', '"x"', [['', 'refused']]],
  ])('%s', (_, text, expected) => {
    expect(judged(text).map(told)).toEqual(expected)
  })

  it('asks the clock once an event, with the event', () => {
    const asked: string[] = []
    const clock = (event: Event) => {
      asked.push(event.check?.output ?? '')
      return EXECUTED + asked.length * 1000
    }
    const bench = { policy: DEFAULT_POLICY, outside: NOTHING_KNOWN, secrets: [], clock }
    const judgements = judge(bytes(`${ok}\n{}\n${failing}`), bench)
    expect(asked).toEqual(['HTTP OK', 'HTTP CRITICAL: 503'])
    expect(judgements.flatMap((judgement) => ('facts' in judgement ? judgement.facts.now : []))).toEqual([
      EXECUTED + 1000,
      EXECUTED + 2000,
    ])
  })

  it('takes bytes that are no UTF-8, and says so in the page', () => {
    const odd = Buffer.from(failing.replace('CRITICAL', 'z\u00fcrich'), 'latin1')
    const { event, facts, decision } = only(judged(odd))
    expect(event.check?.output).toBe('HTTP z\ufffdrich: 503')
    expect(decision.action).toBe('page')
    expect(event.problems).toEqual([expect.stringContaining('not valid UTF-8')])
    expect(facts.problems).toEqual(event.problems)
  })

  it('adds that to what else is wrong', () => {
    const odd = Buffer.from(JSON.stringify(failingEvent({ check: { output: '\u00fc', interval: 'x' } })), 'latin1')
    expect(only(judged(odd)).event.problems).toEqual([expect.stringContaining('UTF-8'), expect.stringContaining('interval')])
  })
})

describe('a policy that could not be used', () => {
  const broken: PolicyInForce = {
    ...DEFAULTS_IN_FORCE,
    file: 'tierline.yaml',
    errors: ['tierline.yaml:1:1: no', 'tierline.yaml:2:1: nor this'],
  }
  const can_hold = (in_force: PolicyInForce) => ({ ...outsideOf(in_force), can_hold: true })
  const young = JSON.stringify(
    failingEvent({
      check: {
        history: [
          { status: 0, executed: EXECUTED - 5 },
          { status: 2, executed: EXECUTED },
        ],
        last_ok: EXECUTED - 5,
      },
    }),
  )

  it('is nothing to tell when it could', () => {
    expect(outsideOf(DEFAULTS_IN_FORCE)).toEqual(NOTHING_KNOWN)
  })

  it('is unknown, and its first error a problem of every event', () => {
    const { facts } = only(judged(ok, outsideOf(broken)))
    expect(facts.unknown).toEqual(['policy'])
    expect(facts.problems).toEqual(['the policy could not be used, so the defaults apply: tierline.yaml:1:1: no'])
  })

  it.each<[string, string, PolicyInForce, string, string]>([
    ['a failure too young is held with a policy', young, DEFAULTS_IN_FORCE, 'hold', 'too_young'],
    ['and pages without', young, broken, 'page', 'fail_open'],
    ['what pages anyway says why as ever', failing, broken, 'page', 'machine_down'],
    ['what is well is well', ok, broken, 'record', 'ok'],
  ])('%s', (_, text, in_force, action, reason) => {
    const { decision } = only(judged(text, can_hold(in_force)))
    expect([decision.action, decision.reason]).toEqual([action, reason])
  })
})

describe('a key in an event', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the output', { check: { output: `token ${KEY} refused\n${KEY.repeat(2000)}` } }],
    ['a label and its name', { entity: { metadata: { labels: { note: KEY, [KEY]: 'x' } } } }],
    ['the runbook', { check: { metadata: { annotations: { 'tierline/runbook': `https://wiki/?k=${KEY}` } } } }],
    ['a bad annotation', { check: { metadata: { annotations: { 'tierline/tier': KEY } } } }],
    ['the name of the entity', { entity: { metadata: { name: KEY } } }],
    [
      'a metric',
      {
        metrics: {
          points: [
            { name: KEY, value: 1, timestamp: EXECUTED },
            { name: KEY, value: 'x' },
          ],
        },
      },
    ],
  ])('in %s is gone before anything sees it', (_, change) => {
    const story = only(judged(JSON.stringify(failingEvent(change))))
    const { keys } = keysOf({ own: { first: THERE, second: NOWHERE, third: NOWHERE }, shared: NOWHERE })
    for (const made of [story, previewOf({ ...story, source: 'stdin' }, DEFAULT_POLICY, keys)]) {
      expect(JSON.stringify(made)).not.toContain(KEY.slice(0, 12))
    }
    expect(JSON.stringify(story)).toContain('[key]')
  })

  it('written with escapes is gone too', () => {
    const escaped = [...KEY].map((character) => `\\u00${character.charCodeAt(0).toString(16)}`).join('')
    expect(JSON.stringify(judged(failing.replace('HTTP CRITICAL', escaped)))).not.toContain(KEY)
  })

  it('is gone from a refusal', () => {
    expect(JSON.stringify(judged(`{"entity": ${KEY}}`))).not.toContain(KEY)
  })
})
