import fc from 'fast-check'

const NOW = 1_777_972_901

const time = fc.oneof(fc.integer({ min: NOW - 100_000, max: NOW }), fc.constantFrom(0, NOW, NOW * 1000))
const status = fc.oneof(fc.constantFrom(0, 0, 1, 2, 2, 3, 127, 4_294_967_295), fc.integer({ min: 0, max: 255 }))

const SETTINGS = ['tierline/tier', 'tierline/class', 'tierline/scope', 'tierline/never_page', 'tierline/alert_after', 'note']
const values = fc.constantFrom(
  'first',
  'second',
  'Third',
  'load',
  'group',
  'true',
  'false',
  '',
  ' ',
  '5m',
  'ja, graag: 日本',
  'none',
)
const annotations = fc.dictionary(fc.constantFrom(...SETTINGS), values, { maxKeys: 2 })
/** On the event itself, where a mutator writes: never the owner's settings without a severity. */
const marked = fc
  .dictionary(fc.constantFrom(...SETTINGS, 'tierline/owner_tier', 'tierline/owner_class'), values, { maxKeys: 5 })
  .map((marks) => ({ ...marks, 'tierline/severity': 'error' }))
const own_annotations = fc.oneof(annotations, marked)
const labels = fc.dictionary(
  fc.constantFrom('asg_name', 'tierline_group', 'region', 'constructor', 'hasOwnProperty'),
  fc.constantFrom('web', '', 'é'),
  { maxKeys: 2 },
)

const metadata = (name: fc.Arbitrary<string>, annotations: fc.Arbitrary<Record<string, string>>) =>
  fc.record({ name, namespace: fc.constantFrom('prod', 'default'), labels, annotations }, { requiredKeys: ['name'] })

const history = fc.array(fc.record({ status, executed: time }), { maxLength: 21 })

const check = fc.record(
  {
    metadata: metadata(
      fc.constantFrom(
        'http',
        'cpu',
        'cpu-idle',
        'load',
        'keepalive',
        'registration',
        'deregistration',
        'my_cpu',
        'tcpu',
        'ünïcode',
      ),
      annotations,
    ),
    status,
    output: fc.constantFrom(
      'HTTP CRITICAL: 503',
      '',
      'Last check execution was 300 seconds ago',
      'Resolving due to entity deregistering',
      'Resolved manually by sensuctl',
      'ångström 🚒',
    ),
    state: fc.constantFrom('passing', 'failing', 'flapping', ''),
    history: fc.option(history, { nil: null }),
    executed: time,
    last_ok: time,
    interval: fc.constantFrom(0, 10, 60),
    ttl: fc.constantFrom(-1, 0, 180),
    occurrences: fc.integer({ min: 0, max: 40 }),
    silenced: fc.option(fc.constantFrom([], ['entity:web-01:*'], ['']), { nil: null }),
    processed_by: fc.constantFrom('', 'web-01'),
  },
  { requiredKeys: ['metadata'] },
)

/** Events as Sensu may send them, with every absence that it knows. */
export const raw_event = fc
  .record(
    {
      timestamp: time,
      metadata: fc.option(metadata(fc.constant(''), own_annotations), { nil: null }),
      entity: fc.record({
        entity_class: fc.constantFrom('agent', 'proxy'),
        metadata: metadata(fc.constantFrom('web-01', 'db'), annotations),
      }),
      check: fc.option(check, { nil: null, freq: 20 }),
      metrics: fc.constant({ handlers: [], points: [] }),
    },
    { requiredKeys: ['entity', 'check'] },
  )
  .map((event) => (event.check === null ? { ...event, metrics: { handlers: [], points: [] } } : event))

/** The same events at each run, so that all engines are asked about the same ones. */
export function rawEvents(count: number): unknown[] {
  return fc.sample(raw_event, { numRuns: count, seed: 20_191_219 })
}
