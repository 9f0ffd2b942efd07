import { describe, expect, it } from 'vitest'
import { type Recovery, recoveryOf } from '../../lib/event/recovery.ts'
import { aCheck } from '../support/event.ts'

const past = (...statuses: number[]) => statuses.map((status, i) => ({ status, executed: 1_777_972_000 + 60 * i }))

describe('recoveryOf', () => {
  it.each<[string, Parameters<typeof aCheck>[0], Recovery]>([
    ['an OK after a critical', { status: 0, history: past(0, 2, 0) }, 'resolved'],
    ['an OK after a warning', { status: 0, history: past(1, 0) }, 'resolved'],
    ['an OK after a broken check', { status: 0, history: past(4_294_967_295, 0) }, 'resolved'],
    ['an OK that is not in the history yet', { status: 0, history: past(0, 2) }, 'resolved'],
    ['an OK after an OK', { status: 0, history: past(2, 0, 0) }, 'none'],
    ['the first result ever', { status: 0, history: past(0) }, 'none'],
    ['an OK without a past', { status: 0, history: [] }, 'resolved'],
    ['a failure', { status: 2, history: past(0, 2) }, 'none'],
    ['a warning after a critical', { status: 1, history: past(2, 1) }, 'none'],
    ['a status that is no number', { status: null, history: past(2, 0) }, 'none'],
    ['a deregistration', { status: 0, history: [], output: 'Resolving due to entity deregistering' }, 'deregistered'],
    [
      'a deregistration with a past',
      { status: 0, history: past(0, 0), output: 'Resolving due to entity deregistering' },
      'deregistered',
    ],
    ['the text of a deregistration at status 2', { status: 2, output: 'Resolving due to entity deregistering' }, 'none'],
    [
      'the text in the midst of an output',
      { status: 0, history: past(0, 0), output: 'log: Resolving due to entity deregistering' },
      'none',
    ],
    ['a manual resolve', { status: 0, history: past(2, 0), output: 'Resolved manually by sensuctl' }, 'resolved'],
    ['a manual resolve of what was OK', { status: 0, history: past(0, 0), output: 'Resolved manually by sensuctl' }, 'resolved'],
    ['an OK while flapping', { status: 0, state: 'flapping', history: past(2, 0) }, 'resolved'],
    ['an OK whose state is stale', { status: 0, state: 'failing', history: past(0, 0) }, 'none'],
  ])('%s', (_, change, expected) => {
    expect(recoveryOf(aCheck(change))).toBe(expected)
  })
})
