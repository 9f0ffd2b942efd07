/** A word of a command line as `sh` would part it, and where it starts. */
export interface Word {
  readonly text: string
  readonly offset: number
}

const WORD = /(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\[\s\S]|[^\s"'\\;|&()])+|[;|&()]+/g

/** The words of a command line, quotes taken off, operators as words of their own. Good enough to find an option by. */
export function wordsOf(command: string): Word[] {
  const words = [...command.matchAll(WORD)].map(({ 0: raw, index }) => ({
    text: raw.replace(/"((?:[^"\\]|\\.)*)"?|'([^']*)'?|\\([\s\S])/g, (_, double, single, escaped) =>
      String(double ?? single ?? escaped ?? ''),
    ),
    offset: index,
  }))
  return words.flatMap((word, index) => {
    const [shell, option] = words.slice(Math.max(0, index - 2), index)
    return SHELL.test(shell?.text ?? '') && /^-\w*c$/.test(option?.text ?? '') ? wordsWithin(word) : [word]
  })
}

const SHELL = /^(?:\S*\/)?(?:ba|da|k|z)?sh$/

/** The words of `sh -c "..."`, one behind the quote. */
function wordsWithin({ text, offset }: Word): Word[] {
  return wordsOf(text).map((inner) => ({ text: inner.text, offset: offset + 1 + inner.offset }))
}
