import { type Loose, list, object } from '../event/fields.ts'
import { unwrapped } from '../event/read.ts'
import { CHECK, ENTITY, EVENT, METADATA, SYSTEM } from './zero.ts'

/**
 * An event as expressions of filters see it (sensu-go `types/dynamic`): `metadata` merged into its owner, every key
 * there, labels and annotations never absent, and the answers of some Go methods as keys. No check is no key.
 */
export function flatEvent(value: unknown): Loose {
  const raw = unwrapped(value)
  if (typeof raw === 'string') throw new Error(raw)
  const { check: raw_check, entity: raw_entity, metrics, ...rest } = raw
  const entity = object(raw_entity)
  const check = object(raw_check)
  return {
    ...flattened(rest, EVENT),
    ...(entity === null ? {} : { entity: { ...flattened(entity, ENTITY), system: { ...SYSTEM, ...present(entity.system) } } }),
    ...(check === null ? {} : { check: { ...flattened(check, CHECK), check_hooks: list(check.check_hooks).flatMap(hooksOf) } }),
    ...(object(metrics) === null ? {} : { metrics: { handlers: [], points: [], ...present(metrics) } }),
    has_check: check !== null,
    has_metrics: object(metrics) !== null,
    ...answersOf(check ?? {}),
  }
}

function flattened(raw: Loose, zero: Loose): Loose {
  const { metadata, ...own } = raw
  const items = Object.entries(present(own)).map(([key, value]) => [key, Array.isArray(value) ? value.map(flatItem) : value])
  return { ...METADATA, ...zero, ...Object.fromEntries(items), ...present(metadata) }
}

/** Things in lists, such as hooks, have metadata of their own. */
function flatItem(value: unknown): unknown {
  const item = object(value)
  return object(item?.metadata) === null ? value : flattened(item as Loose, {})
}

/** `null` is how Go writes an empty list. */
function present(value: unknown): Loose {
  return Object.fromEntries(Object.entries(object(value) ?? {}).filter(([, item]) => item !== null))
}

/** `{"non-zero": ["a"]}` of the JSON is `{type: "non-zero", hooks: ["a"]}` here. */
function hooksOf(value: unknown): Loose[] {
  return Object.entries(object(value) ?? {}).map(([type, hooks]) => ({ type, hooks: list(hooks) }))
}

/** Not what the names promise: an incident is any status but 0, and is no resolution. */
function answersOf(check: Loose): Loose {
  const history = list(check.history)
  const previous = history.length < 2 ? null : object(history.at(-2))
  const fails = isFailure(check.status)
  const is_flapping = check.state === 'flapping'
  return {
    is_incident: fails,
    is_resolution: !fails && previous !== null && isFailure(previous.status),
    is_silenced: list(check.silenced).length > 0,
    is_flapping_start: previous !== null && previous.flapping !== true && is_flapping,
    is_flapping_end: previous?.flapping === true && !is_flapping,
  }
}

/** Absent is 0; what is no number at all never gets into Sensu, and here counts as the worse. */
function isFailure(status: unknown): boolean {
  return (status ?? 0) !== 0
}
