import type { Facts } from '../facts/facts.ts'
import type { Decision } from './decision.ts'
import { type Row, rows, team, type Wish } from './rules.ts'

/**
 * The decision about one event: the first row of the table that has a wish. Total, pure and quick; time and
 * policy are part of the facts.
 */
export function decide(facts: Facts): Decision {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as Row
    const wish = row.wish(facts)
    if (wish !== null) return granted(wish, row, facts)
  }
  // Every failing status is critical, warning or broken, so no row is left without a wish; should that ever
  // change, it is a page and not silence.
  return {
    action: 'page',
    tier: 'first',
    reason: 'fail_open',
    says: 'No row of the decision table fits this event.',
    hold_until: null,
  }
}

/** What becomes of a wish: nothing is kept back on what is not known, nor held where nothing would release it. */
export function granted(wish: Wish, row: Row, facts: Facts): Decision {
  const decision = { hold_until: null, ...wish }
  if (wish.action !== 'hold' && wish.action !== 'drop') return decision
  const missing = (row.needs ?? []).filter((what) => facts.unknown.indexOf(what) >= 0)
  if (missing.length > 0) {
    const says = `${wish.says} But the ${missing.join(' and the ')} cannot be read, so it is not kept back.`
    return { action: 'page', tier: team(facts), reason: 'fail_open', says, hold_until: null }
  }
  if (wish.action === 'hold' && !facts.can_hold) {
    const says = `${wish.says} Nothing here can release a hold, so it pages now.`
    return { ...decision, action: 'page', says, hold_until: null }
  }
  return decision
}
