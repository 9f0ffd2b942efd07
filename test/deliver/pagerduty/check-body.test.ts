import { describe, expect, it } from 'vitest'
import { checkBody } from '../../../lib/deliver/pagerduty/check-body.ts'
import { BODY_BYTES, type PagerDutyEvent } from '../../../lib/deliver/pagerduty/schema.ts'

const KEY = '0123456789abcdef0123456789ABCxyz'

const trigger = {
  routing_key: KEY,
  event_action: 'trigger',
  dedup_key: 'default/web-1/disk',
  payload: {
    summary: 'disk on web-1 is critical',
    source: 'web-1',
    severity: 'critical',
    timestamp: '2026-08-01T12:00:00Z',
    component: 'disk',
    group: 'web',
    class: 'service',
    custom_details: { output: 'full', nested: { any: ['thing', null] } },
  },
  client: 'Sensu',
  client_url: 'https://sensu.example.com/c/~/n/default/events/web-1/disk',
  links: [{ href: 'https://runbooks.example.com/disk', text: 'Runbook' }, { href: 'http://localhost:3000/' }],
  images: [{ src: 'https://graphs.example.com/disk.png', href: 'https://graphs.example.com/', alt: 'disk' }],
}
const resolve: PagerDutyEvent = { routing_key: KEY, event_action: 'resolve', dedup_key: 'default/web-1/disk' }

const check = (body: unknown) => checkBody(body, Buffer.byteLength(JSON.stringify(body) ?? ''))
const top = (change: object) => ({ ...trigger, ...change })
const payload = (change: object) => ({ ...trigger, payload: { ...trigger.payload, ...change } })

describe('what PagerDuty takes', () => {
  it.each<[string, unknown]>([
    ['a trigger with every field', trigger],
    ['a trigger without a dedup key, for which PagerDuty makes one', top({ dedup_key: undefined })],
    [
      'the least trigger',
      { routing_key: KEY, event_action: 'trigger', payload: { summary: 's', source: 's', severity: 'info' } },
    ],
    ['a bare resolve', resolve],
    ['a resolve with the payload of its trigger', { ...resolve, payload: trigger.payload }],
    ['an acknowledge', { ...resolve, event_action: 'acknowledge' }],
    ['a key of an orchestration', top({ routing_key: `R0${'Z9'.repeat(15)}` })],
    ['1024 characters of summary', payload({ summary: 'x'.repeat(1024) })],
    ['1024 UTF-16 units of emoji', payload({ summary: '🔥'.repeat(512) })],
    ['255 bytes of dedup key', top({ dedup_key: 'x'.repeat(255) })],
    ['a time with milliseconds and an offset', payload({ timestamp: '2015-07-17T08:42:58.315+0000' })],
    ['a time on a leap day', payload({ timestamp: '2024-02-29T23:59:60-03:30' })],
    ...['critical', 'error', 'warning', 'info'].map((severity): [string, unknown] => [severity, payload({ severity })]),
  ])('%s', (_, body) => {
    expect(check(body)).toEqual([])
  })

  it('a body of just the limit', () => {
    expect(checkBody(trigger, BODY_BYTES)).toEqual([])
  })
})

const SEVERITIES = "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
const ACTIONS = "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"
const LENGTH = "Length of 'routing_key' is incorrect (should be 32 characters)"
const LETTERS = "'routing_key' cannot contain non-alphanumeric characters."
const unread = (name: string) => `'${name}' is not a field that PagerDuty reads here`

