import type { Ask } from './ask.ts'

/** Items a page. A limit of 0, Sensu's default, would send everything at once, and Sensu cuts an answer off after 15 s. */
const PAGE_ITEMS = 200

/**
 * Hands every page of a list to `take`, to its end; a text says why that was not reached. With etcd the continue
 * token is a key and each page is read when it is asked for: an event that stays is in one page, once. With
 * PostgreSQL it is an offset, so what is deleted meanwhile pushes an event into the page before, where nobody looks
 * again, and what is created shows one twice (sensu-go backend/store/{etcd,postgres}/event_store.go). So absence from
 * a list proves nothing. Selectors are not used: without a licence Sensu ignores them.
 */
export async function eachPage(
  ask: Ask,
  path: string,
  permission: string,
  take: (items: readonly unknown[]) => void,
): Promise<string | null> {
  const tokens = new Set<string>()
  let query = `?limit=${PAGE_ITEMS}`
  for (;;) {
    const answer = await ask(`${path}${query}`, permission)
    if (answer.kind === 'failed') return answer.why
    if (answer.kind === 'gone') return `Sensu has no ${path}: is the address of its API right?`
    const { value, next } = answer
    if (!Array.isArray(value)) return `Sensu answered ${path} with what is no list`
    take(value)
    if (next === '') return null
    if (tokens.has(next)) return `Sensu names the same next page of ${path} again and again`
    tokens.add(next)
    query = `?limit=${PAGE_ITEMS}&continue=${encodeURIComponent(next)}`
  }
}
