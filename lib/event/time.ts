/**
 * A Sensu time in whole seconds since 1970, whatever unit its sender used: agents write seconds, statsd
 * nanoseconds, API clients often milliseconds. Decided by magnitude, as sensu/sensu-go#4327 leaves it to
 * the handlers. 0 for what is no positive number, or lies beyond the year 9999.
 */
export function epochSeconds(value: number): number {
  if (!(value > 0)) return 0
  if (value < 1e11) return Math.floor(value)
  if (value < 1e14) return Math.floor(value / 1e3)
  if (value < 1e17) return Math.floor(value / 1e6)
  return value < 1e20 ? Math.floor(value / 1e9) : 0
}
