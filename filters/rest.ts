import { classIn, prospectOf, setting, severityIn } from '../lib/triage/alone.ts'
import { annotated, tierOf } from './annotate.ts'
import { autoscalingHandles, isMember } from './autoscaling.ts'
import { isOn, policyOf } from './options.ts'
import { repeatDue, sustained } from './time.ts'
import { viewOf } from './view.ts'

const WHOLE_HISTORY = 21

/** An expression that throws is skipped by Sensu, which is not always what its author wanted: so none does. */
function decided<T>(answer: () => T, otherwise: T): T {
  try {
    return answer()
  } catch {
    return otherwise
  }
}

/**
 * What Sensu's expressions can call, as the global `tierline` (filters/tierline.ts is its front). Every function takes the event first, bears every absence
 * and decides even when it fails itself; what then becomes of the event stands at each. `opts` has, all optional:
 * `rules`, `load_checks`, `status_map`, `allow` (settings by annotation) and `group_labels` as in the policy.
 */
export const api = {
  /** `first`, `second`, `third` or `none`. On an internal error `first`: somebody is called. */
  tier: (event: unknown, opts?: unknown) => decided(() => tierOf(viewOf(event), policyOf(opts)), 'first'),

  /** `info`, `warning`, `error` or `critical`. On an internal error `error`, as for a status that nobody knows. */
  severity: (event: unknown, opts?: unknown) => decided(() => severityIn(viewOf(event), policyOf(opts)), 'error'),

  /** As in the handler. On an internal error `service`, the class that nothing keeps back for long. */
  check_class: (event: unknown, opts?: unknown) => decided(() => classIn(viewOf(event), policyOf(opts)), 'service'),

  /**
   * True for an incident that the handler would page or hold, and for every recovery. With `opts.group_wide` silenced
   * failures of group members pass too, for a handler that knows when a whole group is down. On an internal error
   * true: the handler decides again, and better.
   */
  should_handle: (event: unknown, opts?: unknown) =>
    decided(() => {
      const policy = policyOf(opts)
      const view = viewOf(event)
      const prospect = prospectOf(view, policy)
      return prospect === 'silenced' ? isOn(opts, 'group_wide') && isMember(view, policy) : prospect !== 'nothing'
    }, true),

  /** True when it has been failing for so many seconds, and for a recovery. On an internal error true. */
  sustained: (event: unknown, seconds?: unknown) =>
    decided(() => sustained(viewOf(event, WHOLE_HISTORY), seconds, policyOf(null)), true),

  /**
   * For a deny filter: true when autoscaling handles it. `opts` has `scaling_grace` (seconds) and `lifecycle_hook` (a
   * glob over names of hooks) besides. On an internal error false, so that the event passes.
   */
  autoscaling_handles: (event: unknown, opts?: unknown) =>
    decided(() => autoscalingHandles(viewOf(event, WHOLE_HISTORY), event, opts, policyOf(opts)), false),

  /** True when a reminder is due, and for a recovery. On an internal error true: one reminder too many harms less. */
  repeat_due: (event: unknown, seconds?: unknown) => decided(() => repeatDue(viewOf(event), seconds), true),

  /** For a deny filter: has the owner asked for no pages? On an internal error false, so that the event passes. */
  opted_out: (event: unknown) => decided(() => setting(viewOf(event), 'never_page', policyOf(null)) === true, false),

  /** Does a (valid) annotation name a tier? On an internal error false, so that the usual pipeline takes it. */
  has_tier_override: (event: unknown) => decided(() => setting(viewOf(event), 'tier', policyOf(null)) !== null, false),

  /**
   * For a mutator: `return tierline.annotate(event)`. On an internal error the event as it is, and when not even that
   * can be written, undefined, for which Sensu sends its own copy.
   */
  annotate: (event: unknown) =>
    decided<string | undefined>(
      () => annotated(event, policyOf(null)),
      decided(() => JSON.stringify(event), undefined),
    ),
}
