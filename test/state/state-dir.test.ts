import { expect, it } from 'vitest'
import { stateDirOf } from '../../lib/state/state-dir.ts'

const SENSU = '/var/lib/sensu'
const XDG_STATE_HOME = '/home/me/state'
const HOME = '/home/me'
const TIERLINE_STATE_DIR = '/from/env'

it.each<[string, string | undefined, Record<string, string>, string[], string]>([
  ['the option comes first', '/from/option', { TIERLINE_STATE_DIR, HOME }, [SENSU], '/from/option'],
  ['then the environment', undefined, { TIERLINE_STATE_DIR, HOME }, [SENSU], '/from/env'],
  ['an empty option is none', '', { TIERLINE_STATE_DIR }, [], '/from/env'],
  ['an empty variable is none', undefined, { TIERLINE_STATE_DIR: '' }, [SENSU], '/var/lib/sensu/tierline'],
  ["then the backend's folder", undefined, { XDG_STATE_HOME, HOME }, [SENSU, HOME], '/var/lib/sensu/tierline'],
  ["then where the user's programs keep theirs", undefined, { XDG_STATE_HOME, HOME }, [HOME], '/home/me/state/tierline'],
  ['which must be a whole path', undefined, { XDG_STATE_HOME: 'state', HOME }, [HOME], '/home/me/.local/state/tierline'],
  ['then the home', undefined, { HOME }, [HOME], '/home/me/.local/state/tierline'],
])('%s', (_, option, env, there, dir) => {
  expect(stateDirOf(option, env, (path) => there.includes(path))).toEqual({ dir })
})

it.each<[string, string | undefined, Record<string, string>, string]>([
  ['a home that is not there', undefined, { HOME: '/nonexistent' }, 'neither /var/lib/sensu nor a home directory exists'],
  ['an empty environment', undefined, {}, 'set --state-dir or TIERLINE_STATE_DIR'],
  ['none by option', 'none', { TIERLINE_STATE_DIR, HOME }, 'is set to none'],
  ['none by environment', undefined, { TIERLINE_STATE_DIR: 'none', HOME }, 'is set to none'],
])('no state for %s, and why', (_, option, env, why) => {
  expect(stateDirOf(option, env, () => false)).toMatchObject({ dir: null, why: expect.stringContaining(why) })
})
