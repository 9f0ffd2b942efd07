import type { Event } from '../lib/event/event.ts'
import { classIn, firstReason, isHeard, setting, severityIn } from '../lib/triage/alone.ts'
import { annotated, tierOf } from './annotate.ts'
import { autoscalingHandles } from './autoscaling.ts'
import { type FilterPolicy, isOn, policyOf } from './options.ts'
import { repeatDue, sustained } from './time.ts'
import { LAST_TWO, viewOf } from './view.ts'

const WHOLE_HISTORY = 21

/**
 * An expression that throws is skipped by Sensu, which is not always what its author wanted: so none does, and `otherwise`
 * is the answer of a function that fails itself.
 */
function judged<T>(
  event: unknown,
  items: number,
  opts: unknown,
  answer: (view: Event, policy: FilterPolicy) => T,
  otherwise: T,
): T {
  try {
    return answer(viewOf(event, items), policyOf(opts))
  } catch {
    return otherwise
  }
}

/**
 * What Sensu's expressions can call, as the global `tierline` (filters/tierline.ts is its front). Every function takes
 * the event first, bears every absence and decides even when it fails itself; what then becomes of the event stands at
 * each. `opts` has, all optional: `rules`, `load_checks`, `status_map`, `allow` (settings by annotation) and
 * `group_labels` as in the policy; a bad one means the default.
 */
export const api = {
  /** `first`, `second`, `third` or `none`. On an internal error `first`: somebody is called. */
  tier: (event: unknown, opts?: unknown) => judged(event, LAST_TWO, opts, tierOf, 'first'),

  /** `info`, `warning`, `error` or `critical`. On an internal error `error`, as for a status that nobody knows. */
  severity: (event: unknown, opts?: unknown): string => judged<string>(event, LAST_TWO, opts, severityIn, 'error'),

  /** As in the handler. On an internal error `service`, the class that nothing keeps back for long. */
  check_class: (event: unknown, opts?: unknown): string => judged<string>(event, LAST_TWO, opts, classIn, 'service'),

  /**
   * True for an incident that the handler would page or hold, and for every recovery. With `opts.silenced`
   * silenced failures pass too, for a handler that knows when a whole group is down. On an internal error
   * true: the handler decides again, and better.
   */
  should_handle: (event: unknown, opts?: unknown) =>
    judged(
      event,
      LAST_TWO,
      opts,
      (view, policy) => {
        const reason = firstReason(view, policy)
        return reason === 'silenced' ? isOn(opts, 'silenced') : isHeard(reason)
      },
      true,
    ),

  /** True when it has been failing for so many seconds, and for a recovery. On an internal error true: nothing is lost. */
  sustained: (event: unknown, seconds?: unknown) =>
    judged(event, WHOLE_HISTORY, null, (view, policy) => sustained(view, seconds, policy), true),

  /**
   * For a deny filter: true when autoscaling handles it. `opts` has `scaling_grace` (seconds) and `lifecycle_hook` (a
   * glob over names of hooks) besides. On an internal error false, so that the event passes.
   */
  autoscaling_handles: (event: unknown, opts?: unknown) =>
    judged(event, WHOLE_HISTORY, opts, (view, policy) => autoscalingHandles(view, event, opts, policy), false),

  /** True when a reminder is due, and for a recovery. On an internal error true: one reminder too many harms less. */
  repeat_due: (event: unknown, seconds?: unknown) => judged(event, LAST_TWO, null, (view) => repeatDue(view, seconds), true),

  /** For a deny filter: has the owner asked for no pages? On an internal error false, so that the event passes. */
  opted_out: (event: unknown, opts?: unknown) =>
    judged(event, LAST_TWO, opts, (view, policy) => setting(view, 'never_page', policy) === true, false),

  /** Does a (valid) annotation name a tier? On an internal error false, so that the usual pipeline takes it. */
  has_tier_override: (event: unknown, opts?: unknown) =>
    judged(event, LAST_TWO, opts, (view, policy) => setting(view, 'tier', policy) !== null, false),

  /**
   * For a mutator: `return tierline.annotate(event)`. On an internal error undefined, for which Sensu sends the event
   * as it is.
   */
  annotate: (event: unknown): string | undefined => {
    // biome-ignore lint/plugin: a mutator decides when its handler does, and so by the clock, as tierline-classify.
    const now = Date.now() / 1000
    return judged<string | undefined>({}, LAST_TWO, null, (_, policy) => annotated(event, policy, now), undefined)
  },
}
