import { describe, expect, it } from 'vitest'
import { type CheckClass, classOf, isLost, type SettableClass } from '../../lib/event/classify.ts'
import type { Check } from '../../lib/event/event.ts'
import { Policy } from '../../lib/policy/schema.ts'
import { aCheck, anEvent } from '../support/event.ts'

const load_checks = Policy.parse({}).noise.load_checks
const notice = { status: 1, history: [], occurrences: 0, state: '', output: '' }
const ttl = { name: 'backup', status: 1, ttl: 900, processed_by: '', output: 'Last check execution was 901 seconds ago' }

describe('classOf', () => {
  it.each<[string, Partial<Check> | null, SettableClass | null, CheckClass]>([
    ['no check', null, null, 'metrics'],
    ['no check, whatever is set', null, 'load', 'metrics'],
    ['an ordinary check', {}, null, 'service'],
    ['an ordinary check with a class of its own', {}, 'load', 'load'],
    ['a keepalive', { name: 'keepalive', status: 1 }, null, 'keepalive'],
    ['a keepalive cannot be made anything else', { name: 'keepalive' }, 'service', 'keepalive'],
    ['a keepalive that is fine', { name: 'keepalive', status: 0 }, null, 'keepalive'],
    ['a check with keepalive in its name', { name: 'keepalive-tunnel' }, null, 'service'],
    ['a registration', { name: 'registration', ...notice }, null, 'notice'],
    ['a deregistration', { name: 'deregistration', ...notice }, null, 'notice'],
    ['a registration that is OK', { name: 'registration', ...notice, status: 0 }, null, 'service'],
    ["a team's own registration check", { name: 'registration', occurrences: 1, state: 'failing' }, null, 'service'],
    ['one with a count only', { name: 'registration', ...notice, occurrences: 1 }, null, 'service'],
    ['one with a state only', { name: 'registration', ...notice, state: 'failing' }, null, 'service'],
    ['one with a history only', { name: 'registration', ...notice, history: [{ status: 1, executed: 0 }] }, null, 'service'],
    ['a TTL that ran out', ttl, null, 'ttl'],
    ['a TTL that ran out is no load, whatever is set', ttl, 'load', 'ttl'],
    ['the same text from an agent', { ...ttl, processed_by: 'web-03' }, null, 'service'],
    ['the same text without a TTL', { ...ttl, ttl: 0 }, null, 'service'],
    ['the same text in the midst of an output', { ...ttl, output: `!${ttl.output}` }, null, 'service'],
    ['a deleted event with a TTL', { ttl: -1, processed_by: '' }, null, 'service'],
    ['cpu-usage', { name: 'cpu-usage' }, null, 'load'],
    ['check_load_15', { name: 'check_load_15' }, null, 'load'],
    ['load', { name: 'load' }, null, 'load'],
    ['upload', { name: 'upload' }, null, 'service'],
    ['payload-size', { name: 'payload-size' }, null, 'service'],
    ['load-balancer', { name: 'load-balancer' }, null, 'service'],
    ['cpufreq', { name: 'cpufreq' }, null, 'service'],
  ])('%s', (_, check, set, expected) => {
    expect(classOf(anEvent({ check: check === null ? null : aCheck(check) }), load_checks, set)).toBe(expected)
  })

  it.each<[CheckClass, boolean]>([
    ['keepalive', true],
    ['ttl', true],
    ['load', false],
    ['service', false],
    ['notice', false],
    ['metrics', false],
  ])('isLost(%s) is %s', (check_class, expected) => {
    expect(isLost(check_class)).toBe(expected)
  })
})
