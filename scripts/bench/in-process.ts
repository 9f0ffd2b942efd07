import { readFileSync } from 'node:fs'
import { Bench } from 'tinybench'
import { NOTHING_KNOWN } from '../../lib/facts/facts.ts'
import { DEFAULT_POLICY } from '../../lib/policy/defaults.ts'
import { judge } from '../../lib/run/judge.ts'
import { EVENT } from './common.ts'

/** Reading an event and deciding about it, over and over. */
export async function inProcess(): Promise<void> {
  const bytes = readFileSync(EVENT)
  const bench = new Bench({ time: 3000, warmupTime: 500 })
  bench.add('judge', () => {
    judge(bytes, { policy: DEFAULT_POLICY, outside: NOTHING_KNOWN, secrets: [], clock: () => 1_770_000_000 })
  })
  await bench.run()
  const [task] = bench.tasks
  const rate = task?.result.state === 'completed' ? task.result.throughput.mean : Number.NaN
  console.log(
    `reader and decision in process, ${bytes.length} bytes: ${Math.round(rate).toLocaleString('en')} events/s on one core\n`,
  )
}
