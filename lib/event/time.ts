/**
 * A Sensu time in whole seconds since 1970, whatever unit its sender used: agents write seconds, statsd
 * nanoseconds, API clients often milliseconds. Decided by magnitude, as sensu/sensu-go#4327 leaves it to
 * the handlers. 0 for what is no positive number, or lies beyond the year 9999.
 */
export function epochSeconds(value: number): number {
  if (!(value > 0 && value < 1e20)) return 0
  return Math.floor(value / (value < 1e11 ? 1 : value < 1e14 ? 1e3 : value < 1e17 ? 1e6 : 1e9))
}
