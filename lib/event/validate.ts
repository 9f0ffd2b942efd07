import type { EventValidator } from './read.ts'
import fits from './validate.generated.js'

/** Checks a value against `schemas/event.schema.json`, with code that ajv compiled when Tierline was built. */
export const validateEvent: EventValidator = (value) => (fits(value) ? [] : (fits.errors ?? []))
