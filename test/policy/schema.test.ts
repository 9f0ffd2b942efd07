import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Policy } from '../../lib/policy/schema.ts'

const hours = (change: object) => ({
  tiers: { first: { hours: { zone: 'Europe/Amsterdam', windows: [{ days: ['mon'], from: '09:00', to: '18:00' }], ...change } } },
})
const aWindow = (change: object) => hours({ windows: [{ days: ['mon'], from: '09:00', to: '18:00', ...change }] })
const aRule = (change: object) => ({ rules: [{ match: { check: 'a' }, because: 'b', ...change }] })

describe('a policy', () => {
  it('may be empty, and then says what schemas/policy.defaults.json says', () => {
    const defaults = JSON.parse(readFileSync(new URL('../../schemas/policy.defaults.json', import.meta.url), 'utf8'))
    expect(Policy.parse({})).toEqual(defaults)
    expect(Policy.parse(defaults)).toEqual(defaults)
  })

  it.each<[string, unknown]>([
    ['hours', hours({})],
    ['a window overnight', aWindow({ from: '22:00', to: '07:00' })],
    ['a window to midnight', aWindow({ to: '24:00' })],
    ['a whole day', aWindow({ from: '00:00', to: '24:00' })],
    ['a holiday', hours({ holidays: ['2026-12-25'] })],
    ['a leap day', hours({ holidays: ['2028-02-29'] })],
    ['a zone without a place', hours({ zone: 'UTC' })],
    ['a rule that drops', aRule({ drop: true })],
    ['a rule that records', aRule({ record: true })],
    ['a final tier', aRule({ tier: 'third', final: true })],
    ['a list of globs', aRule({ match: { check: ['a', 'b*'] }, drop: true })],
    ['labels', aRule({ match: { labels: { a: 'b', c: ['d', 'e'] } }, drop: true })],
    ['no annotations', { annotations: { allow: [] } }],
    ['no wait', { noise: { alert_after: { service: 0 } } }],
    ['the largest status', { pagerduty: { status_map: { error: [4_294_967_295] } } }],
    ['Graphite without a prefix', { graphite: { prefix: '' } }],
    ['an address', { pagerduty: { endpoint: 'http://127.0.0.1:8080/v2/enqueue' } }],
  ])('may have %s', (_, input) => {
    expect(Policy.safeParse(input).error?.issues).toBeUndefined()
  })

  it.each<[string, unknown, string, RegExp]>([
    ['a key that there is not', { tier: {} }, '', /tier/],
    ['a key that there is not, deep down', { tiers: { first: { severity: 'error' } } }, 'tiers.first', /severity/],
    ['hours of the second line', { tiers: { second: { hours: {} } } }, 'tiers.second', /hours/],
    ['a key of PagerDuty', { tiers: { first: { key: 'x' } } }, 'tiers.first', /key/],
    [
      'the key in place of its variable',
      { tiers: { first: { key_env: '0a1b-2c' } } },
      'tiers.first.key_env',
      /not the key itself/,
    ],
    ['a zone of another list', hours({ zone: 'Eastern Time (US & Canada)' }), 'tiers.first.hours.zone', /not an IANA time zone/],
    ['a zone that there is not', hours({ zone: 'Europe/Atlantis' }), 'tiers.first.hours.zone', /Europe\/Amsterdam or UTC/],
    ['hours without windows', hours({ windows: [] }), 'tiers.first.hours.windows', /./],
    ['a window without days', aWindow({ days: [] }), 'tiers.first.hours.windows.0.days', /./],
    ['a day written out', aWindow({ days: ['monday'] }), 'tiers.first.hours.windows.0.days.0', /./],
    ['an hour of one digit', aWindow({ from: '9:00' }), 'tiers.first.hours.windows.0.from', /HH:MM/],
    ['an hour after 24', aWindow({ to: '25:00' }), 'tiers.first.hours.windows.0.to', /HH:MM/],
    ['a start at 24:00', aWindow({ from: '24:00' }), 'tiers.first.hours.windows.0.from', /00:00 of the next day/],
    ['a window that is empty', aWindow({ to: '09:00' }), 'tiers.first.hours.windows.0.to', /whole day/],
    ['a holiday that there is not', hours({ holidays: ['2026-02-29'] }), 'tiers.first.hours.holidays.0', /YYYY-MM-DD/],
    ['a rule that does nothing', aRule({}), 'rules.0', /exactly one of tier, drop: true or record: true/],
    ['a rule that does two things', aRule({ drop: true, tier: 'second' }), 'rules.0', /exactly one/],
    ['a rule that does not drop', aRule({ drop: false }), 'rules.0.drop', /./],
    ['a rule without a reason', { rules: [{ match: { check: 'a' }, drop: true }] }, 'rules.0.because', /./],
    ['a rule with an empty reason', aRule({ drop: true, because: '' }), 'rules.0.because', /./],
    ['a rule that matches all by saying nothing', aRule({ match: {}, drop: true }), 'rules.0.match', /must name something/],
    ['a final drop', aRule({ drop: true, final: true }), 'rules.0.final', /only means something with tier/],
    ['a class that no rule may name', aRule({ match: { class: 'notice' }, drop: true }), 'rules.0.match.class', /./],
    ['an annotation that there is not', { annotations: { allow: ['colour'] } }, 'annotations.allow.0', /./],
    ['a limit longer than a day', { noise: { alert_after: { load: 86_401 } } }, 'noise.alert_after.load', /./],
    ['a limit that is a text', { noise: { alert_after: { load: '5m' } } }, 'noise.alert_after.load', /./],
    ['a limit below zero', { noise: { alert_after: { ttl: -1 } } }, 'noise.alert_after.ttl', /./],
    ['a status below zero', { pagerduty: { status_map: { error: [-1] } } }, 'pagerduty.status_map.error.0', /./],
    ['a severity that there is not', { pagerduty: { status_map: { fatal: [2] } } }, 'pagerduty.status_map', /fatal/],
    ['an address of a file', { pagerduty: { endpoint: 'file:///etc/passwd' } }, 'pagerduty.endpoint', /full http\(s\) address/],
    ['a template without the point', { graphite: { path_template: '{entity}' } }, 'graphite.path_template', /\{point\}/],
    ['a port that there is not', { graphite: { port: 70_000 } }, 'graphite.port', /./],
    ['a list', [], '', /./],
    ['nothing', null, '', /./],
  ])('may not have %s', (_, input, path, message) => {
    const { success, error } = Policy.safeParse(input)
    expect(success).toBe(false)
    const issues = error?.issues ?? []
    expect(issues.map((issue) => issue.path.join('.'))).toContain(path)
    expect(issues.map((issue) => issue.message).join('\n')).toMatch(message)
  })
})
