import type { Argv } from 'yargs'
import { oneLine } from '../../lib/deliver/text.ts'
import type { LintFile } from '../../lib/lint/finding.ts'
import { type Command, EXIT, type ExitCode } from '../../lib/run/cli.ts'
import { UsageError } from '../../lib/run/errors.ts'
import { policyInForce } from '../../lib/run/policy.ts'
import { checkPolicy } from '../check-policy.ts'
import { checkResources } from '../check-resources.ts'
import { type Input, inputsOf } from '../inputs.ts'

interface CheckArgs {
  readonly paths?: readonly string[] | undefined
}

const CHECKED = /\.(ya?ml|json|js)$/i

/** `tierline check`: are policies right, does the environment hold their keys, and what is wrong with resources of Sensu? */
export const check: Command<CheckArgs> = {
  command: 'check [paths..]',
  describe: 'Check a policy and the keys in the environment, or Sensu resources: files, folders, or - for standard input',
  builder: (argv: Argv<object>) =>
    argv.positional('paths', {
      type: 'string',
      array: true,
      describe: 'Policies, resources (YAML, JSON) and JavaScript of assets; without any TIERLINE_POLICY, or the defaults',
    }),
  act: async ({ paths = [] }, io) => {
    if (paths.includes('')) throw new UsageError('the name of a file is empty')
    if (paths.length === 0) return checkPolicy(await policyInForce(io.env.TIERLINE_POLICY?.trim() || undefined), io)
    const { texts, unreadable } = textsOf(paths.flatMap((path) => inputsAt(path, io.stdin)))
    const { isForSensu } = await import('../../lib/lint/lint.ts')
    const resources = texts.filter(isForSensu)
    // A folder may hold any other file; what is named on its own is meant.
    const policies = texts.filter((one) => !resources.includes(one) && !one.is_found)
    let code: ExitCode = unreadable.length === 0 ? EXIT.handled : EXIT.problem
    for (const line of unreadable) io.stderr(`${oneLine(line)}\n`)
    for (const { source, text } of policies) {
      if (checkPolicy(await policyInForce(source, () => text), io) !== EXIT.handled) code = EXIT.problem
    }
    if (resources.length + policies.length + unreadable.length === 0)
      throw new UsageError(`no Sensu resource in ${paths.join(', ')}: name policies one by one`)
    return resources.length > 0 && (await checkResources(resources, io)) !== EXIT.handled ? EXIT.problem : code
  },
}

interface Text extends LintFile {
  /** Found in a folder, not named itself. */
  readonly is_found: boolean
}

/** Reads each once, for standard input is there only once. */
function textsOf(inputs: readonly Input[]): { texts: Text[]; unreadable: string[] } {
  const texts: Text[] = []
  const unreadable: string[] = []
  for (const { path, folder, read } of inputs) {
    try {
      const text = textOf(read())
      // An empty file is a policy of defaults; an empty pipe is what a command before it failed to write.
      if (path === 'stdin' && text.trim() === '') throw new Error('it is empty')
      texts.push({ source: path, is_found: folder !== null, text })
    } catch (error) {
      unreadable.push(`tierline: ${path}: cannot be read: ${(error as Error).message}`)
    }
  }
  return { texts, unreadable }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error('it is no text in UTF-8')
  }
}

function inputsAt(path: string, stdin: () => Uint8Array): Input[] {
  const inputs = inputsOf([path], stdin, CHECKED)
  // A folder that stands for itself holds nothing to check, or cannot be opened; reading it says which.
  const itself = inputs.find((input) => input.folder !== null && input.path === path)
  try {
    itself?.read()
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`)
  }
  return inputs
}
