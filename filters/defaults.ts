import type { SettingName } from '../lib/event/settings.ts'
import type { StatusMap } from '../lib/event/severity.ts'

/** What filters need of schemas/policy.defaults.json; scripts/build-filters.ts puts the values here. */
interface FilterDefaults {
  readonly allow: readonly SettingName[]
  readonly load_checks: readonly string[]
  readonly group_labels: readonly string[]
  readonly status_map: StatusMap
  /** Seconds, by class. */
  readonly alert_after: Readonly<Record<string, number>>
}

declare const TIERLINE_FILTER_DEFAULTS: FilterDefaults

export function defaults(): FilterDefaults {
  return TIERLINE_FILTER_DEFAULTS
}
