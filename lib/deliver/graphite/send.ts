import { failed } from './failure.ts'
import type { Carbon, GraphiteOutcome } from './outcome.ts'
import { sendStream } from './stream.ts'

export type { Carbon } from './outcome.ts'

/** Sends lines to carbon and says how that ended. Never throws, and leaves no timer or socket behind. */
export async function sendLines(lines: readonly string[], carbon: Carbon): Promise<GraphiteOutcome> {
  if (lines.length === 0) return { outcome: 'sent', lines: 0, confirmed: carbon.protocol !== 'udp' }
  try {
    if (carbon.protocol !== 'udp') return await sendStream(lines, carbon)
    return await (await import('./datagrams.ts')).sendDatagrams(lines, carbon)
  } catch (error) {
    return failed(carbon, error)
  }
}
