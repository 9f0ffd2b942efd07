import { keysOf } from '../lib/deliver/pagerduty/keys.ts'
import { oneLine } from '../lib/deliver/text.ts'
import { TIERS } from '../lib/event/settings.ts'
import { EXIT, type ExitCode } from '../lib/run/cli.ts'
import type { Io } from '../lib/run/io.ts'
import { keySources } from '../lib/run/key-sources.ts'
import type { PolicyInForce } from '../lib/run/policy.ts'

/** Is the policy right, and does the environment hold the keys that it needs? */
export function checkPolicy(in_force: PolicyInForce, io: Io): ExitCode {
  const { errors, warnings } = in_force.errors.length > 0 ? { errors: in_force.errors, warnings: [] } : findings(in_force, io)
  for (const error of errors) io.stderr(`${oneLine(error)}\n`)
  for (const warning of warnings) io.stderr(`warning: ${oneLine(warning)}\n`)
  const what = in_force.file === '' ? 'the default policy' : in_force.file
  if (errors.length > 0) {
    io.stderr(`tierline: ${what}: ${errors.length} error${errors.length === 1 ? '' : 's'}\n`)
    return EXIT.problem
  }
  const rules = in_force.policy.rules.length
  io.stdout(
    `${what}: right, with ${rules} rule${rules === 1 ? '' : 's'}${in_force.policy.tiers.first.hours ? ' and hours for the first line' : ''}\n`,
  )
  return EXIT.handled
}

/** A key that is there has to be usable; a missing one may be missing only on this machine. */
function findings({ policy, warnings }: PolicyInForce, io: Io): { errors: string[]; warnings: string[] } {
  const sources = keySources(policy, io.env, { name: '--token', text: undefined })
  const { keys, error } = keysOf(sources)
  const malformed = TIERS.filter((tier) => keys[tier].state === 'unusable')
  const missing = TIERS.filter((tier) => keys[tier].state === 'missing')
  const without_any = missing.length === TIERS.length
  return {
    errors: [
      ...new Set([
        ...malformed.map((tier) => `key of the ${tier} line: ${keys[tier].problem}`),
        ...(error === null ? [] : [error]),
      ]),
    ],
    warnings: [
      ...warnings,
      ...(without_any
        ? ['no PagerDuty key in this environment: set PAGERDUTY_TOKEN, or one for each tier']
        : missing.map((tier) => `key of the ${tier} line: ${keys[tier].problem}; its pages go to the next tier that has one`)),
    ],
  }
}
