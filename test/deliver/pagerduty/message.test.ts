import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBody } from '../../../lib/deliver/pagerduty/check-body.ts'
import { fitBody } from '../../../lib/deliver/pagerduty/fit.ts'
import { type Body, minimalBody, resolveBody, triggerBody } from '../../../lib/deliver/pagerduty/message.ts'
import { TIERS, type Tier } from '../../../lib/event/settings.ts'
import { SEVERITIES, type Severity } from '../../../lib/event/severity.ts'
import { DEFAULT_POLICY } from '../../../lib/policy/defaults.ts'
import { Policy } from '../../../lib/policy/schema.ts'
import { EXECUTED, failingEvent, rawEvent, type Story, storyOf } from '../../support/event.ts'

const KEY = '0123456789abcdef0123456789abcdef'

const trigger = (story: Story, tier: Tier = 'first') => triggerBody(story, tier)
const page = (change = {}, policy: Policy = DEFAULT_POLICY) => trigger(storyOf(failingEvent(change), policy))
const check = (change: object) => ({ check: change })
const annotated = (annotations: Record<string, string>) => ({ check: { metadata: { annotations } } })

/** What PagerDuty would say to a body. */
function complaints(body: Body): string[] {
  const sent = JSON.stringify({ routing_key: KEY, ...body })
  return checkBody(JSON.parse(sent), Buffer.byteLength(sent))
}

describe('the body of a page', () => {
  it('is all that helps at night', () => {
    const labels = { app: 'shop', db_password: 'hunter22' }
    const body = page({
      check: { metadata: { labels, annotations: { 'tierline/runbook': 'https://wiki/http' } } },
      entity: { metadata: { labels: { asg_name: 'web', app: 'old' } } },
    })
    expect(body).toEqual({
      event_action: 'trigger',
      dedup_key: 'prod/web-01/http',
      client: 'Sensu',
      links: [{ href: 'https://wiki/http', text: 'Runbook' }],
      payload: {
        summary: 'http on web-01 is critical: HTTP CRITICAL: 503',
        source: 'web-01',
        severity: 'critical',
        timestamp: '2026-05-05T09:21:41Z',
        component: 'http',
        group: 'web',
        class: 'service',
        custom_details: {
          tier: 'first',
          reason: 'machine_down',
          why: expect.stringContaining('http on web-01'),
          runbook: 'https://wiki/http',
          output: 'HTTP CRITICAL: 503',
          namespace: 'prod',
          entity: 'web-01',
          check: 'http',
          class: 'service',
          status: 2,
          failing_for_seconds: 541,
          last_ok: '2026-05-05T09:11:41Z',
          occurrences: 10,
          identity: 'prod/web-01/http',
          labels: { app: 'shop', db_password: 'REDACTED', asg_name: 'web' },
        },
      },
    })
  })

  it('tells nothing else about the check: no command, no environment', () => {
    const text = JSON.stringify(
      page(check({ command: 'check --pass s3cret', env_vars: ['A=s3cret'], secrets: [{ name: 's3cret' }] })),
    )
    expect(text).not.toContain('s3cret')
  })
})

describe('the summary', () => {
  it.each<[string, object, string]>([
    ['a status that nobody knows', { status: 127, output: '' }, 'http on web-01 is status 127'],
    ['a status that is no number', { status: '2', output: '' }, 'http on web-01 is status unknown'],
    ['a warning', { status: 1, output: 'slow' }, 'http on web-01 is warning: slow'],
    ['a lost agent', { metadata: { name: 'keepalive' }, output: 'No keepalive' }, 'web-01 is silent: No keepalive'],
    ['the first line only', { output: '\n\n first\nsecond' }, 'http on web-01 is critical: first'],
    ['the first line with CRLF', { output: 'first\r\nsecond' }, 'http on web-01 is critical: first'],
    ['control characters', { output: 'a\u0000\u001b[31mb\tc' }, 'http on web-01 is critical: a [31mb c'],
  ])('of %s', (_, change, expected) => {
    expect(page(check(change)).payload.summary).toBe(expected)
  })

  it('is cut at 1024 units, between characters', () => {
    const { summary } = page(check({ output: '🔥'.repeat(2000) })).payload
    expect(summary.length).toBeLessThanOrEqual(1024)
    expect(summary.length).toBeGreaterThan(1020)
    expect(summary.isWellFormed()).toBe(true)
    expect(summary.endsWith('…')).toBe(true)
  })
})

