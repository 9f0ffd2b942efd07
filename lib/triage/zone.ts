/** A local wall-clock reading. `day` counts days since 1970-01-01 in the local calendar. */
export interface LocalTime {
  readonly day: number
  /** Minutes since local midnight, 0 to 1439. */
  readonly minute: number
}

const QUARTER_MS = 15 * 60_000
const DAY_MINUTES = 24 * 60
const MAX_REMEMBERED = 512

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** Is this an IANA zone that this Node knows, such as `Europe/Amsterdam`? */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** The local time of an instant (milliseconds since 1970). Throws RangeError on a zone Node does not know. */
export function localTime(zone: string, instant: number): LocalTime {
  const minutes = Math.floor(instant / 60_000) + offsetMinutes(zone, instant)
  const day = Math.floor(minutes / DAY_MINUTES)
  return { day, minute: minutes - day * DAY_MINUTES }
}

/**
 * The instants at which the local clock shows `minute` of `day`, earliest first: one as a rule, two in the hour that
 * an autumn night repeats, and for a time that a spring night skips the moment after the gap.
 */
export function instantsOf(zone: string, day: number, minute: number): number[] {
  const target = day * DAY_MINUTES + minute
  // No zone is further than 14 hours east or 12 hours west of UTC; offsets change at most once in that span.
  const earliest = (target - 14 * 60) * 60_000
  const candidates = [offsetMinutes(zone, earliest), offsetMinutes(zone, earliest + 26 * 3_600_000)]
    .map((offset) => (target - offset) * 60_000)
    .sort((a, b) => a - b)
  const shown = candidates.filter((instant) => Math.floor(instant / 60_000) + offsetMinutes(zone, instant) === target)
  return shown.length > 0 ? [...new Set(shown)] : [afterGap(zone, candidates[0] ?? 0, candidates[1] ?? 0, target)]
}

/** The first instant after the local clock was put forward or back during `day`; null on all but two days of a year. */
export function clockChange(zone: string, day: number): number | null {
  const start = instantsOf(zone, day, 0)[0] ?? 0
  const before = offsetMinutes(zone, start)
  if (offsetMinutes(zone, start + 26 * 3_600_000) === before) return null
  for (let instant = start; instant < start + 26 * 3_600_000; instant += QUARTER_MS) {
    if (offsetMinutes(zone, instant) !== before) return instant
  }
  return null
}

function afterGap(zone: string, from: number, to: number, target: number): number {
  for (let instant = from; instant <= to; instant += 60_000) {
    if (Math.floor(instant / 60_000) + offsetMinutes(zone, instant) >= target) return instant
  }
  return to
}

/** Minutes east of UTC. Remembered by the quarter of an hour, the grain at which zones change. */
function offsetMinutes(zone: string, instant: number): number {
  const quarter = Math.floor(instant / QUARTER_MS)
  const key = `${zone}|${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const at = quarter * QUARTER_MS
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value)
  const local = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute)
  const offset = Math.round((local - at) / 60_000)
  if (offsets.size >= MAX_REMEMBERED) offsets.clear()
  offsets.set(key, offset)
  return offset
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    // `hourCycle: 'h23'`, for `hour12: false` prints 24:05 for five past midnight.
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}
