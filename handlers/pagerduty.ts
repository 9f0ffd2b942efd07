import { runHandler } from '../lib/run/handler.ts'
import { pagerduty } from '../lib/run/pagerduty.ts'

runHandler(pagerduty)
