import type { Facts } from '../facts/facts.ts'

/** `prod/web-01/http-healthz`, the way people know it. */
export function subject(facts: Facts): string {
  return facts.check === '' ? `${facts.namespace}/${facts.entity}` : `${facts.check} on ${facts.entity}`
}

/** `has been critical for 2 min`. */
export function condition(facts: Facts): string {
  const what =
    facts.class === 'keepalive'
      ? 'silent'
      : facts.class === 'ttl'
        ? 'without a result'
        : facts.grade === 'broken'
          ? `at status ${facts.status ?? 'unknown'}`
          : facts.grade
  return facts.failing_for > 0 ? `has been ${what} for ${span(facts.failing_for)}` : `is ${what}`
}

/** Seconds for people: `45 s`, `12 min`, `3 h`, `9 d`. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** `2026-03-29T07:00:00Z`, from seconds since 1970. */
export function instant(seconds: number): string {
  const ms = seconds * 1000
  // Beyond the years that Date knows, toISOString throws.
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().replace('.000Z', 'Z') : `second ${seconds}`
}
