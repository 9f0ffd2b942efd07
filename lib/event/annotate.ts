/** The annotations that tierline-classify adds to an event. */
export type Marks = Readonly<Record<`tierline/${string}`, string>>

type Json = { [key: string]: unknown }

/**
 * The JSON text of an event with annotations added, every other value as it was written: a number that a double
 * cannot hold (a statsd time in nanoseconds, say) keeps its digits. Throws on what is no JSON object.
 */
export function annotated(text: string, marks: Marks): string {
  const root = JSON.parse(text, keepDigits) as Json
  const event = root.type === 'Event' && isObject(root.spec) && !isObject(root.metadata) ? (root.spec as Json) : root
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
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
