import { distance } from 'fastest-levenshtein'

/** `; did you mean "hours"?` when something known is close. */
export function closest(word: string, known: readonly string[]): string {
  const [best] = known.map((name) => ({ name, far: distance(word.toLowerCase(), name) })).sort((a, b) => a.far - b.far)
  const close = best !== undefined && best.far <= Math.min(3, Math.max(1, Math.floor(best.name.length / 2)))
  return close ? `; did you mean ${JSON.stringify(best.name)}?` : ''
}
