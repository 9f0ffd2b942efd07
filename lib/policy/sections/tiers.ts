import * as z from 'zod'
import { SEVERITIES } from '../../event/severity.ts'
import { Hours } from './hours.ts'

const NOT_THE_KEY = 'the name of an environment variable, not the key itself'

const tier = (name: string, severity_floor: (typeof SEVERITIES)[number]) => ({
  key_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, NOT_THE_KEY)
    // A key without a digit at its front would pass for a name.
    .refine((name) => name.length !== 32 || name.includes('_'), NOT_THE_KEY)
    .default(`PAGERDUTY_TOKEN_${name.toUpperCase()}`)
    .meta({ description: `Environment variable with the integration key of the ${name} line's PagerDuty service.` }),
  key_file: z.string().min(1).optional().meta({ description: 'File with the key, read when the variable is empty.' }),
  severity_floor: z.enum(SEVERITIES).default(severity_floor).meta({
    description: 'The least severity of its pages. PagerDuty never escalates below error where urgency goes by severity.',
  }),
})

export const Tiers = z.strictObject({
  first: z.strictObject({ ...tier('first', 'warning'), hours: Hours.optional() }).prefault({}),
  second: z.strictObject(tier('second', 'error')).prefault({}),
  third: z.strictObject(tier('third', 'error')).prefault({}),
})
