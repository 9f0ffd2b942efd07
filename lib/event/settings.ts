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

const parsers: { readonly [Name in SettingName]: readonly [Parser<Settings[Name]>, string] } = {
  tier: [(text) => (text === 'none' ? null : oneOf(TIERS, text)), 'first, second or third'],
  class: [
    (text) => oneOf(SETTABLE_CLASSES, text) ?? (text === 'notice' || text === 'metrics' ? null : undefined),
    SETTABLE_CLASSES.join(', '),
  ],
  runbook: [(text) => (isWebAddress(text) ? text : undefined), 'an http(s) address'],
  alert_after: [seconds, 'seconds from 0 to 86400, such as 90 or 5m'],
  scope: [(text) => oneOf(['instance', 'group'] as const, text), 'instance or group'],
  never_page: [yesOrNo, 'true or false'],
  wake: [yesOrNo, 'true or false'],
}

export const SETTING_NAMES = Object.keys(parsers) as SettingName[]

/**
 * Looks every setting up on the event, then the check, then the entity; the first that is not empty wins.
 * A bad value, or one that `allowed` does not list, leaves the default and a line in `problems`.
 */
export function settingsOf(event: Event, allowed: readonly SettingName[]): { settings: Settings; problems: string[] } {
  const problems: string[] = []
  function setting<Name extends SettingName>(name: Name, fallback: Settings[Name]): Settings[Name] {
    const [parse, wanted] = parsers[name]
    const [text, place] = annotation(event, name)
    if (text === '') return fallback
    if (allowed.indexOf(name) < 0) {
      problems.push(`annotation ${PREFIX}${name} on the ${place} is ignored: the policy does not allow it`)
      return fallback
    }
    const value = (parse as Parser<Settings[Name]>)(text)
    if (value !== undefined) return value
    problems.push(`annotation ${PREFIX}${name} on the ${place} is ${JSON.stringify(text.slice(0, 60))}, not ${wanted}: ignored`)
    return fallback
  }
  const settings = {
    tier: setting('tier', null),
    class: setting('class', null),
    runbook: setting('runbook', null),
    alert_after: setting('alert_after', null),
    scope: setting('scope', null),
    never_page: setting('never_page', false),
    wake: setting('wake', false),
  }
  return { settings, problems }
}

/**
 * tierline-classify writes its results under names that are settings too. On an event that bears its marks, the
 * event's own tier and class are results, and what the owner had set there stands under `tierline/owner_<name>`.
 */
export function isMarked(annotations: StringMap): boolean {
  return annotations['tierline/reason'] !== undefined && annotations['tierline/action'] !== undefined
}

function annotation(event: Event, name: SettingName): readonly [string, string] {
  const key = PREFIX + name
  const result = isMarked(event.annotations) && (name === 'tier' || name === 'class')

  const places = [
    [event.annotations, 'event'],
    [event.check === null ? {} : event.check.annotations, 'check'],
    [event.entity.annotations, 'entity'],
  ] as const
  for (let i = 0; i < places.length; i++) {
    const [annotations, place] = places[i] as (typeof places)[number]
    const told = i === 0 && result ? `${PREFIX}owner_${name}` : key
    const text = Object.hasOwn(annotations, told) ? (annotations[told] ?? '').trim() : ''
    if (text !== '') return [text, place]
  }
  return ['', '']
}

function oneOf<T extends string>(values: readonly T[], text: string): T | undefined {
  return values[values.indexOf(text.toLowerCase() as T)]
}

function yesOrNo(text: string): boolean | undefined {
  const answer = text.toLowerCase()
  return answer === 'true' ? true : answer === 'false' ? false : undefined
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

function seconds(text: string): number | undefined {
  const match = /^(\d{1,5})\s*([smh]?)$/.exec(text)
  const value = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) : Number.NaN
  return value <= 86400 ? value : undefined
}

/** Absolute http or https, with a host and without white space. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+[^\s]*$/i.test(text)
}
