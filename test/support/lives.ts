import type { Tier } from '../../lib/event/settings.ts'
import type { Chance } from './chance.ts'
import { failingEvent } from './event.ts'

/** What a check can say next. */
export type Word = 'warning' | 'critical' | 'service' | 'recovery'

const EPISODES: readonly (readonly Word[])[] = [
  ['critical', 'recovery'],
  ['warning', 'recovery'],
  ['warning', 'critical', 'service', 'recovery'],
  ['service', 'critical', 'recovery'],
  ['critical', 'critical', 'service', 'service', 'recovery'],
  ['warning', 'service', 'warning', 'recovery'],
]

/** A check whose events come one after another, and what has to be true at PagerDuty by those that were remembered. */
export interface Life {
  readonly name: string
  readonly identity: string
  busy: boolean
  executed: number
  episode: number
  left: readonly Word[]
  /** Where its alert has to be open. */
  wanted: Tier | null
}

export function born(name: string, executed: number): Life {
  return { name, identity: `prod/${name}/http`, busy: false, executed, episode: 0, left: [], wanted: null }
}

/** The next event; the same word again, a minute later, as long as nobody remembered it. */
export function nextEvent(life: Life, chance: Chance): { readonly word: Word; readonly stdin: string } {
  if (life.left.length === 0) {
    life.left = chance.one(EPISODES)
    life.episode++
  }
  const word = life.left[0] as Word
  life.executed += 60
  return { word, stdin: JSON.stringify(said(word, life)) }
}

/** The tier that a remembered event calls; within an episode it only rises. */
export function remembered(life: Life, word: Word): Tier | null {
  life.left = life.left.slice(1)
  life.wanted = word === 'recovery' ? null : word === 'service' || life.wanted === 'second' ? 'second' : 'first'
  return life.wanted
}

/** What stands in the summary of a page: PagerDuty keeps that of the first event. */
export function episodeOf(summary: string): number {
  return Number(/episode (\d+)/.exec(summary)?.[1] ?? Number.NaN)
}

function said(word: Word, { name, executed, episode }: Life): unknown {
  const status = { warning: 1, critical: 2, service: 2, recovery: 0 }[word]
  const before = Array.from({ length: 10 }, (_, index) => ({ status: 2, executed: executed - 600 + 60 * index }))
  return failingEvent({
    timestamp: executed + 1,
    entity: { metadata: { name } },
    check: {
      metadata: { annotations: word === 'service' ? { 'tierline/scope': 'group' } : {} },
      status,
      state: status === 0 ? 'passing' : 'failing',
      output: `${word}, episode ${episode}`,
      executed,
      issued: executed,
      last_ok: status === 0 ? executed : executed - 660,
      history: [...before, { status, executed }],
    },
  })
}