describe('the severity', () => {
  const severity = (change: object, tier: Tier, policy: Policy = DEFAULT_POLICY) =>
    trigger(storyOf(failingEvent(check(change)), policy), tier).payload.severity

  it.each<[object, Tier, Severity]>([
    [{ status: 2 }, 'first', 'critical'],
    [{ status: 2 }, 'second', 'critical'],
    [{ status: 1 }, 'first', 'warning'],
    [{ status: 1 }, 'second', 'error'],
    [{ status: 1 }, 'third', 'error'],
    [{ status: 127 }, 'first', 'error'],
    [{ status: 'x' }, 'first', 'error'],
    [{ status: 1, metadata: { name: 'keepalive' } }, 'first', 'error'],
  ])('of %j at the %s line is %s', (change, tier, expected) => {
    expect(severity(change, tier)).toBe(expected)
  })

  it('is never below the floor of the tier, nor below that of the status', () => {
    for (const floor of SEVERITIES) {
      const policy = Policy.parse({ tiers: Object.fromEntries(TIERS.map((tier) => [tier, { severity_floor: floor }])) })
      for (const tier of TIERS) {
        for (const [status, own] of [
          [1, 'warning'],
          [2, 'critical'],
          [3, 'error'],
        ] as const) {
          const worse = Math.max(SEVERITIES.indexOf(floor), SEVERITIES.indexOf(own))
          expect(severity({ status }, tier, policy)).toBe(SEVERITIES[worse])
        }
      }
    }
  })
})

describe('the time', () => {
  it.each([
    ['seconds', EXECUTED],
    ['milliseconds', EXECUTED * 1e3],
    ['microseconds', EXECUTED * 1e6],
    ['nanoseconds', EXECUTED * 1e9],
  ])('in %s is the same', (_, executed) => {
    expect(page(check({ executed })).payload.timestamp).toBe('2026-05-05T09:21:41Z')
  })

  it.each<[string, object, string | undefined]>([
    ['of the event where the check has none', { timestamp: EXECUTED, check: { executed: 0 } }, '2026-05-05T09:21:41Z'],
    ['is left out where nobody knows it', { timestamp: 0, check: { executed: 0 } }, undefined],
    ['is left out where it is negative', { timestamp: 0, check: { executed: -5 } }, undefined],
  ])('%s', (_, change, expected) => {
    expect(page(change).payload.timestamp).toBe(expected)
  })

  it('that no calendar has is left out', () => {
    const story = storyOf(failingEvent())
    const late = { ...story.event, check: story.event.check && { ...story.event.check, executed: 253_402_300_800 } }
    expect(trigger({ ...story, event: late }).payload).not.toHaveProperty('timestamp')
  })
})

describe('links', () => {
  const linked = Policy.parse({ pagerduty: { link_annotations: true } })
  const hrefs = (body: ReturnType<typeof page>) => (body.links ?? []).map(({ href }) => href)

  it('are only the runbook, unless the policy wants more', () => {
    const change = annotated({ 'tierline/runbook': 'https://wiki/a', dashboard: 'https://grafana/d' })
    expect(hrefs(page(change))).toEqual(['https://wiki/a'])
    expect(page(change, linked).links).toEqual([
      { href: 'https://wiki/a', text: 'Runbook' },
      { href: 'https://grafana/d', text: 'dashboard' },
    ])
  })

  it('are there only when there are some', () => {
    expect(page()).not.toHaveProperty('links')
    expect(page({}, linked)).not.toHaveProperty('links')
  })

  it.each(['javascript:alert(1)', 'ftp://x/y', 'wiki/a', 'https://', 'http://[', 'http://a b', 'see https://x'])(
    '%s is none',
    (text) => {
      expect(hrefs(page(annotated({ a: text, 'tierline/runbook': text }), linked))).toEqual([])
    },
  )

  it('are 20 at most, none longer than 2048 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index}`, `https://x/${index}`]))
    expect(hrefs(page(annotated(many), linked))).toHaveLength(20)
    expect(hrefs(page(annotated({ a: `https://x/${'y'.repeat(2048)}` }), linked))).toEqual([])
  })

  it('lead to the event in Sensu, whatever it is called', () => {
    const policy = Policy.parse({ pagerduty: { sensu_base_url: 'https://sensu.example/' } })
    expect(page({}, policy).client_url).toBe('https://sensu.example/c/~/n/prod/events/web-01/http')
    const odd = page({ metadata: { namespace: '../a' }, entity: { metadata: { name: 'a/b?#\ud83d' } } }, policy)
    expect(odd.client_url).toBe('https://sensu.example/c/~/n/..%2Fa/events/a%2Fb%3F%23%EF%BF%BD/http')
    expect(page()).not.toHaveProperty('client_url')
  })
})

describe('the group', () => {
  it.each<[string, object, string | undefined]>([
    ['by the first label that there is', { entity: { metadata: { labels: { asg_name: 'b', tierline_group: 'a' } } } }, 'a'],
    [
      'of the check before the entity',
      { check: { metadata: { labels: { asg_name: 'c' } } }, entity: { metadata: { labels: { asg_name: 'b' } } } },
      'c',
    ],
    ['none', {}, undefined],
    ['none by an empty label', { entity: { metadata: { labels: { asg_name: '' } } } }, undefined],
  ])('%s', (_, change, expected) => {
    expect(page(change).payload.group).toBe(expected)
  })
})

describe('what was odd', () => {
  it('is told in the page', () => {
    const { custom_details } = page(annotated({ 'tierline/tier': 'fourth' })).payload
    expect(custom_details?.warnings).toEqual([expect.stringContaining('tierline/tier')])
  })
})

