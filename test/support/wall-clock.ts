import fc from 'fast-check'

/** What a wall clock shows, asked of Intl afresh each time: slow, and for comparison only. */
export interface WallClock {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly weekday: string
  /** Minutes since local midnight. */
  readonly minute: number
}

/** Zones that change at odd hours, by odd amounts, or never. */
export const ZONES = [
  'UTC',
  'Europe/Amsterdam',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Antarctica/Troll',
]

/** Random instants (milliseconds), more of them around the nights on which clocks change. */
export const INSTANTS = fc.oneof(
  fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2035, 0, 1) }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29',
        '2026-10-25',
        '2026-03-08',
        '2026-11-01',
        '2026-04-05',
        '2026-10-04',
        '2026-04-24',
        '2026-10-30',
      ),
      fc.integer({ min: -36 * 3600, max: 36 * 3600 }),
    )
    .map(([date, seconds]) => Date.parse(date) + seconds * 1000),
)

const formats = new Map<string, Intl.DateTimeFormat>()

export function wallClock(zone: string, instant: number): WallClock {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    formats.set(zone, format)
  }
  const [date = '', clock = ''] = format.format(instant).split(' ')
  const [hour, minute] = clock.split(':').map(Number)
  return { date, weekday: weekdayOf(date), minute: Number(hour) * 60 + Number(minute) }
}

/** Does the clock show the same minute twice around this instant? */
export function ambiguous(zone: string, instant: number): boolean {
  const shown = JSON.stringify(wallClock(zone, instant))
  return [-120, -60, -30, 30, 60, 120].some((minutes) => JSON.stringify(wallClock(zone, instant + minutes * 60_000)) === shown)
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)
}

export function weekdayOf(date: string): string {
  return new Date(date).toLocaleDateString('en-US', { timeZone: 'UTC', weekday: 'short' }).toLowerCase()
}
