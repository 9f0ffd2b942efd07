import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { STDIN } from '../lib/run/cli.ts'

/** One input of a command: a name for people, and its bytes or why there are none. */
export interface Input {
  readonly source: string
  readonly read: () => Uint8Array
}

const EVENT_FILE = /\.(json|jsonl|ndjson)$/i

/** The inputs that paths name: a file, every event file below a folder in the order of their names, or standard input. */
export function inputsOf(paths: readonly string[], stdin: () => Uint8Array): Input[] {
  return paths.flatMap((path) => {
    if (path === STDIN) return [{ source: 'stdin', read: stdin }]
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return filesBelow(path)
    return [fileInput(path, path)]
  })
}

function filesBelow(folder: string): Input[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && EVENT_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => fileInput(path.slice(folder.length).replace(/^\/+/, ''), path))
}

function fileInput(source: string, path: string): Input {
  return { source, read: () => readFileSync(path) }
}
