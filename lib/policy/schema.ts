import * as z from 'zod'
import { SETTABLE_CLASSES } from '../event/classify.ts'
import { SETTING_NAMES, TIERS } from '../event/settings.ts'
import { SEVERITIES } from '../event/severity.ts'
import { WEEKDAYS } from '../triage/hours.ts'
import { isZone } from '../triage/zone.ts'

/**
 * The policy file, `tierline.yaml`: every key optional, an unknown key an error. This is the one declaration
 * behind its type, its defaults, its messages, `schemas/policy.schema.json` and the reference in the docs.
 */
const globs = (what: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .meta({ description: `${what}: one glob or a list, where * stands for any run of characters and ? for one.` })

const seconds = z.int().min(0).max(86_400)

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

const Hours = z
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

const Tiers = z.strictObject({
  first: z.strictObject({ ...tier('first', 'warning'), hours: Hours.optional() }).prefault({}),
  second: z.strictObject(tier('second', 'error')).prefault({}),
  third: z.strictObject(tier('third', 'error')).prefault({}),
})

const Match = z
  .strictObject({
    check: globs('Check name').optional(),
    entity: globs('Entity name').optional(),
    namespace: globs('Sensu namespace').optional(),
    class: z
      .union([z.enum(SETTABLE_CLASSES), z.array(z.enum(SETTABLE_CLASSES)).min(1)])
      .optional()
      .meta({ description: `One or more of ${SETTABLE_CLASSES.join(', ')}.` }),
    severity: z
      .union([z.enum(SEVERITIES), z.array(z.enum(SEVERITIES)).min(1)])
      .optional()
      .meta({ description: `One or more of ${SEVERITIES.join(', ')}.` }),
    labels: z
      .record(z.string(), globs('Label value'))
      .optional()
      .meta({ description: 'Labels of the event (where keepalive labels land), else of the check, else of the entity.' }),
  })
  .refine(
    (match) => Object.keys(match).length > 0,
    'a match must name something: check, entity, namespace, class, severity or labels',
  )
  .meta({ description: 'All that is named must match.' })

const Rule = z
  .strictObject({
    match: Match,
    tier: z.enum(TIERS).optional().meta({ description: 'Page this tier where the first line would be paged.' }),
    drop: z.literal(true).optional().meta({ description: 'Never page for it. Recoveries still go out.' }),
    record: z.literal(true).optional().meta({ description: 'Only for Graphite.' }),
    because: z.string().min(1).meta({ description: 'Why, for the person who is woken or is not.' }),
    final: z.boolean().default(false).meta({ description: 'With `tier`: no finding about the group may raise it.' }),
  })
  .refine((rule) => [rule.tier, rule.drop, rule.record].filter((then) => then !== undefined).length === 1, {
    message: 'a rule needs exactly one of tier, drop: true or record: true',
  })
  .refine((rule) => !rule.final || rule.tier !== undefined, { path: ['final'], message: 'final only means something with tier' })

const AlertAfter = z.strictObject({
  service: seconds.default(60).meta({ description: 'For checks of class service.' }),
  load: seconds.default(300).meta({ description: 'For checks of class load.' }),
  keepalive: seconds.default(180).meta({ description: 'For agents that fall silent.' }),
  ttl: seconds.default(180).meta({ description: 'For checks that stop reporting.' }),
})

const status_list = z.array(z.int().min(0).max(4_294_967_295))

const StatusMap = z.strictObject({
  info: status_list.default([0]).meta({ description: 'Statuses of severity info; 0 is a recovery whatever stands here.' }),
  warning: status_list.default([1]).meta({ description: 'Statuses of severity warning.' }),
  error: status_list.default([]).meta({ description: 'Statuses of severity error; any status in no list is error too.' }),
  critical: status_list.default([2]).meta({ description: 'Statuses of severity critical.' }),
})

const PagerDuty = z.strictObject({
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

const State = z.strictObject({
  journal_days: z.int().min(1).max(3650).default(30).meta({ description: 'Days that decisions and deliveries are kept.' }),
  journal_rows: z.int().min(100).max(10_000_000).default(200_000).meta({ description: 'The most of them that are kept.' }),
  spool_mb: z.int().min(0).max(100_000).default(50).meta({ description: 'MB of points kept while carbon is away; 0 for none.' }),
})

const SERIES = [
  'status',
  'up',
  'state',
  'transition',
  'occurrences',
  'duration_seconds',
  'latency_seconds',
  'delivery_seconds',
  'handler_lag_seconds',
  'silenced',
  'flap_percent',
  'outage_seconds',
] as const

const Graphite = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').meta({ description: 'Host of carbon.' }),
  port: z.int().min(1).max(65_535).default(2003).meta({ description: 'Port of its line receiver.' }),
  protocol: z.enum(['tcp', 'tls', 'udp']).default('tcp').meta({ description: 'Over udp nobody can tell what was lost.' }),
  timeout: z
    .number()
    .min(0.1)
    .max(300)
    .default(5)
    .meta({ description: 'Seconds to connect, send and see carbon close its side.' }),
  format: z.enum(['path', 'tagged']).default('path').meta({ description: 'tagged needs Graphite 1.1 or later.' }),
  prefix: z.string().default('sensu').meta({ description: 'First part of every series; empty for none.' }),
  path_template: z
    .string()
    .regex(/\{point\}/, 'the template has to name {point}')
    .regex(/^(?:[^{}]|\{(?:namespace|entity|check|point)\})*$/, 'the template knows {namespace}, {entity}, {check} and {point}')
    .default('{namespace}.{entity}.{check}.{point}')
    .meta({
      description:
        'Path of a metric point below the prefix. {point} alone, or {entity}.{point}, are the layouts of sensu-go-graphite-handler.',
    }),
  series: z
    .array(z.enum(SERIES))
    .default(['status', 'up', 'transition', 'duration_seconds'])
    .meta({ description: 'Operational series to write for every event with a check.' }),
  drop_tags: z
    .array(z.string().min(1))
    .default(['prom_help', 'prom_type', 'time'])
    .meta({ description: 'Globs over names of point tags that are left out.' }),
  max_points: z.int().min(1).default(10_000).meta({ description: 'Metric points taken from one event.' }),
  max_age: z
    .int()
    .min(0)
    .default(604_800)
    .meta({ description: 'Seconds after which a point counts as too old to send; 0 for any age.' }),
})

export const Policy = z
  .strictObject({
    tiers: Tiers.prefault({}).meta({ description: 'The three lines of support.' }),
    rules: z.array(Rule).default([]).meta({ description: 'Exceptions, tried in order; the first that matches counts.' }),
    annotations: z
      .strictObject({
        allow: z
          .array(z.enum(SETTING_NAMES))
          .default([...SETTING_NAMES])
          .meta({
            description: 'Which settings the annotations tierline/<name> may make. Agents can write annotations of their entity.',
          }),
      })
      .prefault({}),
    noise: z
      .strictObject({
        alert_after: AlertAfter.prefault({}).meta({
          description: 'Seconds that a failure of each class has to last before it pages.',
        }),
        load_checks: z
          .array(z.string().min(1))
          .default([
            'cpu',
            'cpu-*',
            'cpu_*',
            '*-cpu',
            '*_cpu',
            'load',
            'load-average*',
            'load_average*',
            'check-cpu*',
            'check_cpu*',
            'check-load*',
            'check_load*',
          ])
          .meta({ description: 'Globs over names of checks whose failure more servers may cure.' }),
        reopen_window: seconds.default(600).meta({
          description:
            'A failure within so many seconds of the last recovery has to last for one more run before it pages again.',
        }),
        flap_settle: seconds.default(300).meta({
          description: 'Seconds that a check which flaps has to stay OK before its page is closed.',
        }),
        digest_over: z
          .int()
          .min(1)
          .default(5)
          .meta({ description: 'When more than so many alerts waited for the hours to start, they become one page.' }),
      })
      .prefault({}),
    groups: z
      .strictObject({
        labels: z
          .array(z.string().min(1))
          .default(['tierline_group', 'asg_name', 'aws_autoscaling_group', 'aws-autoscaling-group'])
          .meta({ description: 'Labels that name the group of an entity; the first that it has counts.' }),
      })
      .prefault({}),
    pagerduty: PagerDuty.prefault({}),
    graphite: Graphite.prefault({}),
    state: State.prefault({}).meta({ description: 'What is remembered between runs, in the folder of --state-dir.' }),
  })
  .meta({ title: 'Tierline policy', description: 'tierline.yaml: who is called for what, and when.' })

export type Policy = z.infer<typeof Policy>
export type PolicyRule = Policy['rules'][number]
export type SeriesName = (typeof SERIES)[number]
