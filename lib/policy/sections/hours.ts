import * as z from 'zod'
import { WEEKDAYS } from '../../triage/hours.ts'
import { isZone } from '../../triage/zone.ts'

const clock = (last: string) =>
  z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, `write a time of day as HH:MM, 00:00 to ${last}`)

const Window = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1).meta({ description: 'The weekdays on which the window starts.' }),
    from: clock('23:59')
      .refine((text) => text !== '24:00', 'a window cannot start at 24:00: write 00:00 of the next day')
      .meta({ description: 'Local time of day, HH:MM.' }),
    to: clock('24:00').meta({
      description: 'At or before `from`, it means the next day: 22:00 to 07:00 on fri ends on Saturday morning.',
    }),
  })
  .refine((window) => window.from !== window.to, {
    path: ['to'],
    message: 'the window is empty: for a whole day write 00:00 to 24:00',
  })

export const Hours = z
  .strictObject({
    zone: z
      .string()
      .refine(isZone, 'not an IANA time zone that this Node knows: write one such as Europe/Amsterdam or UTC')
      .meta({ description: 'IANA time zone of the team, such as Europe/Amsterdam.' }),
    windows: z.array(Window).min(1).meta({ description: 'When the first line is at work, in local time.' }),
    holidays: z
      .array(z.iso.date('write a date as YYYY-MM-DD'))
      .default([])
      .meta({ description: 'Local dates on which no window starts.' }),
  })
  .meta({ description: 'When somebody is awake. Left out, it is always: nothing waits for the morning.' })
