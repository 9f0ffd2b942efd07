/** At most `units` UTF-16 units, cut between characters, with an ellipsis where something was cut. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text
  const end = units - 1
  const last = text.charCodeAt(end - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`
}

/** One line for people: no control characters, no runs of white space, no half of a surrogate pair. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ')
    .trim()
}

/** Text of several lines without the control characters that JSON would blow up to six bytes each. */
export function lines(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}

/** The text without any of the secrets. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[key]'), text)
}