describe('the body of a resolve', () => {
  it('finds the alert of the page, and is routed like it', () => {
    const raw = rawEvent({
      check: {
        history: [
          { status: 2, executed: EXECUTED - 60 },
          { status: 0, executed: EXECUTED },
        ],
      },
    })
    const body = resolveBody(storyOf(raw))
    const opened = page()
    expect(body.event_action).toBe('resolve')
    expect(body.dedup_key).toBe(opened.dedup_key)
    for (const field of ['source', 'component', 'class', 'group'] as const)
      expect(body.payload?.[field]).toBe(opened.payload[field])
    expect(body).not.toHaveProperty('links')
    expect(complaints(body)).toEqual([])
  })
})

describe('the minimal body', () => {
  it('has what it must have, and finds the same alert', () => {
    expect(minimalBody(page())).toEqual({
      event_action: 'trigger',
      dedup_key: 'prod/web-01/http',
      payload: { summary: 'http on web-01 is critical: HTTP CRITICAL: 503', source: 'web-01', severity: 'critical' },
    })
    expect(complaints(minimalBody({ event_action: 'resolve', dedup_key: 'x' }))).toEqual([])
  })
})

describe('any event', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\u001b',
        '\n',
        '\r',
        '"',
        '\\',
        ' ',
        '\u00a0',
        '\u2028',
        '🔥',
        '\ud83d',
        '\udd25',
        'a',
        '/',
        '%',
      ),
      maxLength: 30,
    }),
    fc.string({ unit: fc.constantFrom('\u0000', '"', '🔥', '\ud83d', 'é', 'x'), minLength: 300, maxLength: 3000 }),
    fc.constantFrom(KEY, 'http://[', 'http://x/\ud83d', `https://x/${'y'.repeat(3000)}`, 'none', 'first', '5m'),
  )
  const huge = fc.constantFrom('\u0001', '"', '🔥', '\n', 'x ').map((unit) => unit.repeat(1_000_000 / unit.length))
  const name = fc
    .oneof(nasty, fc.constantFrom('web-01', 'keepalive', '\u0085'))
    .map((text) => (text.trim() === '' ? '\u0000' : text))
  const map = fc.dictionary(
    fc.oneof(
      nasty,
      fc.constantFrom(
        'asg_name',
        'tierline_group',
        'tierline/runbook',
        'tierline/tier',
        'tierline/alert_after',
        'password',
        '__proto__',
      ),
    ),
    nasty,
    { maxKeys: 6 },
  )
  const when = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -1, EXECUTED, EXECUTED * 1e3, EXECUTED * 1e9, 1e11 - 1, 253_402_300_800, 8.64e15, 1e300),
  )
  const raw = fc
    .record({
      namespace: nasty,
      entity: name,
      check: name,
      status: fc.oneof(fc.constantFrom(0, 1, 2, 3, 127, 4_294_967_295, 'x', null), fc.double()),
      output: fc.oneof({ weight: 20, arbitrary: nasty }, { weight: 1, arbitrary: huge }),
      labels: map,
      annotations: map,
      executed: when,
      last_ok: when,
      timestamp: when,
      occurrences: fc.double(),
    })
    .map((parts) =>
      failingEvent({
        metadata: { namespace: parts.namespace },
        timestamp: parts.timestamp,
        entity: { metadata: { name: parts.entity, labels: parts.labels } },
        check: {
          metadata: { name: parts.check, labels: parts.annotations, annotations: parts.annotations },
          status: parts.status,
          output: parts.output,
          executed: parts.executed,
          last_ok: parts.last_ok,
          occurrences: parts.occurrences,
        },
      }),
    )
  const policy = fc.constantFrom(
    DEFAULT_POLICY,
    Policy.parse({ pagerduty: { link_annotations: true, sensu_base_url: 'https://sensu.example', client_name: '\ud83d' } }),
  )

  it('makes bodies that PagerDuty takes, on every tier', () => {
    fc.assert(
      fc.property(raw, policy, fc.constantFrom(...TIERS), (raw, policy, tier) => {
        const context = storyOf(raw, policy)
        const bodies = [fitBody(triggerBody(context, tier)), fitBody(resolveBody(context))]
        for (const body of [...bodies, ...bodies.map((body) => minimalBody(body))]) {
          expect(complaints(body)).toEqual([])
          expect(Buffer.byteLength(JSON.stringify({ routing_key: KEY, ...body }))).toBeLessThanOrEqual(512_000)
          const { summary = '', source = '', component = '', group = '' } = body.payload ?? {}
          expect(summary.length).toBeLessThanOrEqual(1024)
          for (const text of [summary, source, component, group, body.dedup_key]) {
            expect(text.isWellFormed()).toBe(true)
            expect(text).not.toMatch(/\p{Cc}/u)
          }
          expect(body.payload?.timestamp ?? '2').toMatch(/^[0-9]{1,4}/)
        }
        expect(bodies[0]?.dedup_key).toBe(bodies[1]?.dedup_key)
      }),
      { numRuns: 600 },
    )
  })
})
