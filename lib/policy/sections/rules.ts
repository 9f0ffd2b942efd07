import * as z from 'zod'
import { SETTABLE_CLASSES } from '../../event/classify.ts'
import { TIERS } from '../../event/settings.ts'
import { SEVERITIES } from '../../event/severity.ts'

const globs = (what: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .meta({ description: `${what}: one glob or a list, where * stands for any run of characters and ? for one.` })

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

export const Rule = z
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
