import { runMutator } from '../lib/run/mutator.ts'

runMutator()
