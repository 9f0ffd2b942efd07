import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Verdict, verdictOf } from '../../../lib/deliver/pagerduty/verdict.ts'

const NOW = Date.UTC(2026, 7, 1, 12, 0, 0)
const verdict = (status: number, text = '', retry_after?: string) => verdictOf({ status, retry_after, text }, NOW)
const why = (got: Verdict) => ('why' in got ? got.why : '')
const pause = (retry_after?: string) => {
  const got = verdict(429, '', retry_after)
  return got.kind === 'retry' ? got.after : Number.NaN
}
const refusal = (...errors: unknown[]) => JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors })

describe('every status', () => {
  const retried = [408, 429]
  const about_the_event = [400, 413]
  function expected(status: number, text: string): Verdict['kind'] {
    // A captive portal says 200 with a page of its own; PagerDuty says 202.
    if (status >= 200 && status < 300 && status !== 202 && text.startsWith('<')) return 'retry'
    if (status < 200 || status >= 500 || retried.includes(status)) return 'retry'
    if (status < 300) return 'accepted'
    return about_the_event.includes(status) ? 'bad_body' : 'refused'
  }
  const texts = [
    '',
    '{',
    'null',
    '"text"',
    '[]',
    '<html><title>502 Bad Gateway</title></html>',
    '{"status":"success"}',
    refusal('x'),
  ]

  it('has its verdict, whatever the text', () => {
    for (let status = 100; status <= 599; status++) {
      for (const text of texts)
        expect({ status, text, kind: verdict(status, text).kind }).toEqual({ status, text, kind: expected(status, text) })
    }
  })

  it('is named in the reason, in one short line', () => {
    for (let status = 100; status <= 599; status++) {
      for (const text of [...texts, `a\nb\u0000\u001b[31m${'x'.repeat(1000)}`]) {
        const said = why(verdict(status, text))
        if (expected(status, text) === 'accepted') continue
        expect(said).toContain(String(status))
        expect(said.length).toBeLessThanOrEqual(300)
        expect(said).not.toMatch(/\p{Cc}/u)
      }
    }
  })

  it('is a bad key only with 400', () => {
    for (let status = 100; status <= 599; status++) {
      expect(verdict(status, refusal('Invalid routing key')).kind === 'bad_key').toBe(status === 400)
    }
  })
})

describe('400 is about the key', () => {
  it.each([
    [refusal("Length of 'routing_key' is incorrect (should be 32 characters)")],
    [
      refusal(
        "Length of 'routing_key' is incorrect (should be 32 characters)",
        "'routing_key' cannot contain non-alphanumeric characters.",
      ),
    ],
    [refusal("'routing_key' cannot be blank")],
    [refusal("'routing_key' is missing or blank")],
    [refusal("'payload.source' is missing or blank", "'routing_key' cannot be blank")],
    [refusal('Service key is the wrong length (should be 32 characters)')],
    [JSON.stringify({ status: 'invalid event', message: 'Invalid routing key' })],
    [JSON.stringify({ errors: 'Invalid routing key' })],
    [JSON.stringify({ errors: [{ field: 'routing_key', code: 'invalid' }] })],
    [JSON.stringify('Invalid routing key')],
    ['Invalid routing key'],
    [refusal("Length of 'routing_key' is incorrect").slice(0, -4)],
  ])('%s', (text) => {
    expect(verdict(400, text).kind).toBe('bad_key')
  })
})

describe('400 is about the event', () => {
  it.each([
    [refusal("'payload.source' is missing or blank")],
    [refusal("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")],
    [refusal("'summary' is too long (maiximum is 1024 characters)")],
    [refusal()],
    [
      JSON.stringify({
        status: 'unrecognized object',
        message: 'Event object format is unrecognized',
        errors: ['JSON parse error'],
      }),
    ],
    // Only what complains counts, not whatever else the answer has.
    [
      JSON.stringify({
        message: 'Event object is invalid',
        errors: ["'summary' is too long"],
        dedup_key: 'default/web-1/routing_key',
      }),
    ],
    ['<html><body><h1>400 Bad Request</h1></body></html>'],
    [''],
  ])('%s', (text) => {
    expect(verdict(400, text).kind).toBe('bad_body')
  })
})

describe('the reason', () => {
  it.each<[number, string, string]>([
    [400, refusal("'a' is missing", "'b' is missing"), "PagerDuty answered 400: 'a' is missing; 'b' is missing"],
    [400, refusal(), 'PagerDuty answered 400: Event object is invalid'],
    [400, refusal({ field: 'a' }, null, 7), 'PagerDuty answered 400: {"field":"a"}; 7'],
    [400, refusal('a\nb\t\u001b[31mred\u0007'), 'PagerDuty answered 400: a b [31mred'],
    [403, '{"message":"Forbidden"}', 'PagerDuty answered 403: is the address of PagerDuty right?: Forbidden'],
    [413, '', 'PagerDuty answered 413: the event is too large'],
    [
      429,
      '{"status":"throttle exceeded","errors":["Enhance Your Calm."]}',
      'PagerDuty answered 429: too many requests with this key: Enhance Your Calm.',
    ],
    [302, '', 'PagerDuty answered 302: redirects are not followed'],
    [
      502,
      '<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>',
      'PagerDuty answered 502: 502 Bad Gateway',
    ],
    [503, '<h1>Service</h1>\n<p>Unavailable</p>', 'PagerDuty answered 503: Service Unavailable'],
    [500, '', 'PagerDuty answered 500'],
    [500, '{}', 'PagerDuty answered 500'],
  ])('%i %s', (status, text, expected) => {
    expect(why(verdict(status, text))).toBe(expected)
  })

  it('is cut at 300 characters, between characters', () => {
    const said = why(verdict(400, refusal('🔥'.repeat(400))))
    expect(said.length).toBeLessThanOrEqual(300)
    expect(said.isWellFormed()).toBe(true)
    expect(said.endsWith('…')).toBe(true)
  })
})

describe('Retry-After', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    ['0', 0],
    ['30', 30],
    [' 30 ', 30],
    ['86400', 86_400],
    ['86401', null],
    ['9'.repeat(400), null],
    ['-5', null],
    ['1.5', null],
    ['1e3', null],
    ['0x10', null],
    ['soon', null],
    ['30, 60', null],
    ['2026-08-01T12:01:00Z', null],
    ['Sat, 01 Aug 2026 12:01:30 GMT', 90],
    ['Saturday, 01-Aug-26 12:01:30 GMT', 90],
    ['Sat Aug  1 12:01:30 2026', 90],
    ['Sat, 01 Aug 2026 11:00:00 GMT', 0],
    ['Sat, 01 Aug 2026 nonsense GMT', null],
    ['Sun, 01 Aug 2027 12:00:00 GMT', null],
  ])('%j is %j', (header, expected) => {
    expect(pause(header)).toBe(expected)
  })

  it('means GMT where the machine does not', () => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(new Date(NOW).getHours()).toBe(8)
    expect(pause('Sat Aug  1 12:01:30 2026')).toBe(90)
  })

  it('rounds up, so that nobody comes a moment early', () => {
    const got = verdictOf({ status: 503, retry_after: 'Sat, 01 Aug 2026 12:00:10 GMT', text: '' }, NOW + 1)
    expect(got).toMatchObject({ kind: 'retry', after: 10 })
  })

  it('counts only where the request is to be tried again', () => {
    expect(verdict(400, '', '30')).not.toHaveProperty('after')
  })
})
