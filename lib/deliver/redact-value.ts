import { withoutSecrets } from './text.ts'

/**
 * Takes the secrets out of every text and every name of a JSON value, in place, and returns it. Value by value and not
 * in the text of the JSON, where a secret of digits or with a quote would break it; and without recursion, since an
 * input may nest deeper than the stack.
 */
export function valueWithoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0) return value
  const root = [value]
  const open: object[] = [root]
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const [name, item] of Object.entries(holder)) {
      const clean_name = Array.isArray(holder) ? name : withoutSecrets(name, secrets)
      if (clean_name !== name) delete (holder as Record<string, unknown>)[name]
      if (typeof item === 'string' || clean_name !== name) {
        const clean = typeof item === 'string' ? withoutSecrets(item, secrets) : item
        // Defined and not assigned, so that a label called __proto__ stays a label.
        Object.defineProperty(holder, clean_name, { value: clean, enumerable: true, configurable: true, writable: true })
      }
      if (typeof item === 'object' && item !== null) open.push(item)
    }
  }
  return root[0]
}
