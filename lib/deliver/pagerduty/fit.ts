import { cut } from '../text.ts'
import type { Body } from './message.ts'
import { minimalBody } from './message.ts'
import { BODY_BYTES } from './schema.ts'

type Details = Record<string, unknown>

const shorterOutput = (units: number) => (details: Details) => ({ ...details, output: cut(String(details.output ?? ''), units) })

/** From the least loss to the most; each works on what the one before left. */
const steps: readonly ((details: Details) => Details)[] = [
  shorterOutput(4096),
  ({ labels: _, ...rest }) => rest,
  shorterOutput(512),
  ({ warnings: _, ...rest }) => rest,
]

/** Room for the key that is added at the moment of sending. */
const LIMIT = BODY_BYTES - 256

/** The body within PagerDuty's limit, measured as it is sent: escaping can make 256 kB of text 1.5 MB of JSON. */
export function fitBody(body: Body): Body {
  let fitted = body
  for (const step of steps) {
    if (Buffer.byteLength(JSON.stringify(fitted)) <= LIMIT) return fitted
    const details = fitted.payload?.custom_details
    if (details === undefined) break
    fitted = { ...fitted, payload: { ...fitted.payload, custom_details: step(details) } } as Body
  }
  return Buffer.byteLength(JSON.stringify(fitted)) <= LIMIT ? fitted : minimalBody(fitted)
}
