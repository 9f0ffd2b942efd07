import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { STDIN } from '../lib/run/cli.ts'

/** One input of a command: a name for people, and its bytes or why there are none. */
export interface Input {
  readonly source: string
  /** Where the file is, from where the command runs. */
  readonly path: string
  /** The folder that it was found in; null when it was named itself. */
  readonly folder: string | null
  readonly read: () => Uint8Array
}

const EVENT_FILE = /\.(json|jsonl|ndjson)$/i

/** Folders of other people's files. */
const NOT_OURS = /(?:^|\/)(?:node_modules|\.git)\//

/**
 * The inputs that paths name: a file, every file below a folder whose name fits, in the order of their names, or
 * standard input.
 */
export function inputsOf(paths: readonly string[], stdin: () => Uint8Array, fits = EVENT_FILE): Input[] {
  return paths.flatMap((path) => {
    if (path === STDIN) return [{ source: 'stdin', path: 'stdin', folder: null, read: stdin }]
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return filesBelow(path, fits)
    return [fileInput(path, path, null)]
  })
}

function filesBelow(folder: string, fits: RegExp): Input[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && fits.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !NOT_OURS.test(name))
    .sort()
    .map((name) => fileInput(name, join(folder, name), folder))
}

function fileInput(source: string, path: string, folder: string | null): Input {
  return { source, path, folder, read: () => readFileSync(path) }
}
