import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import { KEY, listen } from './common.ts'
import { filledState } from './state.ts'

const QUEUE = 10_000

/** What emptying a long queue costs in memory: as it begins and at its end, as the system sees it. */
export async function longQueue(): Promise<void> {
  const seen: number[] = []
  let child: ReturnType<typeof spawn> | undefined
  const pagerduty = createHttpServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}')
      if (seen.length % 100 === 0) kept.push(residentMB(child?.pid))
      seen.push(performance.now())
    })
  })
  const kept: number[] = []
  const port = await listen(pagerduty)
  const queued_since = Math.floor(Date.now() / 1000)
  const dir = await filledState(QUEUE, {
    accepted: null,
    rung: [],
    at: { first: 'unsure', second: 'closed', third: 'closed' },
    queued_since,
  })
  const policy = join(dir, 'policy.yaml')
  writeFileSync(policy, `pagerduty: { endpoint: "http://127.0.0.1:${port}/v2/enqueue", calls_per_minute: 10000 }\n`)
  const env = { ...process.env, PAGERDUTY_TOKEN: KEY, TIERLINE_STATE_DIR: dir }
  child = spawn(process.execPath, ['dist/bin/tierline', 'drain', '--budget', '600', '--policy', policy], { env })
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  await new Promise((resolve) => child?.once('close', resolve))
  pagerduty.close()
  const secs = ((seen.at(-1) ?? 0) - (seen[0] ?? 0)) / 1000
  const [first, last, most] = [kept[1], kept.at(-1), Math.max(...kept)]
  console.log(
    `\ndrain of ${QUEUE.toLocaleString('en')} at 10,000 a minute: ${seen.length} requests in ${secs.toFixed(0)} s; ` +
      `resident MB after 100: ${first}, at the end: ${last}, at most: ${most}; it says: ${text.trim()}`,
  )
}

function residentMB(pid: number | undefined): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
  } catch {
    return Number.NaN
  }
}
