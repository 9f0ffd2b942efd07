import { runCli } from '../lib/run/cli.ts'
import { check } from './commands/check.ts'
import { dryRun } from './commands/dry-run.ts'
import { explain } from './commands/explain.ts'
import { log } from './commands/log.ts'
import { status } from './commands/status.ts'

runCli([dryRun, explain, check, status, log])
