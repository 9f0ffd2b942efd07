import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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
const NOT_OURS = /^(?:node_modules|\.git)$/

/**
 * The inputs that paths name: a file, every file below a folder whose name fits, in the order of their names, or
 * standard input.
 */
export function inputsOf(paths: readonly string[], stdin: () => Uint8Array, fits = EVENT_FILE): Input[] {
  return paths.flatMap((path) => {
    if (path === STDIN) return [{ source: 'stdin', path: 'stdin', folder: null, read: stdin }]
    if (!isFolder(path)) return [fileInput(path, path, null)]
    const found = filesBelow(path, '', fits)
    return found.length > 0 ? found : [unreadable(path, path, `no ${endings(fits)} file below this folder`)]
  })
}

/** A folder that cannot be opened is an input that cannot be read, and the rest goes on. Links lead to files only: to folders they may lead in circles. */
function filesBelow(root: string, below: string, fits: RegExp): Input[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true })
  } catch (error) {
    return [unreadable(below === '' ? root : below, root, (error as Error).message)]
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = join(below, entry.name)
      if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : filesBelow(root, name, fits)
      return fits.test(entry.name) && !isFolder(join(root, name)) ? [fileInput(name, join(root, name), root)] : []
    })
}

/** `*.json, *.jsonl or *.ndjson` of the expression for them. */
function endings(fits: RegExp): string {
  const all = fits.source
    .replace(/^\\\.\(|\)\$$/g, '')
    .replace('ya?ml', 'yaml|yml')
    .split('|')
    .map((ending) => `*.${ending}`)
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`
}

/** What cannot be asked, such as a link that leads to itself, is no folder; reading it says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function unreadable(source: string, folder: string, why: string): Input {
  return {
    source,
    path: source,
    folder,
    read: () => {
      throw new Error(why)
    },
  }
}

function fileInput(source: string, path: string, folder: string | null): Input {
  return { source, path, folder, read: () => readFileSync(path) }
}
