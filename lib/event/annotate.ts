/** The annotations that tierline-classify adds to an event. */
export type Marks = Readonly<Record<`tierline/${string}`, string>>

type Json = { [key: string]: unknown }

/**
 * The JSON text of an event with annotations added, every other value as it was written: a number that a double
 * cannot hold (a statsd time in nanoseconds, say) keeps its digits. Throws on what is no JSON object.
 */
export function annotated(text: string, marks: Marks): string {
  const root: unknown = JSON.parse(text, keepDigits)
  if (!isObject(root)) throw new Error('not a JSON object')
  // Where the reader looks too: in the spec of a wrapped event, unless only the wrapping has metadata.
  const spec = root.type === 'Event' && isObject(root.spec) ? root.spec : null
  const event = spec !== null && (isObject(spec.metadata) || !isObject(root.metadata)) ? spec : root
  const metadata = isObject(event.metadata) ? event.metadata : {}
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {}
  event.metadata = { ...metadata, annotations: { ...annotations, ...marks } }
  return JSON.stringify(root)
}

/** A number whose text would not come back from JSON.stringify is passed through as its text. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || JSON.stringify(value) === source) return value
  return rawJSON(source)
}

// JSON.rawJSON is in V8 since 11.4 and in every Node that Tierline runs on; TypeScript's library lacks it.
const { rawJSON, isRawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown; isRawJSON: (value: unknown) => boolean }

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)
}