/** Each row breaks one rule, and that is the only complaint. */
describe('what PagerDuty refuses or loses', () => {
  it.each<[string, unknown, string | string[]]>([
    ['a body that is no JSON', undefined, 'JSON parse error'],
    ['null', null, 'Event object format is unrecognized'],
    ['a list', [trigger], 'Event object format is unrecognized'],
    ['a text', 'trigger', 'Event object format is unrecognized'],

    ['no key', top({ routing_key: undefined }), "'routing_key' is missing or blank"],
    ['a null key', top({ routing_key: null }), "'routing_key' is missing or blank"],
    ['an empty key', top({ routing_key: '' }), "'routing_key' cannot be blank"],
    ['a key that is a number', top({ routing_key: 12 }), "'routing_key' must be a string"],
    ['a short key', top({ routing_key: 'a'.repeat(31) }), LENGTH],
    ['a long key', top({ routing_key: 'a'.repeat(33) }), LENGTH],
    ['a key with a dash', top({ routing_key: `-${'a'.repeat(31)}` }), LETTERS],
    ['a key with a newline', top({ routing_key: `${'a'.repeat(31)}\n` }), LETTERS],
    ['a token of the REST API', top({ routing_key: 'u+kd5BWMxNCknhB3XnYg' }), [LENGTH, LETTERS]],

    ['no action', top({ event_action: undefined }), "'event_action' is missing or blank"],
    ['an empty action', top({ event_action: '' }), "'event_action' is missing or blank"],
    ['an action in capitals', top({ event_action: 'Trigger' }), ACTIONS],
    ['an action of the prototype', top({ event_action: 'constructor' }), ACTIONS],

    ['a resolve of nothing', { ...resolve, dedup_key: undefined }, "'dedup_key' is missing or blank"],
    [
      'an acknowledge of nothing',
      { ...resolve, event_action: 'acknowledge', dedup_key: undefined },
      "'dedup_key' is missing or blank",
    ],
    ['a blank dedup key', { ...resolve, dedup_key: ' ' }, "'dedup_key' is missing or blank"],
    ['a trigger with a blank dedup key', top({ dedup_key: '' }), "'dedup_key' is missing or blank"],
    ['a dedup key that is a number', top({ dedup_key: 7 }), "'dedup_key' must be a string"],
    ['256 characters of dedup key', top({ dedup_key: 'x'.repeat(256) }), "'dedup_key' is too long (maximum is 255 characters)"],
    ['256 bytes of dedup key', top({ dedup_key: 'é'.repeat(128) }), "'dedup_key' is too long (maximum is 255 characters)"],

    ['no payload', top({ payload: undefined }), "'payload' is missing or blank"],
    ['a payload that is a list', top({ payload: [] }), "'payload' must be an object"],
    ['no summary', payload({ summary: undefined }), "'payload.summary' is missing or blank"],
    ['a blank summary', payload({ summary: ' \n' }), "'payload.summary' is missing or blank"],
    [
      '1025 characters of summary',
      payload({ summary: 'x'.repeat(1025) }),
      "'payload.summary' is too long (maximum is 1024 characters)",
    ],
    ['513 emoji', payload({ summary: '🔥'.repeat(513) }), "'payload.summary' is too long (maximum is 1024 characters)"],
    ['a summary that is a number', payload({ summary: 5 }), "'payload.summary' must be a string"],
    ['no source', payload({ source: undefined }), "'payload.source' is missing or blank"],
    ['a blank source', payload({ source: '' }), "'payload.source' is missing or blank"],
    ['a source that is a number', payload({ source: 1 }), "'payload.source' must be a string"],
    ['no severity', payload({ severity: undefined }), "'payload.severity' is missing or blank"],
    ['a blank severity', payload({ severity: '' }), "'payload.severity' is missing or blank"],
    ['a severity of another system', payload({ severity: 'none' }), SEVERITIES],
    ['a severity in capitals', payload({ severity: 'Critical' }), SEVERITIES],
    ['a resolve with a wrong severity', { ...resolve, payload: { severity: 'ok' } }, SEVERITIES],

    ['a component that is a number', payload({ component: 1 }), "'payload.component' must be a string"],
    ['a group that is null', payload({ group: null }), "'payload.group' must be a string"],
    ['a class that is a list', payload({ class: [] }), "'payload.class' must be a string"],
    ['details that are a text', payload({ custom_details: 'full' }), "'payload.custom_details' must be an object"],
    ['details that are a list', payload({ custom_details: [] }), "'payload.custom_details' must be an object"],

    ['an unknown field', top({ tier: 'first' }), unread('tier')],
    ['a field of the prototype', top({ constructor: 1 }), unread('constructor')],
    ['an unknown field of the payload', payload({ host: 'web-1' }), unread('payload.host')],
    ['links in the payload', payload({ links: [] }), unread('payload.links')],
    ['images in the payload', payload({ images: [] }), unread('payload.images')],
    ['links with a resolve', { ...resolve, links: [] }, unread('links')],
    ['a client with a resolve', { ...resolve, client: 'Sensu' }, unread('client')],
    ['an unknown field of a link', top({ links: [{ href: 'https://a.example', title: 'a' }] }), unread('links[0].title')],
    ['an unknown field of an image', top({ images: [{ src: 'https://a.example', title: 'a' }] }), unread('images[0].title')],

    ['a client that is an object', top({ client: {} }), "'client' must be a string"],
    ['a client url without a scheme', top({ client_url: 'sensu.example.com' }), "'client_url' is not an http or https address"],
    ['links that are an object', top({ links: {} }), "'links' must be a list"],
    ['a link that is a text', top({ links: ['https://a.example'] }), "'links[0]' must be an object"],
    ['a link to nowhere', top({ links: [{ text: 'a' }] }), "'links[0].href' is missing or blank"],
    ['an empty link', top({ links: [{ href: '' }] }), "'links[0].href' is not an http or https address"],
    ['a relative link', top({ links: [{ href: '/runbook' }] }), "'links[0].href' is not an http or https address"],
    ['a link that runs', top({ links: [{ href: 'javascript:alert(1)' }] }), "'links[0].href' is not an http or https address"],
    [
      'a link with a bad port',
      top({ links: [{ href: 'https://a.example:port/' }] }),
      "'links[0].href' is not an http or https address",
    ],
    ['a second link to nowhere', top({ links: [{ href: 'https://a.example' }, {}] }), "'links[1].href' is missing or blank"],
    ['a link text that is null', top({ links: [{ href: 'https://a.example', text: null }] }), "'links[0].text' must be a string"],
    ['an image without a source', top({ images: [{ alt: 'a' }] }), "'images[0].src' is missing or blank"],
    ['an image over http', top({ images: [{ src: 'http://a.example/a.png' }] }), "'images[0].src' is not an https address"],
    [
      'an image that is data',
      top({ images: [{ src: 'data:image/png;base64,' }] }),
      "'images[0].src' is not an http or https address",
    ],

    ...[
      'yesterday',
      '1785585600',
      '2026-08-01',
      '2026-08-01T12:00:00',
      '2026-08-01 12:00:00Z',
      '2026-02-30T12:00:00Z',
      '2026-13-01T12:00:00Z',
      '2026-08-01T24:01:00Z',
      '2026-08-01T12:60:00Z',
    ].map((timestamp): [string, unknown, string] => [
      `the time ${timestamp}`,
      payload({ timestamp }),
      "'payload.timestamp' is not a date and time of ISO 8601",
    ]),
    ['a time that is a number', payload({ timestamp: 1785585600 }), "'payload.timestamp' is not a date and time of ISO 8601"],
  ])('%s', (_, body, complaints) => {
    expect(check(body)).toEqual([complaints].flat())
  })

  it('one byte over the limit', () => {
    expect(checkBody(trigger, BODY_BYTES + 1)).toEqual(['Event object is too large (maximum is 512000 bytes)'])
  })

  it('says everything at once', () => {
    expect(check({ routing_key: 'x', event_action: 'trigger', payload: { severity: 'bad' }, extra: 1 })).toEqual([
      LENGTH,
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      SEVERITIES,
      unread('extra'),
    ])
  })
})
