import type { Facts } from '../facts/facts.ts'
import { granted } from './decide.ts'
import type { Decision } from './decision.ts'
import { rows } from './rules.ts'

/** One row that was tried: which facts it looked at, with their values, and what it decided, if anything. */
export interface Step {
  readonly row: number
  readonly about: string
  readonly looked_at: readonly (readonly [string, unknown])[]
  readonly decision: Decision | null
}

/** The same walk as `decide`, written down: every row tried, the winner last. */
export function trace(facts: Facts): Step[] {
  const steps: Step[] = []
  for (const row of rows) {
    const looked_at = new Map<string, unknown>()
    const watched = new Proxy(facts, {
      get(target, name: keyof Facts & string) {
        looked_at.set(name, target[name])
        return target[name]
      },
    })
    const wish = row.wish(watched)
    const decision = wish === null ? null : granted(wish, row, watched)
    steps.push({ row: row.row, about: row.about, looked_at: [...looked_at], decision })
    if (decision !== null) break
  }
  return steps
}
