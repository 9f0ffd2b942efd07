import { openStore } from '../state/sqlite.ts'
import { type Store, StoreError } from '../state/store.ts'

/** What was found in the state, or in one line why it cannot be read. */
export type Look<T> = { readonly found: T } | { readonly trouble: string }

/** Reads the state that handlers use meanwhile. Nothing is made and nothing mended. */
export async function lookInto<T>(dir: string, read: (store: Store) => Promise<T>): Promise<Look<T>> {
  let store: Store | null = null
  try {
    const uid = process.getuid?.() ?? null
    store = (await openStore(dir, { now: Date.now, chance: Math.random, uid, create: false })).store
    return { found: await read(store) }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return { trouble: error.message }
  } finally {
    store?.close()
  }
}
