import { describe, expect, it } from 'vitest'
import { Policy } from '../../lib/policy/schema.ts'
import { labelOf, matchRule, type Subject } from '../../lib/triage/match.ts'
import { aCheck, anEntity, anEvent } from '../support/event.ts'

const event = anEvent({
  check: aCheck({ name: 'http-healthz', labels: { component: 'gateway', shared: 'check' } }),
  entity: anEntity({ name: 'web-03', labels: { service: 'webshop', shared: 'entity', empty: '' } }),
})
const subject: Subject = { event, class: 'service', severity: 'critical' }

const rules = (...list: unknown[]) => Policy.parse({ rules: list }).rules
const rule = (match: unknown, then: object = { drop: true }) => ({ match, because: 'As agreed.', ...then })

describe('matchRule', () => {
  it.each<[string, unknown, boolean]>([
    ['the check', { check: 'http-healthz' }, true],
    ['a glob over the check', { check: 'http-*' }, true],
    ['another check', { check: 'tcp-*' }, false],
    ['one of several checks', { check: ['tcp-*', 'http-?ealthz'] }, true],
    ['the entity', { entity: 'web-0?' }, true],
    ['another entity', { entity: 'db-*' }, false],
    ['the namespace', { namespace: 'prod' }, true],
    ['another namespace', { namespace: 'staging' }, false],
    ['the class', { class: 'service' }, true],
    ['one of several classes', { class: ['load', 'service'] }, true],
    ['another class', { class: 'load' }, false],
    ['the severity', { severity: ['error', 'critical'] }, true],
    ['another severity', { severity: 'warning' }, false],
    ['a label of the entity', { labels: { service: 'web*' } }, true],
    ['a label of the check', { labels: { component: ['cart', 'gateway'] } }, true],
    ['a label of both: that of the check', { labels: { shared: 'check' } }, true],
    ['a label of both: not that of the entity', { labels: { shared: 'entity' } }, false],
    ['a label that is empty', { labels: { empty: '*' } }, true],
    ['a label that there is not', { labels: { region: '*' } }, false],
    ['a label that every object has', { labels: { constructor: '*' } }, false],
    ['no labels in particular', { labels: {} }, true],
    [
      'everything at once',
      { check: 'http-*', entity: 'web-*', namespace: 'pro?', class: 'service', severity: 'critical', labels: { service: '*' } },
      true,
    ],
    [
      'everything but one',
      { check: 'http-*', entity: 'web-*', namespace: 'pro?', class: 'service', severity: 'info', labels: { service: '*' } },
      false,
    ],
  ])('%s: %j is %s', (_, match, expected) => {
    expect(matchRule(rules(rule(match)), subject) !== null).toBe(expected)
  })

  it('gives the first that matches, with its place', () => {
    const list = rules(
      rule({ check: 'tcp-*' }),
      rule({ check: 'http-*' }, { tier: 'second', final: true }),
      rule({ entity: '*' }, { record: true }),
    )
    expect(matched(list)).toEqual([2, 'As agreed.', 'second', true])
    expect(matched(list.slice(2))).toEqual([1, 'As agreed.', 'record', false])
    expect(matchRule([], subject)).toBeNull()
  })

  function matched(list: ReturnType<typeof rules>) {
    const found = matchRule(list, subject)
    return [found?.number, found?.because, found?.then, found?.final]
  }

  it('a rule about a check does not match metrics alone, unless it takes any', () => {
    const metrics: Subject = { event: anEvent({ check: null }), class: 'metrics', severity: 'info' }
    expect(matchRule(rules(rule({ check: 'http-*' })), metrics)).toBeNull()
    expect(matchRule(rules(rule({ check: '*' })), metrics)).not.toBeNull()
  })
})

describe('labelOf', () => {
  it.each([
    ['component', 'gateway'],
    ['service', 'webshop'],
    ['shared', 'check'],
    ['empty', ''],
    ['region', null],
    ['toString', null],
  ])('%s: %j', (name, expected) => {
    expect(labelOf(event, name)).toBe(expected)
  })
})
