import { readFileSync } from 'node:fs'
import { type ParsedPolicy, parsePolicy } from './parse.ts'
import { salvage } from './salvage.ts'

/** Reads and checks a policy file; never throws. `read` is for a policy that is no file, such as standard input. */
export function loadPolicy(file: string, read = () => readFileSync(file, 'utf8')): ParsedPolicy {
  let text: string
  try {
    text = read()
  } catch (error) {
    return {
      errors: [
        `${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}): check --policy or TIERLINE_POLICY`,
      ],
      salvaged: salvage({}),
    }
  }
  return parsePolicy(text, file)
}
