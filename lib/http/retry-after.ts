/** More than a day is no pause but a mistake. */
const MAX_AFTER_SECS = 86_400

/**
 * The seconds that a `Retry-After` asks for, in either of its forms, or null; `now` in milliseconds.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((dateIn(text) - now) / 1000)
  return seconds <= MAX_AFTER_SECS ? Math.max(seconds, 0) : null
}

/** The three forms of an HTTP date, all of which begin with the day; the oldest has no zone and means GMT. NaN for all else. */
function dateIn(text: string): number {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return Number.NaN
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
}
