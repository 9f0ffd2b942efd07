import { afterStep, type Sending } from '../../alert/sent.ts'
import type { Outcome } from '../outcome.ts'
import { countsOf, entryOf } from './account.ts'
import { claimStep } from './claim.ts'
import { deliver, sender } from './deliver.ts'
import type { Means } from './means.ts'
import { type Paced, paced } from './paced.ts'
import { orphaned, planOf, sendingOf } from './sending.ts'

const LOOK_AGAIN_MS = 100

/**
 * Sends what the record of an identity asks for, one step after another, until nothing is left, something fails or `deadline`
 * (ms since 1970) is near. Only one process sends for an identity at a time: a page that is slow to arrive could
 * otherwise come after the resolve that another sends, and stay open.
 */
export async function fulfil(identity: string, means: Means, deadline: number): Promise<Outcome[]> {
  const { store, time } = means
  const outcomes: Outcome[] = []
  let last_resort = false
  for (let failed = false; ; ) {
    const claim = await claimStep(identity, means, deadline, failed, last_resort)
    if (claim === 'done') return outcomes
    if (claim === 'taken') {
      if (time.now() + LOOK_AGAIN_MS >= deadline) return [...outcomes, queued('another run of Tierline is sending for it')]
      await time.sleep(LOOK_AGAIN_MS)
    } else if ('later' in claim) {
      if (!failed) outcomes.push(queued(claim.later))
      return outcomes
    } else {
      const { alert, step, rung, until } = claim
      const pace = paced(means, step.kind === 'close' ? 'resolve' : step.urgency)
      const plan = planOf(alert, step, means.keys)
      const delivered = await deliver(plan, means.keys, pace.send(sender(pace.post, time, until)))
      const got = [...delivered, ...orphaned(plan, alert, means.keys)]
      const sending = sendingOf(step, alert, plan, got, means.keys, pace, time.now())
      outcomes.push(...got.map((outcome) => kept(outcome, sending, pace)))
      if (sending.failed !== null) failed = true
      if (step.kind === 'open' && step.besides) last_resort = true
      await store.change(identity, (now) => ({
        ...(now === null ? {} : { alert: afterStep(now, alert, step, sending, Math.floor(time.now() / 1000)) }),
        journal: got.map((outcome) => entryOf(alert, kept(outcome, sending, pace), time.now())),
        count: countsOf(alert, rung, step, sending),
        result: null,
      }))
    }
  }
}

/** What failed, and is remembered, is not lost; nor is what the server refused for a reason that somebody can mend. */
function kept(outcome: Outcome, { hopeless, failed }: Sending, pace: Paced): Outcome {
  if ((outcome.outcome !== 'failed' && outcome.says !== failed) || hopeless) return outcome
  const resting = outcome.tries === 0 && pace.next_at() > 0
  return { ...outcome, outcome: 'queued', says: `${outcome.says}; it is kept and tried again`, ...(resting ? { resting } : {}) }
}

function queued(says: string): Outcome {
  return { outcome: 'queued', tiers: [], says, tries: 0 }
}
