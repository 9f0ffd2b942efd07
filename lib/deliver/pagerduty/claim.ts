import type { Alert } from '../../alert/alert.ts'
import { leaving } from '../../alert/sent.ts'
import { quietUntil, type Step, stepsOf } from '../../alert/steps.ts'
import type { Tier } from '../../event/settings.ts'
import type { Change } from '../../state/store.ts'
import { instant } from '../../triage/words.ts'
import type { Means } from './means.ts'

/** A process that is killed keeps its lease for so long after the end of its step. */
const GRACE_MS = 2000
/** One step has so long at the most: who is killed over a long queue must not keep others from what it was at. */
const STEP_MS = 20_000

/** What there is to do for an identity: nothing, nothing for us, nothing yet, or a step that nobody else may do meanwhile. */
export type Claim =
  | 'done'
  | 'taken'
  | { readonly later: string }
  | { readonly alert: Alert; readonly step: Step; readonly rung: readonly Tier[]; readonly until: number }

/** Takes the lease of an identity for its next step, until `deadline` (ms since 1970) and a little longer. */
export function claimStep(
  identity: string,
  means: Means,
  deadline: number,
  failed: boolean,
  last_resort: boolean,
): Promise<Claim> {
  const { store, time, by, patience } = means
  return store.change(identity, (alert): Change<Claim> => {
    const now = time.now()
    if (alert === null) return { result: 'done' }
    if (alert.lease !== null && alert.lease.by !== by && alert.lease.until > now) return { result: 'taken' }
    const free = alert.lease === null ? {} : { alert: { ...alert, lease: null } }
    const steps = stepsOf(alert, Math.floor(now / 1000), patience)
    // After a failure only the last resort is left to try, once.
    const left = failed ? steps.filter((one) => one.kind === 'open' && one.besides && !last_resort) : steps
    const step = left[0]
    const quiet = failed ? null : quietUntil(alert, Math.floor(now / 1000), patience)
    if (step === undefined)
      return { ...(quiet === null ? free : { alert: { ...alert, lease: null, next_at: quiet } }), result: 'done' }
    if (!failed && alert.next_at > now) return { ...free, result: { later: waiting(alert) } }
    if (now >= deadline) return { ...free, result: { later: 'no time was left to send it' } }
    const until = Math.min(deadline, now + STEP_MS)
    const claimed = { ...leaving(alert, step), lease: { by, until: until + GRACE_MS } }
    return { alert: claimed, result: { alert: claimed, step, rung: alert.rung, until } }
  })
}

function waiting({ last_error, next_at }: Alert): string {
  return `${last_error || 'it waits its turn'}; next try at ${instant(Math.ceil(next_at / 1000))}`
}
