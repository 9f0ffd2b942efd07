import { runCli } from '../lib/run/cli.ts'
import { check } from './commands/check.ts'
import { dryRun } from './commands/dry-run.ts'
import { explain } from './commands/explain.ts'

runCli([dryRun, explain, check])
