import type { Event } from '../event/event.ts'

/** Twice what a page shows at the most, so that nothing is missing in one that is made from it. */
const OUTPUT_UNITS = 32_768

/** An event as it is kept: without its points, which go to Graphite and not to people, and with the start of its output. */
export function slim(event: Event): Event {
  const check = event.check
  return { ...event, metrics: null, check: check === null ? null : { ...check, output: check.output.slice(0, OUTPUT_UNITS) } }
}
