import { fitBody } from '../deliver/pagerduty/fit.ts'
import type { MessageContext } from '../deliver/pagerduty/message.ts'
import { resolveBody, triggerBody } from '../deliver/pagerduty/message.ts'
import type { JournalEntry, Store } from '../state/store.ts'
import { trace } from '../triage/trace.ts'
import { advance } from './advance.ts'
import type { Alert, StoredBody } from './alert.ts'
import type { Advance, News } from './news.ts'
import { orderOf } from './order.ts'
import { slim } from './slim.ts'

/**
 * Writes a judged event into the record of its identity, with a line in the journal and the counters. With `settles` the recovery
 * of what flaps has to last before it counts.
 */
export async function record(
  store: Store,
  context: MessageContext,
  known: Alert | null,
  { settles }: { readonly settles: boolean },
): Promise<Advance> {
  const { facts, decision } = context
  const cover = known?.want === 'covered' ? await coverOf(store, known) : null
  const news = newsOf(context, cover, settles)
  // Of what is fine nothing is kept: a journal full of it would push out what somebody may look for.
  const journal = decision.action === 'record' ? [] : [entryOf(context)]
  const count = { [`decisions.${decision.action}.${decision.tier ?? 'none'}.${decision.reason}`]: 1 }
  return store.change(facts.identity, (alert) => {
    const result = advance(alert, news)
    return { ...(result.alert === alert ? {} : { alert: result.alert }), journal, count, result }
  })
}

function newsOf(context: MessageContext, cover: News['cover'], settles: boolean): News {
  const { event, facts, decision, policy } = context
  const { identity, namespace, entity, check, severity, now } = facts
  return {
    identity,
    namespace,
    entity,
    check,
    severity,
    decision,
    order: orderOf(event),
    event: slim(event),
    trigger: (tier) => fitBody(triggerBody(context, tier)) as unknown as StoredBody,
    resolve: () => fitBody(resolveBody(context)) as unknown as StoredBody,
    settled_at: settles && facts.flapping && facts.can_hold ? now + policy.noise.flap_settle : null,
    can_hold: settles && facts.can_hold,
    cover,
    now,
  }
}

async function coverOf(store: Store, known: Alert): Promise<News['cover']> {
  const cover = known.covered_by === null ? null : await store.alert(known.covered_by)
  return cover?.want === 'open' && cover.tier !== null ? { identity: cover.identity, tier: cover.tier } : null
}

function entryOf({ facts, decision }: MessageContext): JournalEntry {
  const deciding = trace(facts).at(-1)
  return {
    at: facts.now,
    kind: 'decision',
    identity: facts.identity,
    namespace: facts.namespace,
    entity: facts.entity,
    check: facts.check,
    tier: decision.tier,
    what: decision.action,
    reason: decision.reason,
    says: decision.says,
    latency_ms: null,
    facts: Object.fromEntries(deciding?.looked_at ?? []),
  }
}
