import type { Resource } from './resource.ts'
import type { Script } from './script.ts'

/** A file as the linter gets it: what people call it, and its text. */
export interface LintFile {
  readonly source: string
  readonly text: string
}

/** Where in a file something stands; both count from 1. */
export interface Place {
  readonly source: string
  readonly line: number
  readonly column: number
}

/** One thing that a rule found, in words that say what to change. */
export interface Found {
  readonly place: Place
  readonly says: string
}

/** Everything that was given, since a rule about references has to see all files at once. */
export interface Scope {
  readonly resources: readonly Resource[]
  readonly scripts: readonly Script[]
  /** Documents that could not be read as a resource. */
  readonly unreadable: readonly Found[]
  readonly incomplete: readonly Found[]
}

export interface Rule {
  readonly id: string
  readonly level: 'error' | 'warning'
  /** What is wrong with it, in one sentence. */
  readonly about: string
  readonly check: (scope: Scope) => Iterable<Found>
}
