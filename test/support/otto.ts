import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { resolve } from 'node:path'

const FOLDER = 'test/otto'
const BUILT = resolve('.cache/otto')

export const FILTER_FILE = 'dist/filters/lib/tierline.js'

/** The revisions of otto that Sensu pinned: up to 6.9, 6.10 and 7 alpha, and from 6.11 on. */
export const OTTOS = [
  { name: '2019-12', mod: 'otto-2019-12.mod' },
  { name: '2022-10', mod: 'otto-2022-10.mod' },
  { name: 'v0.2.1', mod: 'go.mod' },
] as const
type Otto = (typeof OTTOS)[number]

export interface Question {
  readonly expression: string
  /** As Sensu writes it to a handler; the runner makes the form of filters of it. */
  readonly event?: unknown
  /** Paths; the filter asset when left out. */
  readonly scripts?: readonly string[]
  /** Whether the expression is the `eval` of a mutator, which sees the live Go object. */
  readonly mutator?: boolean
  readonly times?: number
}

export interface Answer {
  readonly truthy: boolean
  readonly text?: string
  readonly error?: string
  readonly least_us?: number
  readonly median_us?: number
}

export const HAS_GO = spawnSync('go', ['version']).status === 0

/** Asks one otto, in one process and in order. */
export async function ask(otto: Otto, questions: readonly Question[]): Promise<Answer[]> {
  const child = spawn(runner(otto), { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(questions.map((question) => `${JSON.stringify({ scripts: [FILTER_FILE], ...question })}\n`).join(''))
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
  const answers = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
  if (answers.length !== questions.length) throw new Error(`otto answered ${answers.length} of ${questions.length} questions`)
  return answers
}

/** The same as texts, and an error as one too, so that a comparison shows it. */
export async function textsOf(otto: Otto, questions: readonly Question[]): Promise<string[]> {
  return (await ask(otto, questions)).map(({ text, truthy, error }) => error ?? text ?? String(truthy))
}

function runner({ name, mod }: Otto): string {
  const file = `${BUILT}/otto-${name}`
  mkdirSync(BUILT, { recursive: true })
  // Two test files may build at once, and a file that runs cannot be written.
  const fresh = `${file}.${process.pid}`
  execFileSync('go', ['build', `-modfile=${mod}`, '-o', fresh, '.'], { cwd: FOLDER, stdio: ['ignore', 'inherit', 'inherit'] })
  renameSync(fresh, file)
  return file
}
