import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
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
    if (!isFolder(path)) return [fileInput(path, path)]
    const found = filesBelow(path, '')
    return found.length > 0 ? found : [unreadable(path, 'no *.json, *.jsonl or *.ndjson file below this folder')]
  })
}

/** A folder that cannot be opened is an input that cannot be read, and the rest goes on. Links lead to files only: to folders they may lead in circles. */
function filesBelow(root: string, below: string): Input[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true })
  } catch (error) {
    return [unreadable(below === '' ? root : below, (error as Error).message)]
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name)
      if (entry.isDirectory()) return filesBelow(root, path)
      return EVENT_FILE.test(entry.name) && !isFolder(join(root, path)) ? [fileInput(path, join(root, path))] : []
    })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function unreadable(source: string, why: string): Input {
  return {
    source,
    read: () => {
      throw new Error(why)
    },
  }
}

function fileInput(source: string, path: string): Input {
  return { source, read: () => readFileSync(path) }
}
