import * as z from 'zod'

/** A number of seconds, up to a day. */
export const seconds = z.int().min(0).max(86_400)
