import { hasOwn } from '../lib/event/own.ts'
import type { api } from './rest.ts'

type Api = typeof api

/** Makes everything but this file; scripts/build-filters.ts puts it here. */
declare const TIERLINE_REST: () => Api

let made: Api | undefined

function rest(): Api {
  made = made ?? TIERLINE_REST()
  return made
}

interface Run {
  readonly status: number
}

/** An event as filters see it. Sensu makes it from typed fields, so no value has a type of its own. */
interface FlatEvent {
  readonly annotations: object
  readonly entity: { readonly annotations: object }
  readonly check: {
    readonly name: string
    readonly status: number
    readonly output: string
    readonly history: readonly Run[]
    readonly silenced: readonly string[]
    readonly annotations: object
  }
}

/**
 * The answer of `should_handle` to the two events that come all the time: OK as before, and a failure that nobody
 * silenced or marked. Anything else is null, or throws. The rest of the code would say the same, and takes
 * five times as long for it, most of that for coming into being.
 */
function quickly({ check, annotations, entity }: FlatEvent): boolean | null {
  const { status, history } = check
  if (status === 0) {
    // Fewer than two runs throw here, and are looked at closely.
    const runs = history.length
    const failed = (history[runs - 1] as Run).status + (history[runs - 2] as Run).status
    return failed === 0 && check.output.slice(0, 3) !== 'Res' ? false : null
  }
  // Registration and deregistration, a status that is no whole number, a silence, an annotation: look closely.
  if (/registration$/.test(check.name) || status % 1 !== 0 || check.silenced.length > 0) return null
  const key = 'tierline/never_page'
  return hasOwn(annotations, key) || hasOwn(check.annotations, key) || hasOwn(entity.annotations, key) ? null : true
}

/** The front of the asset: all but one are made only when an expression names one, since an engine starts for every event. */
export const tierline: Api = {
  get tier() {
    return rest().tier
  },
  get severity() {
    return rest().severity
  },
  get check_class() {
    return rest().check_class
  },
  should_handle: (event, opts) => {
    let answer: boolean | null = null
    try {
      if (opts === undefined) answer = quickly(event as FlatEvent)
    } catch {
      // Not the usual form: rest() reads every form.
    }
    return answer === null ? rest().should_handle(event, opts) : answer
  },
  get sustained() {
    return rest().sustained
  },
  get autoscaling_handles() {
    return rest().autoscaling_handles
  },
  get repeat_due() {
    return rest().repeat_due
  },
  get opted_out() {
    return rest().opted_out
  },
  get has_tier_override() {
    return rest().has_tier_override
  },
  get annotate() {
    return rest().annotate
  },
}
