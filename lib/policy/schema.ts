import * as z from 'zod'
import { SETTING_NAMES } from '../event/settings.ts'
import { Graphite, type SERIES } from './sections/graphite.ts'
import { Noise } from './sections/noise.ts'
import { PagerDuty } from './sections/pagerduty.ts'
import { Rule } from './sections/rules.ts'
import { State } from './sections/state.ts'
import { Tiers } from './sections/tiers.ts'

/**
 * The policy file, `tierline.yaml`: every key optional, an unknown key an error. This is the one declaration
 * behind its type, its defaults, its messages, `schemas/policy.schema.json` and the reference in the docs.
 */
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
    noise: Noise.prefault({}),
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
