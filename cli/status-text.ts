import type { Alert } from '../lib/alert/alert.ts'
import { oneLine } from '../lib/deliver/text.ts'
import { instant } from '../lib/triage/words.ts'
import { countOf, type Listed, ORDER, STATES, type State, type Status } from './status.ts'
import { type Colour, table } from './table.ts'
import { counted, duration, when } from './words.ts'

const COLOURS: Readonly<Record<State, Colour | null>> = {
  dead: 'red',
  queued: 'red',
  open: 'yellow',
  held: null,
  covered: 'gray',
}

/** What is remembered, for people: how the memory is, how many alerts each tier has, and which. */
export function statusText(status: Status, dir: string, colour: boolean): string {
  const { now, alerts } = status
  const head = [`state      ${dir}, at ${instant(now)}`, `last tick  ${tick(status)}`, `spool      ${spool(status)}`].join('\n')
  if (alerts.length === 0) return `${head}\n\nNothing is open, and nothing waits.\n`
  const list = alerts.map((one) => ({ cells: cellsOf(one, now), colour: COLOURS[one.state], below: oneLineBelow(one, now) }))
  return `${head}\n\n${counts(status)}\n${table(['STATE', 'TIER', 'SEVERITY', 'REASON', 'SINCE', 'FOR', 'IDENTITY'], list, colour)}`
}

function tick({ last_tick, holds, now }: Status): string {
  if (last_tick === 0) return 'never: holds page at once'
  return `${when(last_tick, now)}${holds ? '' : ': too long, so that holds page at once'}`
}

function spool({ spool: { lines, bytes, oldest }, now }: Status): string {
  if (lines === 0) return 'nothing waits for Graphite'
  return `${counted(lines, 'line')} (${bytes} bytes) for Graphite, the oldest since ${when(oldest, now)}`
}

function counts(status: Status): string {
  const rows = ORDER.map((tier) => ({
    cells: [tier ?? 'closing', ...STATES.map((state) => String(countOf(status, tier, state)))],
    colour: null,
    below: '',
  }))
  return table(['TIER', ...STATES.map((state) => state.toUpperCase())], rows, false)
}

function cellsOf({ state, alert }: Listed, now: number): string[] {
  const { tier, severity, reason, since, identity } = alert
  return [state, tier ?? '-', severity, reason, instant(since), duration(now - since), oneLine(identity)]
}

function oneLineBelow(one: Listed, now: number): string {
  const more = oneLine(moreOf(one, now))
  return more === '' ? '' : `  ${more}`
}

const THINGS = { page: 'the page', resolve: 'the resolve', tidy: 'an update' } as const

/** What has to be known besides. */
function moreOf({ state, waits, alert }: Listed, now: number): string {
  const { tier, until, covered_by, accepted, dead } = alert
  const thing = waits === null ? 'nothing' : THINGS[waits]
  switch (state) {
    case 'dead':
      return `${thing} is given up: ${dead}; when that is put right: tierline drain --requeue`
    case 'queued':
      return `${thing} waits${waiting(alert, now)}`
    case 'open':
      if (until !== null) return `recovered; closes ${when(until, now)}, if it stays OK`
      return accepted === null || accepted.tier === tier ? '' : `${accepted.tier} line has the page`
    case 'held':
      return until === null ? '' : `until ${when(until, now)}`
    case 'covered':
      return `${covered_by} stands for it`
  }
}

function waiting({ queued_since, tries, next_at, last_error, lease }: Alert, now: number): string {
  const since = queued_since > 0 ? ` since ${when(queued_since, now)}` : ''
  const failed = tries === 0 ? 'has not failed yet' : `has failed ${tries === 1 ? 'once' : `${tries} times`}`
  const next = Math.ceil(next_at / 1000)
  const turn = next > now ? `next try ${when(next, now)}` : 'next try is due'
  const now_or_then = lease !== null && lease.until > now * 1000 ? 'is being sent now' : turn
  return `${since}; ${failed}; ${now_or_then}${last_error === '' ? '' : `: ${last_error}`}`
}
