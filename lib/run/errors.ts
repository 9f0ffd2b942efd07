/** The user's mistake: one line that says what to change, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** By its name, for what is loaded lazily has a class of its own. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError'
}

/** The state cannot be used, which is nobody's bug; see lib/state/store.ts. */
function isStoreError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'StoreError'
}

/**
 * One line about any error, for a person: a mistake by its message, a bug of ours with where it happened. What looks
 * like a key is masked: it may have been typed where something else belongs.
 */
export function describeError(error: unknown): string {
  return described(error).replace(/[A-Za-z0-9]{24,}/g, '[key]')
}

function described(error: unknown): string {
  if (isUsageError(error) || isStoreError(error)) return error.message
  if (!(error instanceof Error)) return `internal error: ${String(error)}`
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === 'read' || syscall === 'write')
    return `${syscall === 'read' ? 'standard input cannot be read' : 'the output cannot be written'} (${code})`
  const place = /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] ?? 'unknown place'
  return `internal error in ${TIERLINE_VERSION}: ${error.message} (${place}); please report it`
}
