import type { MessageContext } from '../deliver/pagerduty/message.ts'
import { assess } from '../facts/assess.ts'
import type { Outside } from '../facts/facts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Store } from '../state/store.ts'
import { decide } from '../triage/decide.ts'
import type { Alert } from './alert.ts'
import { openDigest } from './digest.ts'
import { recall } from './recall.ts'
import { record } from './record.ts'

const AT_ONCE = 1000

/**
 * Decides again about everything whose time has come, with what is known now: holds page, wait on or are off, and recoveries of
 * what flapped close their page. Many that waited for the morning become one page. The number that was decided.
 */
export async function release(store: Store, policy: Policy, outside: Outside, now: number): Promise<number> {
  // Keepalives first, for they stand for whatever else fails on their machine.
  const ripe = (await store.ripe(now, AT_ONCE)).sort((a, b) => Number(isKeepalive(b)) - Number(isKeepalive(a)))
  const judged: [Alert, MessageContext][] = []
  for (const identity of ripe) {
    const alert = await store.alert(identity)
    if (alert === null || alert.until === null || alert.until > now) continue
    const context = await judgeAgain(store, alert, policy, outside, now)
    if (context === null) await openAsItIs(store, alert, now)
    else if (alert.check === 'keepalive' && alert.reason !== 'night_hold') await record(store, context, alert, { settles: false })
    else judged.push([alert, context])
  }
  const morning = judged.filter(([alert, { decision }]) => {
    return alert.reason === 'night_hold' && decision.action === 'page' && decision.tier === 'first'
  })
  const together = morning.length > policy.noise.digest_over ? morning : []
  if (together.length > 0)
    await openDigest(
      store,
      together.map(([alert]) => alert),
      now,
    )
  for (const one of judged) {
    if (!together.includes(one)) await record(store, one[1], one[0], { settles: false })
  }
  return ripe.length
}

function isKeepalive(identity: string): boolean {
  return identity.endsWith('/keepalive')
}

async function judgeAgain(
  store: Store,
  alert: Alert,
  policy: Policy,
  outside: Outside,
  now: number,
): Promise<MessageContext | null> {
  const { event } = alert
  if (event === null) return null
  const recalled = await recall(store, event, now)
  const facts = assess(event, policy, now, { ...outside, ...recalled.facts })
  return { event, facts, decision: decide(facts), policy }
}

/** Without its event nothing can be decided again, so the page that was kept with it goes out. */
function openAsItIs(store: Store, alert: Alert, now: number): Promise<null> {
  return store.change(alert.identity, (known) =>
    known?.want === 'held' && known.until === alert.until
      ? { alert: { ...known, want: 'open', since: now, until: null, queued_since: now, next_at: 0 }, result: null }
      : { result: null },
  )
}
