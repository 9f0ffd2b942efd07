import { describe, it } from 'vitest'

/** `describe` for tests that need what may not be there: without it they fail in CI and are skipped, aloud, elsewhere. */
export function needing(is_there: boolean, missing: string): (title: string, tests: () => void) => void {
  if (is_there) return (title, tests) => void describe(title, tests)
  if (process.env.CI) {
    return (title) =>
      void describe(title, () => {
        it('has what it needs', () => {
          throw new Error(missing)
        })
      })
  }
  return (title, tests) => {
    console.warn(`SKIPPED: ${title}. ${missing}`)
    void describe.skip(title, tests)
  }
}
