import { type Fields, fields, list, text } from '../lint/values.ts'

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const MINUTE = 60
const DAY = 86_400

/**
 * Is a moment inside the windows of a filter's `when`, as Sensu reckons (sensu/core `time_window.go`): in UTC, both ends
 * included, and a window that ends before it begins lasts over midnight? Null when a window cannot be read.
 */
export function isInWindows(when: Fields, now: number): boolean | null {
  const days = fields(when.days)
  const today = DAYS[new Date(now * 1000).getUTCDay()] ?? 'sunday'
  for (const window of [...list(days.all), ...list(days[today])].map(fields)) {
    const begin = secondsOfDay(text(window.begin))
    const end = secondsOfDay(text(window.end))
    if (begin === null || end === null) return null
    const second = now % DAY
    if (end < begin ? second < end || second >= begin : second >= begin && second <= end) return true
  }
  return false
}

/** Of `5:04PM`, the one form that Go's time.Kitchen reads. */
function secondsOfDay(kitchen: string): number | null {
  const [, hours, minutes, half] = /^(\d{1,2}):([0-5]\d)(AM|PM)$/.exec(kitchen.replaceAll(' ', '')) ?? []
  if (hours === undefined || Number(hours) > 12) return null
  const hour = Number(hours) + (half === 'PM' && Number(hours) < 12 ? 12 : half === 'AM' && Number(hours) === 12 ? -12 : 0)
  return (hour * 60 + Number(minutes)) * MINUTE
}
