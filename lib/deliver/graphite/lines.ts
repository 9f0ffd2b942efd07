import type { Event } from '../../event/event.ts'
import { safePath } from './names.ts'
import type { GraphiteOptions } from './options.ts'
import { pointSamples } from './points.ts'
import type { Sample } from './sample.ts'
import { operationalSamples } from './series.ts'
import { type Flaw, newTally } from './tally.ts'

export type { GraphiteOptions } from './options.ts'

const MAX_LINE_BYTES = 4096
const AHEAD_SECONDS = 600
/** Whisper keeps times as unsigned 32-bit numbers; one that does not fit costs its neighbours in the same series too. */
const LAST_SECOND = 4_294_967_295

/** The lines of carbon's plaintext protocol for an event, without line ends; `now` in seconds. */
export function linesOf(
  event: Event,
  options: GraphiteOptions,
  now: number,
): { lines: string[]; dropped: number; problems: string[] } {
  const second = Math.floor(now)
  const tally = newTally()
  for (const point of (event.metrics ?? []).slice(options.max_points)) tally.add('too_many', safePath(point.name))
  const lines = new Map<string, string>()
  // Ours come last, so that no metric point can stand for what Sensu says about the check.
  for (const sample of [...pointSamples(event, options, second), ...operationalSamples(event, options, second)]) {
    const line = lineOf(sample)
    const flaw = flawOf(sample, line, options, second)
    if (flaw !== null) {
      tally.add(flaw, sample.name)
      continue
    }
    if (sample.undated) tally.add('undated', sample.name)
    const slot = `${sample.series} ${sample.time}`
    if (lines.has(slot)) tally.add('duplicate', sample.name)
    lines.set(slot, line)
  }
  return { lines: [...lines.values()], dropped: tally.dropped(), problems: tally.problems() }
}

/** `String` gives the shortest text that reads back as the same number, and 0 for -0. */
function lineOf(sample: Sample): string {
  return `${sample.series} ${String(sample.value)} ${sample.time}`
}

function flawOf(sample: Sample, line: string, options: GraphiteOptions, now: number): Flaw | null {
  // Carbon drops NaN in silence, and stores an infinity, which then poisons every sum over it.
  if (!Number.isFinite(sample.value)) return 'not_a_number'
  if (!(sample.time <= Math.min(now + AHEAD_SECONDS, LAST_SECOND))) return 'ahead'
  if (options.max_age > 0 && sample.time < now - options.max_age) return 'too_old'
  return line.length > MAX_LINE_BYTES ? 'too_long' : null
}
