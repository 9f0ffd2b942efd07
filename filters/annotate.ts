import type { Event } from '../lib/event/event.ts'
import { object } from '../lib/event/fields.ts'
import { calledFor, classIn, type Prospect, prospectOf, ruleOf, severityIn } from '../lib/triage/alone.ts'
import type { FilterPolicy } from './options.ts'
import { LAST_TWO, viewOf } from './view.ts'

type Json = Record<string, unknown>

/** Whom the event concerns: one of the three tiers, or `none` when nobody is to hear of it. */
export function tierOf(event: Event, policy: FilterPolicy): string {
  const prospect: Prospect = prospectOf(event, policy)
  if (prospect === 'nothing' || prospect === 'silenced') return 'none'
  // A handler closes on every tier, so a recovery has to get through one of the pipelines and not all.
  return prospect === 'resolve' ? calledFor(event, policy, ruleOf(event, policy)) : prospect
}

/**
 * The JSON text of a copy of the event with the annotations of tierline-classify that the event alone can tell. The
 * event of a mutator is the one object that every later workflow sees, so it is never written to.
 */
export function annotated(event: unknown, policy: FilterPolicy): string {
  const copy: Json = JSON.parse(JSON.stringify(event))
  const view = viewOf(copy, LAST_TWO)
  const metadata = part(copy, 'metadata')
  const annotations = part(metadata, 'annotations')
  annotations['tierline/tier'] = tierOf(view, policy)
  annotations['tierline/class'] = classIn(view, policy)
  annotations['tierline/severity'] = severityIn(view, policy)
  return JSON.stringify(copy)
}

function part(owner: Json, name: string): Json {
  const there = object(owner[name])
  if (there !== null) return there as Json
  const made: Json = {}
  owner[name] = made
  return made
}
