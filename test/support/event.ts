import type { Check, Entity, Event } from '../../lib/event/event.ts'

/** Dull values for everything, so that a row of a table shows only what matters to it. */
export function aCheck(change: Partial<Check> = {}): Check {
  return {
    name: 'http-healthz',
    status: 2,
    output: 'HTTP CRITICAL: 503',
    state: 'failing',
    history: [],
    executed: 1_777_972_901,
    issued: 1_777_972_901,
    last_ok: 0,
    interval: 60,
    ttl: 0,
    duration: 0.1,
    occurrences: 1,
    total_state_change: 0,
    silenced: [],
    processed_by: 'web-03',
    proxy_entity_name: '',
    labels: {},
    annotations: {},
    ...change,
  }
}

export function anEntity(change: Partial<Entity> = {}): Entity {
  return { name: 'web-03', entity_class: 'agent', labels: {}, annotations: {}, ...change }
}

export function anEvent(change: Partial<Event> = {}): Event {
  return {
    namespace: 'prod',
    entity: anEntity(),
    check: aCheck(),
    metrics: null,
    labels: {},
    annotations: {},
    timestamp: 1_777_972_902,
    sequence: 1,
    problems: [],
    ...change,
  }
}
