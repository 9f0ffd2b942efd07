import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SETTING_NAMES, type Settings, settingsOf } from '../../lib/event/settings.ts'
import { aCheck, anEntity, anEvent } from '../support/event.ts'

const DEFAULTS: Settings = {
  tier: null,
  class: null,
  runbook: null,
  alert_after: null,
  scope: null,
  never_page: false,
  wake: false,
}

const onCheck = (annotations: Record<string, string>) => anEvent({ check: aCheck({ annotations }) })

describe('settingsOf', () => {
  it.each<[string, string, Partial<Settings>]>([
    ['tier', 'second', { tier: 'second' }],
    ['tier', ' Third ', { tier: 'third' }],
    ['tier', 'none', {}],
    ['class', 'load', { class: 'load' }],
    ['class', 'KEEPALIVE', { class: 'keepalive' }],
    ['class', 'metrics', {}],
    ['runbook', 'https://wiki.example.org/x?y=1#z', { runbook: 'https://wiki.example.org/x?y=1#z' }],
    ['runbook', 'HTTP://wiki', { runbook: 'HTTP://wiki' }],
    ['alert_after', '0', { alert_after: 0 }],
    ['alert_after', '90', { alert_after: 90 }],
    ['alert_after', '90s', { alert_after: 90 }],
    ['alert_after', '5 m', { alert_after: 300 }],
    ['alert_after', '24h', { alert_after: 86_400 }],
    ['scope', 'group', { scope: 'group' }],
    ['scope', 'Instance', { scope: 'instance' }],
    ['never_page', 'TRUE', { never_page: true }],
    ['wake', 'true', { wake: true }],
    ['wake', 'false', {}],
    ['tier', '  ', {}],
    ['colour', 'red', {}],
  ])('tierline/%s: %j', (name, text, expected) => {
    expect(settingsOf(onCheck({ [`tierline/${name}`]: text }), SETTING_NAMES)).toEqual({
      settings: { ...DEFAULTS, ...expected },
      problems: [],
    })
  })

  it.each([
    ['tier', 'fourth'],
    ['class', 'disk'],
    ['runbook', 'javascript:alert(1)'],
    ['runbook', 'wiki.example.org/x'],
    ['runbook', 'https://'],
    ['runbook', 'https://wiki.example.org/a b'],
    ['alert_after', 'soon'],
    ['alert_after', '-5'],
    ['alert_after', '1e3'],
    ['alert_after', '90.5'],
    ['alert_after', '25h'],
    ['alert_after', '86401'],
    ['alert_after', 'NaN'],
    ['alert_after', '5 days'],
    ['scope', 'zone'],
    ['never_page', 'yes'],
    ['wake', '1'],
  ])('tierline/%s: %j is refused and named', (name, text) => {
    const { settings, problems } = settingsOf(onCheck({ [`tierline/${name}`]: text }), SETTING_NAMES)
    expect(settings).toEqual(DEFAULTS)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`tierline/${name} on the check is ${JSON.stringify(text)}`)
  })

  it.each<[string, Record<string, string>, Record<string, string>, Record<string, string>, Settings['tier']]>([
    ['the event first', { 'tierline/tier': 'third' }, { 'tierline/tier': 'second' }, { 'tierline/tier': 'first' }, 'third'],
    ['then the check', {}, { 'tierline/tier': 'second' }, { 'tierline/tier': 'first' }, 'second'],
    ['then the entity', {}, {}, { 'tierline/tier': 'second' }, 'second'],
    ['an empty one does not count', { 'tierline/tier': ' ' }, { 'tierline/tier': '' }, { 'tierline/tier': 'second' }, 'second'],
    ['a bad one is not passed over', { 'tierline/tier': '?' }, { 'tierline/tier': 'second' }, {}, null],
  ])('looks at %s', (_, event, check, entity, expected) => {
    const made = anEvent({
      annotations: event,
      check: aCheck({ annotations: check }),
      entity: anEntity({ annotations: entity }),
    })
    expect(settingsOf(made, SETTING_NAMES).settings.tier).toBe(expected)
  })

  it('reads an event without a check', () => {
    const made = anEvent({ check: null, entity: anEntity({ annotations: { 'tierline/tier': 'second' } }) })
    expect(settingsOf(made, SETTING_NAMES).settings.tier).toBe('second')
  })

  it.each(SETTING_NAMES)('%s: is ignored, and said so, where the policy does not allow it', (name) => {
    const allowed = SETTING_NAMES.filter((other) => other !== name)
    const { settings, problems } = settingsOf(onCheck({ [`tierline/${name}`]: 'true' }), allowed)
    expect(settings).toEqual(DEFAULTS)
    expect(problems).toEqual([`annotation tierline/${name} on the check is ignored: the policy does not allow it`])
  })

  it('never lets a value through that is not one of its kind', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('first', 'load', 'https://a', '5m', '99999h', 'group', 'true', '0x10', '__proto__'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_NAMES), text, (name, text) => {
        const { settings, problems } = settingsOf(onCheck({ [`tierline/${name}`]: text }), SETTING_NAMES)
        expect([null, 'first', 'second', 'third']).toContain(settings.tier)
        expect([null, 'service', 'load', 'keepalive', 'ttl']).toContain(settings.class)
        expect([null, 'instance', 'group']).toContain(settings.scope)
        if (settings.runbook !== null) expect(URL.canParse(settings.runbook) || /^https?:/i.test(settings.runbook)).toBe(true)
        if (settings.alert_after !== null) expect(settings.alert_after).toSatisfy((n: number) => n >= 0 && n <= 86_400)
        expect(problems.join('')).not.toMatch(/[\r\n]/)
      }),
    )
  })
})
