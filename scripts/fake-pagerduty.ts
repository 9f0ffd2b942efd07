/**
 * A PagerDuty to try Tierline with, without an account:
 *
 *   node scripts/fake-pagerduty.ts [--port 8070] [--script 429,429,hang]
 *
 * Prints one line of JSON for every request. `--script` says what becomes of the first ones: a status, `hang`,
 * `reset`, `drop` (202, but nobody is paged) or `broken` (202 with half an answer).
 */
import { parseArgs } from 'node:util'
import { type FakeRequest, type Fault, startFakePagerDuty, status } from '../test/support/fake-pagerduty.ts'

const words: Readonly<Record<string, Fault>> = {
  hang: { kind: 'hang' },
  reset: { kind: 'reset_after' },
  drop: { kind: 'drop' },
  broken: { kind: 'broken_json' },
}

function faultOf(word: string): Fault {
  const fault = /^[2-5]\d\d$/.test(word) ? status(Number(word)) : Object.hasOwn(words, word) ? words[word] : undefined
  if (!fault)
    throw new Error(`--script: '${word}' is neither a status from 200 to 599 nor one of ${Object.keys(words).join(', ')}`)
  return fault
}

function print({ at, method, path, routing_key, body, status, fault, effect, complaints }: FakeRequest): void {
  const { event_action, dedup_key, payload } = (body ?? {}) as {
    event_action?: unknown
    dedup_key?: unknown
    payload?: { severity?: unknown; summary?: unknown }
  }
  const key = routing_key === null ? null : routing_key.length < 16 ? '…' : `…${routing_key.slice(-4)}`
  const event = { event_action, dedup_key, severity: payload?.severity, summary: payload?.summary }
  console.log(
    JSON.stringify({
      at: new Date(at).toISOString(),
      method,
      path,
      routing_key: key,
      ...event,
      status,
      fault,
      effect,
      complaints,
    }),
  )
}

try {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8070' }, script: { type: 'string', default: '' } },
  })
  const faults = values.script
    .split(',')
    .filter((word) => word !== '')
    .map(faultOf)
  const fake = await startFakePagerDuty({ port: Number(values.port), after: print })
  fake.script(faults)
  console.error(`listening at ${fake.url}; any 32 letters and digits are a routing key`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void fake.stop())
} catch (error) {
  console.error(`fake-pagerduty: ${(error as Error).message}`)
  process.exitCode = 2
}
