import { expect, it } from 'vitest'
import { release } from '../../lib/alert/release.ts'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { aCheck, anEvent } from '../support/event.ts'
import { aStore, put } from '../support/store.ts'
import { anAlert } from '../support/store-records.ts'

const NOW = 1_777_980_000

it('when all holds of a silent machine end together, its keepalive is the one that pages', async () => {
  const store = await aStore()
  const held = ['disk', 'http', 'keepalive'].map((name) => {
    const event = anEvent({ check: aCheck({ name, executed: NOW - 600, last_ok: NOW - 660 }) })
    const { namespace, entity } = event
    const identity = `${namespace}/${entity.name}/${name}`
    const order = { executed: NOW - 600, sequence: 1 }
    const names = { identity, namespace, entity: entity.name, check: name }
    return anAlert({ ...names, want: 'held', until: NOW, reason: 'too_young', accepted: null, event, order })
  })
  await put(store, ...held)
  await release(store, DEFAULT_POLICY, NOTHING_KNOWN, NOW)
  const wants = await Promise.all(held.map(async ({ identity }) => (await store.alert(identity))?.want))
  expect(wants).toEqual(['closed', 'closed', 'open'])
})
