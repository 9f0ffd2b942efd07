import { oneLine } from '../lib/deliver/text.ts'
import type { LintFile } from '../lib/lint/finding.ts'
import { EXIT, type ExitCode } from '../lib/run/cli.ts'
import type { Io } from '../lib/run/io.ts'

/** What is wrong with resources for Sensu, a line for each finding, and a summary. */
export async function checkResources(files: readonly LintFile[], io: Io): Promise<ExitCode> {
  const { lint } = await import('../lib/lint/lint.ts')
  const report = lint(files)
  for (const { source, line, column, level, rule, says } of report.findings) {
    io.stdout(`${oneLine(`${source}:${line}:${column}: ${level}: ${rule}: ${says}`)}\n`)
  }
  const errors = report.findings.filter(({ level }) => level === 'error').length
  const warnings = report.findings.length - errors
  const seen = [counted(files.length, 'file'), counted(report.resources, 'resource'), counted(report.scripts, 'script')]
  io.stdout(`${seen.join(', ')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`)
  if (report.unchecked.length > 0) {
    io.stdout(`not checked: whether what is referred to is there, for ${report.unchecked.join(', ')}: the files hold none\n`)
  }
  return errors > 0 ? EXIT.problem : EXIT.handled
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
