import * as z from 'zod'
import { seconds } from './seconds.ts'

const AlertAfter = z.strictObject({
  service: seconds.default(60).meta({ description: 'For checks of class service.' }),
  load: seconds.default(300).meta({ description: 'For checks of class load.' }),
  keepalive: seconds.default(180).meta({ description: 'For agents that fall silent.' }),
  ttl: seconds.default(180).meta({ description: 'For checks that stop reporting.' }),
})

export const Noise = z.strictObject({
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
    description: 'A failure within so many seconds of the last recovery has to last for one more run before it pages again.',
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
