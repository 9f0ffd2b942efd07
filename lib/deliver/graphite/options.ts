import type { Policy } from '../../policy/schema.ts'

/** What of the policy's `graphite` decides which lines an event becomes. */
export type GraphiteOptions = Readonly<
  Pick<Policy['graphite'], 'format' | 'prefix' | 'path_template' | 'series' | 'drop_tags' | 'max_points' | 'max_age'>
>
