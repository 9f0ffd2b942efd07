import * as z from 'zod'
import { seconds } from './seconds.ts'

const status_list = z.array(z.int().min(0).max(4_294_967_295))

const StatusMap = z.strictObject({
  info: status_list.default([0]).meta({ description: 'Statuses of severity info; 0 is a recovery whatever stands here.' }),
  warning: status_list.default([1]).meta({ description: 'Statuses of severity warning.' }),
  error: status_list.default([]).meta({ description: 'Statuses of severity error; any status in no list is error too.' }),
  critical: status_list.default([2]).meta({ description: 'Statuses of severity critical.' }),
})

export const PagerDuty = z.strictObject({
  region: z.enum(['us', 'eu']).default('us').meta({ description: 'Service region of the PagerDuty account.' }),
  endpoint: z
    .url({ protocol: /^https?$/, error: 'a full http(s) address such as https://events.eu.pagerduty.com/v2/enqueue' })
    .refine(
      (address) => !/^\w+:\/\/[^/]*@/.test(address),
      'a password does not belong in the policy: set PAGERDUTY_ALTERNATE_ENDPOINT',
    )
    .optional()
    .meta({ description: 'Full address in place of the region, for a proxy or a test server.' }),
  timeout: z
    .number()
    .min(1)
    .max(300)
    .default(10)
    .meta({ description: 'Seconds for everything one handler run sends; keep it below the timeout of the Sensu handler.' }),
  client_name: z.string().min(1).default('Sensu').meta({ description: 'The monitoring client that an incident names.' }),
  sensu_base_url: z
    .url({ protocol: /^https?$/, error: 'an http(s) address' })
    .optional()
    .meta({ description: 'Address of the Sensu web UI, for a link to the event.' }),
  link_annotations: z.boolean().default(false).meta({ description: 'Turn every annotation that is a web address into a link.' }),
  status_map: StatusMap.prefault({}).meta({ description: 'Which statuses mean which severity; any other is error.' }),
  calls_per_minute: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ description: 'Requests a minute and key, by all runs together. PagerDuty refuses about the 120th.' }),
  refresh: seconds.default(1800).meta({
    description:
      'Seconds after which an open alert is sent again, in case PagerDuty lost it; 0 for never. Shorter than auto-resolve of the service, if that is on.',
  }),
  last_resort_after: seconds.default(900).meta({
    description: 'Seconds after which a page that nobody takes goes to the third line too; 0 for never.',
  }),
})
