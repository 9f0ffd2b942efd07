import { SETTABLE_CLASSES, type SettableClass } from './classify.ts'
import type { Event, StringMap } from './event.ts'

export const TIERS = ['first', 'second', 'third'] as const
export type Tier = (typeof TIERS)[number]

/** What the owner of a check may set by annotation `tierline/<name>`; null where nothing (valid) is set. */
export interface Settings {
  readonly tier: Tier | null
  readonly class: SettableClass | null
  /** An http or https address. */
  readonly runbook: string | null
  /** Seconds. */
  readonly alert_after: number | null
  /** `group`: the check watches a whole service, so its failure is no matter of one machine. */
  readonly scope: 'instance' | 'group' | null
  readonly never_page: boolean
  readonly wake: boolean
}

export type SettingName = keyof Settings

type Parser<T> = (text: string) => T | undefined

const PREFIX = 'tierline/'

const parsers: { readonly [Name in SettingName]: Parser<Settings[Name]> } = {
  tier: (text) => (text === 'none' ? null : oneOf(TIERS, text)),
  class: (text) => oneOf(SETTABLE_CLASSES, text) || (text === 'notice' || text === 'metrics' ? null : undefined),
  runbook: (text) => (isWebAddress(text) ? text : undefined),
  alert_after: seconds,
  scope: (text) => oneOf(['instance', 'group'] as const, text),
  never_page: yesOrNo,
  wake: yesOrNo,
}

/** Apart from the parsers, as filters have no use for words; nor for the names, so both are marked as droppable. */
const WANTED: Readonly<Record<SettingName, string>> = {
  tier: 'first, second or third',
  class: /* @__PURE__ */ SETTABLE_CLASSES.join(', '),
  runbook: 'an http(s) address',
  alert_after: 'seconds from 0 to 86400, such as 90 or 5m',
  scope: 'instance or group',
  never_page: 'true or false',
  wake: 'true or false',
}

export const SETTING_NAMES = /* @__PURE__ */ Object.keys(parsers) as SettingName[]

/**
 * Looks every setting up on the event, then the check, then the entity; the first that is not empty wins.
 * A bad value, or one that `allowed` does not list, leaves the default and a line in `problems`.
 */
export function settingsOf(event: Event, allowed: readonly SettingName[]): { settings: Settings; problems: string[] } {
  const problems: string[] = []
  function setting<Name extends SettingName>(name: Name): Settings[Name] | null {
    return settingOf(event, name, allowed, ({ text, place }, may) => {
      const subject = `annotation ${PREFIX}${name} on the ${place} is`
      problems.push(
        may
          ? `${subject} ${JSON.stringify(text.slice(0, 60))}, not ${WANTED[name]}: ignored`
          : `${subject} ignored: the policy does not allow it`,
      )
    })
  }
  const settings = {
    tier: setting('tier'),
    class: setting('class'),
    runbook: setting('runbook'),
    alert_after: setting('alert_after'),
    scope: setting('scope'),
    never_page: setting('never_page') ?? false,
    wake: setting('wake') ?? false,
  }
  return { settings, problems }
}

/**
 * The mutators write results under names that are settings too. On an event that bears a severity, which no owner sets, the
 * event's own tier and class are results, and what the owner had set there stands under `tierline/owner_<name>`.
 */
export function isMarked(annotations: StringMap): boolean {
  return annotations['tierline/severity'] !== undefined
}

/** One setting, null where nothing valid is set; `ignored` hears of an annotation that is bad, or not allowed. */
export function settingOf<Name extends SettingName>(
  event: Event,
  name: Name,
  allowed: readonly SettingName[],
  ignored?: (annotation: Annotation, allowed: boolean) => void,
): Settings[Name] | null {
  const found = annotation(event, name)
  if (found === null) return null
  const may = allowed.indexOf(name) >= 0
  const value = may ? (parsers[name] as Parser<Settings[Name]>)(found.text) : undefined
  if (value !== undefined) return value
  if (ignored !== undefined) ignored(found, may)
  return null
}

interface Annotation {
  readonly text: string
  readonly place: string
}

function annotation(event: Event, name: SettingName): Annotation | null {
  const key = PREFIX + name
  const result = (name === 'tier' || name === 'class') && isMarked(event.annotations)
  return (
    annotationOn(event.annotations, result ? `${PREFIX}owner_${name}` : key, 'event') ??
    annotationOn(event.check === null ? {} : event.check.annotations, key, 'check') ??
    annotationOn(event.entity.annotations, key, 'entity')
  )
}

function annotationOn(annotations: StringMap, key: string, place: string): Annotation | null {
  const text = (annotations[key] || '').trim()
  return text === '' ? null : { text, place }
}

function oneOf<T extends string>(values: readonly T[], text: string): T | undefined {
  return values[values.indexOf(text.toLowerCase() as T)]
}

function yesOrNo(text: string): boolean | undefined {
  const answer = text.toLowerCase()
  return answer === 'true' ? true : answer === 'false' ? false : undefined
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

function seconds(text: string): number | undefined {
  const match = /^(\d{1,5})\s*([smh]?)$/.exec(text)
  const value = match ? Number(match[1]) * (UNITS[match[2] || 's'] as number) : Number.NaN
  return value <= 86400 ? value : undefined
}

/** Absolute http or https, with a host and without white space. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+\S*$/i.test(text)
}
