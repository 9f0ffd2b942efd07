import type { Argv } from 'yargs'
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
    const texts = paths.flatMap((path) => inputsAt(path, io.stdin)).map(textOf)
    const { isForSensu } = await import('../../lib/lint/lint.ts')
    const resources = texts.filter(({ source, text }) => text !== null && isForSensu({ source, text }))
    // A folder may hold any other file; what is named on its own is meant.
    const policies = texts.filter((one) => !resources.includes(one) && (one.text === null || !one.is_found))
    let code: ExitCode = EXIT.handled
    for (const { source, read } of policies) {
      if (checkPolicy(await policyInForce(source, read), io) !== EXIT.handled) code = EXIT.problem
    }
    if (resources.length === 0 && policies.length === 0)
      throw new UsageError(`no Sensu resource in ${paths.join(', ')}: name policies one by one`)
    return resources.length > 0 && (await checkResources(resources, io)) !== EXIT.handled ? EXIT.problem : code
  },
}

interface Text {
  readonly source: string
  /** Found in a folder, not named itself. */
  readonly is_found: boolean
  /** Null when it cannot be read; `read` then says why. */
  readonly text: string | null
  readonly read: () => string
}

/** Reads once, for standard input is there only once. */
function textOf({ path, folder, read }: Input): Text {
  const is_found = folder !== null
  try {
    const text = new TextDecoder().decode(read())
    return { source: path, is_found, text, read: () => text }
  } catch (error) {
    const fail = () => {
      throw error
    }
    return { source: path, is_found, text: null, read: fail }
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
