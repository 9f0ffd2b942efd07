import { readFileSync } from 'node:fs'
import { type ParsedPolicy, parsePolicy } from './parse.ts'
import { salvage } from './salvage.ts'

/** Reads and checks a policy file; never throws. */
export function loadPolicy(file: string): ParsedPolicy {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
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
