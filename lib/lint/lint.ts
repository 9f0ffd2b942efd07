import type { LintFile, Place, Rule, Scope } from './finding.ts'
import { type Reading, readResources } from './read.ts'
import { uncheckedKinds } from './references.ts'
import { rules } from './rules.ts'
import { scriptOfFile, scriptsOf } from './script.ts'

interface Finding extends Place {
  readonly level: Rule['level']
  readonly rule: string
  readonly says: string
}

export interface Report {
  readonly findings: readonly Finding[]
  readonly resources: number
  readonly scripts: number
  /** Kinds that something refers to and that no file holds, so that nobody could tell whether they are there. */
  readonly unchecked: readonly string[]
}

/** Is the file for the linter: JavaScript, or a document for Sensu in it? */
export function isForSensu(file: LintFile): boolean {
  return isJavaScript(file) || readResources(file) !== null
}

/** Runs every rule over all files together. */
export function lint(files: readonly LintFile[]): Report {
  const readings = files.filter((file) => !isJavaScript(file)).flatMap((file): Reading[] => listed(readResources(file)))
  const resources = readings.flatMap((reading) => reading.resources)
  const scripts = [...resources.flatMap(scriptsOf), ...files.filter(isJavaScript).map(scriptOfFile)]
  const scope: Scope = {
    resources,
    scripts,
    unreadable: readings.flatMap((reading) => reading.unreadable),
    incomplete: readings.flatMap((reading) => reading.incomplete),
  }
  const findings = rules.flatMap(({ id, level, check }) =>
    [...check(scope)].map(({ place, says }) => ({ ...place, level, rule: id, says })),
  )
  const order = new Map(files.map(({ source }, index) => [source, index]))
  findings.sort((a, b) => (order.get(a.source) ?? 0) - (order.get(b.source) ?? 0) || a.line - b.line || a.column - b.column)
  return { findings, resources: resources.length, scripts: scripts.length, unchecked: uncheckedKinds(resources) }
}

function isJavaScript({ source }: LintFile): boolean {
  return /\.js$/i.test(source)
}

function listed(reading: Reading | null): Reading[] {
  return reading === null ? [] : [reading]
}
