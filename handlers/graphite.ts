import { graphite } from '../lib/run/graphite.ts'
import { runHandler } from '../lib/run/handler.ts'

runHandler(graphite)
