import { spawn } from 'node:child_process'
import { EVENT } from './common.ts'

export interface Sample {
  wall: number
  cpu: number
}

/** One run of a command with the event on standard input: seconds on the wall and of processor time. */
export async function measure(command: readonly string[], env: NodeJS.ProcessEnv, event = EVENT): Promise<Sample> {
  const script = `TIMEFORMAT='%3R %3U %3S'; time "$@" < ${event} > /dev/null 2> /dev/null`
  const child = spawn('bash', ['-c', script, 'bash', ...command], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  for await (const chunk of child.stderr) text += chunk
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = text.trim().split(/\s+/).map(Number)
  return { wall, cpu: user + system }
}
