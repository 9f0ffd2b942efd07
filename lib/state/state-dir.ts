import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

const SENSU = '/var/lib/sensu'

/** The folder of the state, or why there is none, and whether somebody wanted it so. */
export type StateDir = { readonly dir: string } | { readonly dir: null; readonly why: string; readonly meant: boolean }

/**
 * Where the state is kept: as told, else with Sensu's own, else where a person's programs keep theirs. Sensu may start its
 * handlers with an empty environment, so that the backend's folder comes before the user's.
 */
export function stateDirOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): StateDir {
  const told = option || env.TIERLINE_STATE_DIR
  if (told === 'none') return { dir: null, why: 'the state directory is set to none', meant: true }
  if (told) return { dir: told }
  if (exists(SENSU)) return { dir: join(SENSU, 'tierline') }
  const { XDG_STATE_HOME: xdg, HOME: home } = env
  if (xdg && isAbsolute(xdg)) return { dir: join(xdg, 'tierline') }
  if (home && exists(home)) return { dir: join(home, '.local/state/tierline') }
  const why = `neither ${SENSU} nor a home directory exists: set --state-dir or TIERLINE_STATE_DIR`
  return { dir: null, why, meant: false }
}
