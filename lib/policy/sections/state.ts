import * as z from 'zod'

export const State = z.strictObject({
  journal_days: z.int().min(1).max(3650).default(30).meta({ description: 'Days that decisions and deliveries are kept.' }),
  journal_rows: z.int().min(100).max(10_000_000).default(200_000).meta({ description: 'The most of them that are kept.' }),
  spool_mb: z.int().min(0).max(100_000).default(50).meta({ description: 'MB of points kept while carbon is away; 0 for none.' }),
})
