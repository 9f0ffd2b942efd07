/** A word of a command line as `sh` would part it, and where it starts. */
export interface Word {
  readonly text: string
  readonly offset: number
}

const WORD = /(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\[\s\S]|[^\s"'\\;|&()])+|[;|&()]+/g

/** The words of a command line, quotes taken off, operators as words of their own. Good enough to find an option by. */
export function wordsOf(command: string): Word[] {
  return [...command.matchAll(WORD)].map(({ 0: raw, index }) => ({
    text: raw.replace(/"((?:[^"\\]|\\.)*)"?|'([^']*)'?|\\([\s\S])/g, (_, double, single, escaped) =>
      String(double ?? single ?? escaped ?? ''),
    ),
    offset: index,
  }))
}
