import type { Event } from '../lib/event/event.ts'
import { marksOf } from '../lib/event/marks.ts'
import { calledFor, firstReason, isHeard, ruleOf } from '../lib/triage/alone.ts'
import { verdictAlone } from '../lib/triage/verdict-alone.ts'
import type { FilterPolicy } from './options.ts'
import { viewOf } from './view.ts'

/** Whom the event concerns: one of the three tiers, or `none` when nobody is to hear of it. */
export function tierOf(event: Event, policy: FilterPolicy): string {
  // A handler closes on every tier, so a recovery has to get through one of the pipelines and not all.
  return isHeard(firstReason(event, policy)) ? calledFor(event, policy, ruleOf(event, policy)) : 'none'
}

/**
 * The JSON text of the event with the annotations of tierline-classify. The event of a mutator is the one object that
 * every later workflow sees, so it is never written to. Its numbers are doubles in this engine: so only its metadata,
 * which has none, is written anew, and a time in nanoseconds keeps its digits.
 */
export function annotated(event: unknown, policy: FilterPolicy, now: number): string {
  const text = JSON.stringify(event)
  const copy = JSON.parse(text)
  const view = viewOf(copy, Infinity)
  const annotations = view.annotations as Record<string, string>
  const marks = marksOf(annotations, verdictAlone(view, policy, now))
  ;(Object.keys(marks) as (keyof typeof marks)[]).forEach((name) => {
    annotations[name] = marks[name] as string
  })
  copy.metadata.annotations = annotations
  return text.replace(ownMetadata(), (_, before) => before + JSON.stringify(copy.metadata))
}

/** What no bracket is outside a string: a string, or one character of all else. */
const FLAT = '"(?:[^"\\\\]|\\\\.)*"|[^"{}[\\]]'

/** An event up to its own metadata, and these: not those of its entity, its check or a text that looks like it. */
function ownMetadata(): RegExp {
  let nested = ''
  // RE2 cannot count brackets. An event has seven levels; a deeper one would go on as it is.
  for (let depth = 0; depth < 12; depth++) nested = `${FLAT}|[[{](?:${nested})*[}\\]]`
  return new RegExp(`^(\\{(?:${nested})*?"metadata":)\\{(?:${nested})*\\}`)
}
