import { readFileSync } from 'node:fs'
import { linesOf } from '../deliver/graphite/lines.ts'
import { sendLines } from '../deliver/graphite/send.ts'
import type { Outcome } from '../deliver/outcome.ts'
import { UsageError } from './errors.ts'
import type { Delivery, Handler } from './handler.ts'
import type { Judged } from './judge.ts'
import { graphite_options } from './options/graphite.ts'

/** tierline-graphite: the metric points of an event, and series about the check itself. */
export const graphite: Handler<typeof graphite_options> = {
  name: 'tierline-graphite',
  about: 'Sensu handler: writes metric points and series about every check to Graphite.',
  options: graphite_options,
  configure: (policy, options) => ({
    ...policy,
    graphite: {
      ...policy.graphite,
      // The brackets of an IPv6 address belong to URLs.
      host: options.host.value.replace(/^\[(.*)\]$/, '$1'),
      port: options.port.value,
      protocol: options.protocol.value,
      timeout: options.timeout.value,
      format: options.format.value,
      prefix: options.no_prefix.value ? '' : options.prefix.value,
      path_template: options.prefix_source.value ? '{entity}.{point}' : policy.graphite.path_template,
    },
  }),
  timeout: (policy) => policy.graphite.timeout,
  needs_keys: false,
  courier: async (delivery) => ({
    recall: async () => ({}),
    deliver: (judged) => write(judged, delivery),
    finish: async () => {},
  }),
}

async function write({ event, facts }: Judged, { policy, options, deadline }: Delivery<typeof graphite_options>) {
  const { lines, dropped, problems } = linesOf(event, policy.graphite, facts.now)
  const lost: Outcome[] = dropped === 0 ? [] : [{ outcome: 'failed', tiers: [], says: problems.join('; '), tries: 0 }]
  const nothing: Outcome = { outcome: 'skipped', tiers: [], says: 'no line to write', tries: 0 }
  if (lines.length === 0) return [...lost, nothing]
  const { host, port, protocol } = policy.graphite
  const timeout = Math.max(0.05, (deadline - Date.now()) / 1000)
  const sent = await sendLines(lines, { host, port, protocol, timeout, ...certificate(options.tls_ca.value) })
  const says =
    sent.outcome === 'sent'
      ? `wrote ${sent.lines} lines to ${host}:${port}${sent.confirmed ? '' : ', which udp cannot confirm'}`
      : `${lines.length} lines not written: ${sent.reason}`
  const outcome: Outcome = { outcome: sent.outcome, tiers: [], says, tries: 1 }
  return [...lost, outcome]
}

function certificate(file: string | undefined): { tls_ca?: string } {
  if (file === undefined) return {}
  try {
    return { tls_ca: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new UsageError(`--tls-ca: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
