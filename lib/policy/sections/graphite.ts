import * as z from 'zod'

export const SERIES = [
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

export const Graphite = z.strictObject({
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
