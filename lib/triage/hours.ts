import type { InHours } from '../facts/facts.ts'
import { clockChange, instantsOf, localTime } from './zone.ts'

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
type Weekday = (typeof WEEKDAYS)[number]

/** A span of local time; with `to` at or before `from` it ends on the next day and belongs to the day it starts. */
export interface Window {
  readonly days: readonly Weekday[]
  /** `HH:MM`. */
  readonly from: string
  /** `HH:MM`, up to `24:00`. */
  readonly to: string
}

export interface Hours {
  /** An IANA zone. */
  readonly zone: string
  readonly windows: readonly Window[]
  /** Local dates, `YYYY-MM-DD`, on which no window starts. */
  readonly holidays: readonly string[]
}

const DAY_MINUTES = 24 * 60
const LOOK_AHEAD_DAYS = 370

/** Is the instant (milliseconds) inside the hours? No hours at all means always. */
export function inHours(hours: Hours | null, instant: number): InHours {
  if (hours === null) return 'in'
  try {
    const { day, minute } = localTime(hours.zone, instant)
    const open = hours.windows.some(
      (window) => covers(window, hours, day, minute) || covers(window, hours, day - 1, minute + DAY_MINUTES),
    )
    return open ? 'in' : 'out'
  } catch {
    return 'unknown'
  }
}

/** The next instant (milliseconds) after `instant` at which a window opens, or null when none does within a year. */
export function nextOpening(hours: Hours, instant: number): number | null {
  const { day } = localTime(hours.zone, instant)
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead++) {
    const starts = hours.windows
      .filter((window) => startsOn(window, hours, day + ahead))
      .flatMap((window) => instantsOf(hours.zone, day + ahead, minutesOf(window.from)))
    // A clock put back can lead back into a window that had ended.
    const change = clockChange(hours.zone, day + ahead)
    // A window that lies whole in the hour that a spring night skips never opens.
    const openings = [...starts, ...(change === null ? [] : [change])].filter(
      (opening) => opening > instant && inHours(hours, opening) === 'in',
    )
    if (openings.length > 0) return Math.min(...openings)
  }
  return null
}

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
}

function covers(window: Window, hours: Hours, day: number, minute: number): boolean {
  const from = minutesOf(window.from)
  const to = minutesOf(window.to)
  const end = to <= from ? to + DAY_MINUTES : to
  return minute >= from && minute < end && startsOn(window, hours, day)
}

function startsOn(window: Window, hours: Hours, day: number): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = WEEKDAYS[(((day + 4) % 7) + 7) % 7] as Weekday
  if (!window.days.includes(weekday)) return false
  return !hours.holidays.includes(new Date(day * DAY_MINUTES * 60_000).toISOString().slice(0, 10))
}
