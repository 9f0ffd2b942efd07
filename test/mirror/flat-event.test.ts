import { describe, expect, it } from 'vitest'
import { flatEvent } from '../../lib/mirror/flat-event.ts'
import { failingEvent, rawEvent } from '../support/event.ts'

const history = (...statuses: unknown[]) => statuses.map((status) => (typeof status === 'number' ? { status } : status))

describe('an event as filters see it', () => {
  it('has the metadata in its owner, and every key', () => {
    const event = flatEvent(rawEvent({ check: { metadata: { labels: { team: 'web' } } } }))
    expect(event).toMatchObject({
      namespace: 'prod',
      labels: {},
      pipelines: [],
      has_check: true,
      has_metrics: false,
      check: { name: 'http', labels: { team: 'web' }, annotations: {}, subscriptions: [], ttl: 0 },
      entity: { name: 'web-01', labels: {}, system: { os: '', network: { interfaces: [] } } },
    })
    expect(event).not.toHaveProperty('metadata')
    expect(event).not.toHaveProperty('check.metadata')
    expect(event).not.toHaveProperty('check.subdue')
    expect(event).not.toHaveProperty('metrics')
  })

  it('has no null, and hooks with their own names', () => {
    const hooks = [{ metadata: { name: 'ps' }, status: 0, output: 'init' }]
    const check = { silenced: null, runtime_assets: null, subdue: null, hooks, check_hooks: [{ 'non-zero': ['ps'] }] }
    expect(flatEvent(rawEvent({ metadata: { labels: null }, check }))).toMatchObject({
      labels: {},
      check: {
        silenced: [],
        runtime_assets: [],
        hooks: [{ name: 'ps', labels: {}, output: 'init' }],
        check_hooks: [{ type: 'non-zero', hooks: ['ps'] }],
      },
    })
  })

  it('keeps a label of any name', () => {
    const labels = JSON.parse('{"__proto__": "a", "constructor": "b"}')
    const flat = JSON.stringify(flatEvent(rawEvent({ check: { metadata: { name: 'http', labels } } })))
    expect(flat).toContain('"labels":{"__proto__":"a","constructor":"b"}')
  })

  it('takes an event as sensuctl prints it', () => {
    expect(flatEvent({ type: 'Event', api_version: 'core/v2', metadata: { namespace: 'prod' }, spec: failingEvent() })).toEqual(
      flatEvent(failingEvent()),
    )
  })

  it('without a check has none, and answers no to all', () => {
    const event = flatEvent({ entity: { metadata: { name: 'web-01' } }, metrics: { points: null } })
    expect(event).toMatchObject({ has_check: false, has_metrics: true, is_incident: false, is_resolution: false })
    expect(event).toMatchObject({ metrics: { points: [] } })
    expect(event).not.toHaveProperty('check')
  })

  it.each([
    ['a failure', { status: 2, history: history(0, 2) }, { is_incident: true, is_resolution: false }],
    ['a recovery', { status: 0, history: history(2, 0) }, { is_incident: false, is_resolution: true }],
    ['OK as before', { status: 0, history: history(2, 0, 0) }, { is_incident: false, is_resolution: false }],
    ['the only run', { status: 0, history: history(0) }, { is_incident: false, is_resolution: false }],
    ['a history of holes', { status: 0, history: history(null, {}) }, { is_resolution: false }],
    ['silenced', { silenced: ['*:http'] }, { is_silenced: true }],
    ['flagged as silenced without a silence', { is_silenced: true }, { is_silenced: false }],
    ['flapping', { state: 'flapping' }, { is_flapping_start: true, is_flapping_end: false }],
    ['no longer flapping', { history: [{ flapping: true }, {}] }, { is_flapping_start: false, is_flapping_end: true }],
  ])('%s', (_name, check, expected) => {
    expect(flatEvent(rawEvent({ check }))).toMatchObject(expected)
  })
})
