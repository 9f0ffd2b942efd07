import { describe, expect, it } from 'vitest'
import { keysOf } from '../../lib/deliver/pagerduty/keys.ts'
import { previewOf } from '../../lib/deliver/preview.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { EXECUTED, failingEvent, rawEvent, storyOf } from '../support/event.ts'

const KEY = { first: '1a'.repeat(16), second: '2b'.repeat(16), third: '3c'.repeat(16), shared: '0d'.repeat(16) }

interface Texts {
  readonly shared?: string
  readonly first?: string
  readonly second?: string
  readonly third?: string
}
const THREE: Texts = { first: KEY.first, second: KEY.second, third: KEY.third }
const ALL: Texts = { ...THREE, shared: KEY.shared }
const SHARED: Texts = { shared: KEY.shared }

function previewed(raw: unknown, texts: Texts, policy: Policy = DEFAULT_POLICY) {
  const source = (name: keyof Texts, variable: string) => ({ name: variable, text: texts[name] })
  const sources = {
    own: {
      first: source('first', 'PAGERDUTY_TOKEN_FIRST'),
      second: source('second', 'PAGERDUTY_TOKEN_SECOND'),
      third: source('third', 'PAGERDUTY_TOKEN_THIRD'),
    },
    shared: source('shared', 'PAGERDUTY_TOKEN'),
  }
  return previewOf({ ...storyOf(raw, policy), source: 'stdin' }, policy, keysOf(sources).keys)
}
const keysIn = (preview: ReturnType<typeof previewed>) =>
  preview.pagerduty.map((body) => (body as { routing_key?: unknown }).routing_key)

const RECOVERED = rawEvent({
  check: {
    history: [
      { status: 2, executed: EXECUTED - 60 },
      { status: 0, executed: EXECUTED },
    ],
  },
})
const at = (tier: string) => failingEvent({ check: { metadata: { annotations: { 'tierline/tier': tier } } } })

describe('previewOf', () => {
  it('shows the decision and everything that would be sent', () => {
    const preview = previewed(failingEvent(), ALL)
    expect(preview).toMatchObject({
      source: 'stdin',
      identity: 'prod/web-01/http',
      class: 'service',
      severity: 'critical',
      action: 'page',
      tier: 'first',
      reason: 'machine_down',
      problems: [],
      pagerduty: [{ routing_key: '<PAGERDUTY_TOKEN_FIRST>', event_action: 'trigger', dedup_key: 'prod/web-01/http' }],
    })
    expect(preview.graphite).toContain(`sensu.events.prod.web-01.http.status 2 ${EXECUTED}`)
  })

  it.each<[string, unknown, Texts, string[]]>([
    ['a page names the key of its tier', at('second'), ALL, ['<PAGERDUTY_TOKEN_SECOND>']],
    ['the shared one', at('second'), SHARED, ['<PAGERDUTY_TOKEN>']],
    ['the shared one of the first line', at('first'), { ...SHARED, second: KEY.second }, ['<PAGERDUTY_TOKEN>']],
    ['the next one where it is missing', at('third'), { first: KEY.first }, ['<PAGERDUTY_TOKEN_FIRST>']],
    ['the only one where there is none', at('first'), {}, ['<PAGERDUTY_TOKEN>']],
    [
      'a resolve names each',
      RECOVERED,
      THREE,
      ['<PAGERDUTY_TOKEN_FIRST>', '<PAGERDUTY_TOKEN_SECOND>', '<PAGERDUTY_TOKEN_THIRD>'],
    ],
    ['a resolve names a shared one once', RECOVERED, SHARED, ['<PAGERDUTY_TOKEN>']],
    ['a resolve names none that is missing', RECOVERED, { second: KEY.second }, ['<PAGERDUTY_TOKEN_SECOND>']],
    ['a resolve without any names the one to set', RECOVERED, {}, ['<PAGERDUTY_TOKEN>']],
    ['nothing to tell names none', rawEvent(), ALL, []],
  ])('%s', (_, raw, texts, expected) => {
    expect(keysIn(previewed(raw, texts))).toEqual(expected)
  })

  it('prints the names of keys and no key', () => {
    for (const raw of [failingEvent(), RECOVERED]) {
      const printed = JSON.stringify(previewed(raw, ALL))
      for (const secret of Object.values(KEY)) expect(printed).not.toContain(secret)
    }
  })

  it('prints no malformed key either', () => {
    const printed = JSON.stringify(previewed(failingEvent(), { ...ALL, first: 'u+abcdefghijklmnopqr' }))
    expect(printed).not.toContain('abcdefghijklmnopqr')
    expect(printed).toContain('<PAGERDUTY_TOKEN_SECOND>')
    expect(printed).toContain('no usable key for the first line: PAGERDUTY_TOKEN_FIRST looks like a token of the REST API')
  })

  describe('problems', () => {
    it.each<[string, Record<string, unknown>, Policy, string]>([
      ['of the event', { check: { output: 5 } }, DEFAULT_POLICY, 'check.output'],
      [
        'of an annotation',
        { check: { metadata: { annotations: { 'tierline/tier': 'fourth' } } } },
        DEFAULT_POLICY,
        'tierline/tier',
      ],
      [
        'of a metric point',
        { metrics: { points: [{ name: 'a', value: 'x', timestamp: EXECUTED }] } },
        DEFAULT_POLICY,
        'not a number',
      ],
      [
        'of a body that PagerDuty would not take',
        {},
        { ...DEFAULT_POLICY, pagerduty: { ...DEFAULT_POLICY.pagerduty, sensu_base_url: 'sensu' } },
        "'client_url' is not an http or https address",
      ],
    ])('%s are told', (_, change, policy, expected) => {
      expect(previewed(failingEvent(change), ALL, policy).problems.join('\n')).toContain(expected)
    })

    it('of a resolve that goes to three services are told once', () => {
      const { problems, pagerduty } = previewed({ ...RECOVERED, timestamp: 'x' }, THREE)
      expect(pagerduty).toHaveLength(3)
      expect(problems).toEqual([expect.stringContaining('timestamp')])
    })

    it('are none for an ordinary event', () => {
      for (const raw of [rawEvent(), failingEvent(), RECOVERED]) expect(previewed(raw, ALL).problems).toEqual([])
    })
  })

  it('shows the lines for Graphite of the policy', () => {
    const policy = Policy.parse({ graphite: { prefix: 'ops', series: ['status'] } })
    const metrics = { points: [{ name: 'load', value: 1.5, timestamp: EXECUTED * 1000, tags: [] }] }
    const { graphite } = previewed(failingEvent({ metrics }), ALL, policy)
    expect(graphite).toContain(`ops.prod.web-01.http.load 1.5 ${EXECUTED}`)
    expect(graphite).toContain(`ops.events.prod.web-01.http.status 2 ${EXECUTED}`)
    expect(graphite.every((line) => /^ops\.\S+ \S+ \d+$/.test(line))).toBe(true)
  })
})
