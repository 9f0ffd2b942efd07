import type { Tier } from '../../event/settings.ts'
import { fitBody } from './fit.ts'
import { type Body, type MessageContext, resolveBody, triggerBody } from './message.ts'

/** What is to be true at PagerDuty: an alert open at one tier, or closed at all of them, or nothing to say. */
export type Plan =
  /** With `again` the alert is open already, so that nobody is rung. */
  | { readonly kind: 'page'; readonly tier: Tier; readonly body: Body; readonly again?: boolean }
  /** On every tier when `tiers` is left out. */
  | { readonly kind: 'resolve'; readonly body: Body; readonly tiers?: readonly Tier[] }
  | { readonly kind: 'nothing' }

/** The requests that a decision asks for, still without keys. */
export function planOf(context: MessageContext): Plan {
  const { decision } = context
  if (decision.action === 'page' && decision.tier !== null) {
    return { kind: 'page', tier: decision.tier, body: fitBody(triggerBody(context, decision.tier)) }
  }
  if (decision.action === 'resolve') return { kind: 'resolve', body: fitBody(resolveBody(context)) }
  return { kind: 'nothing' }
}
