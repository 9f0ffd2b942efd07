import { runCli } from '../lib/run/cli.ts'
import { check } from './commands/check.ts'
import { drain } from './commands/drain.ts'
import { dryRun } from './commands/dry-run.ts'
import { explain } from './commands/explain.ts'
import { log } from './commands/log.ts'
import { reconcile } from './commands/reconcile.ts'
import { status } from './commands/status.ts'
import { tick } from './commands/tick.ts'

runCli([dryRun, explain, check, status, log, tick, drain, reconcile])
