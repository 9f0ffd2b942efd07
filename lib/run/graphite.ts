import { linesOf } from '../deliver/graphite/lines.ts'
import { sendLines } from '../deliver/graphite/send.ts'
import type { Outcome } from '../deliver/outcome.ts'
import type { Policy } from '../policy/schema.ts'
import { takeTurn } from '../state/marker.ts'
import { stateDirOf } from '../state/state-dir.ts'
import { carbonOf } from './carbon.ts'
import type { Handler } from './handler.ts'
import type { Log } from './log.ts'
import { graphite_options } from './options/graphite.ts'
import type { Spool } from './spool.ts'

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
  courier: async ({ policy, options, env, deadline, log }) => {
    const carbon = () => carbonOf(policy.graphite, options.tls_ca.value)
    const folder = stateDirOf(options.state_dir.value, env)
    const spool = folder.dir === null ? null : lazySpool(folder.dir, policy, deadline, log)
    let answers = false
    let trouble = ''
    return {
      recall: async () => ({}),
      deliver: async ({ event, facts }) => {
        const { lines, dropped, problems } = linesOf(event, policy.graphite, facts.now)
        const lost = dropped === 0 ? [] : [outcomeOf('failed', problems.join('; '), 0)]
        if (lines.length === 0) return [...lost, outcomeOf('skipped', 'no line to write', 0)]
        // A carbon that took all the time there was is not asked again.
        if (trouble === '' || Date.now() < deadline) {
          const sent = await sendLines(lines, { ...carbon(), timeout: Math.max(0.05, (deadline - Date.now()) / 1000) })
          answers = sent.outcome === 'sent'
          if (sent.outcome === 'sent') return [...lost, outcomeOf('sent', written(sent, policy), 1)]
          trouble = sent.reason
        }
        if (spool && policy.state.spool_mb > 0) return [...lost, await (await spool.open()).keep(lines, trouble)]
        const why = folder.dir === null && !folder.meant ? `${trouble}; nothing is kept: ${folder.why}` : trouble
        return [...lost, outcomeOf('failed', `${lines.length} lines not written: ${why}`, 1)]
      },
      finish: async () => {
        // What is kept goes after what is new, and only to a carbon that has just taken that.
        if (answers && spool?.isDue()) await (await spool.open()).send(carbon())
        await spool?.close()
      },
    }
  },
}

/** Nothing of the spool is loaded before there is something to keep or to send. */
function lazySpool(dir: string, policy: Policy, deadline: number, log: Log) {
  let spool: Promise<Spool> | undefined
  return {
    isDue: () => takeTurn(dir, Date.now()),
    open: () => {
      spool ??= import('./spool.ts').then(({ openSpool }) => openSpool(dir, policy, deadline, log))
      return spool
    },
    close: async () => (await spool)?.close(),
  }
}

function written({ lines, confirmed }: { lines: number; confirmed: boolean }, { graphite: { host, port } }: Policy): string {
  return `wrote ${lines} lines to ${host}:${port}${confirmed ? '' : ', which udp cannot confirm'}`
}

function outcomeOf(outcome: Outcome['outcome'], says: string, tries: number): Outcome {
  return { outcome, tiers: [], says, tries }
}
