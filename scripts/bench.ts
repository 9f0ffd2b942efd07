/**
 * What Tierline costs: ratios to a bare start of the same Node, and to the same command on the previous commit,
 * all in one run, since absolute times hold on no other machine. `node scripts/bench.ts [rounds]`.
 */
import { executables } from './bench/executables.ts'
import { filters } from './bench/filters.ts'
import { inProcess } from './bench/in-process.ts'
import { longQueue } from './bench/long-queue.ts'

const ROUNDS = Number(process.argv[2] ?? 30)

await inProcess()
await filters()
await executables(ROUNDS)
await longQueue()
