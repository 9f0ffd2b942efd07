import { retryAfter } from '../../http/retry-after.ts'
import { cut, oneLine } from '../text.ts'

/** PagerDuty's answer, as far as the verdict depends on it. */
interface Answer {
  readonly status: number
  readonly retry_after: string | undefined
  readonly text: string
}

export type Verdict =
  | { readonly kind: 'accepted' }
  /** The same request may pass later; `after` is what the server asked for, in seconds. */
  | { readonly kind: 'retry'; readonly after: number | null; readonly why: string }
  /** No event will pass with this routing key. */
  | { readonly kind: 'bad_key'; readonly why: string }
  /** This event will never pass, another with the same key may. */
  | { readonly kind: 'bad_body'; readonly why: string }
  /** Whatever answered, it does not take events from here. */
  | { readonly kind: 'refused'; readonly why: string }

interface Row {
  readonly from: number
  readonly to: number
  readonly kind: Verdict['kind']
  readonly means?: string
}

/**
 * First match wins. 202, 400, 429 and 5xx: https://developer.pagerduty.com/docs/events-api-v2/overview/#response-codes--retry-logic.
 * 408: PagerDuty/go-pagerduty counts it as temporary. 413: the limit of 512 kB is enforced, the code for it not documented.
 * What is not in the table says nothing about the event, so it is tried again.
 */
const table: readonly Row[] = [
  { from: 200, to: 299, kind: 'accepted' },
  { from: 300, to: 399, kind: 'refused', means: 'redirects are not followed' },
  { from: 400, to: 400, kind: 'bad_body' },
  { from: 401, to: 404, kind: 'refused', means: 'is the address of PagerDuty right?' },
  { from: 407, to: 407, kind: 'refused', means: 'the proxy wants a user name and password' },
  { from: 408, to: 408, kind: 'retry' },
  { from: 413, to: 413, kind: 'bad_body', means: 'the event is too large' },
  { from: 429, to: 429, kind: 'retry', means: 'too many requests with this key' },
  { from: 400, to: 499, kind: 'refused' },
]

/**
 * The wordings seen: "Length of 'routing_key' is incorrect", "'routing_key' cannot contain non-alphanumeric
 * characters." (blockpane/tenderduty#10), "'routing_key' cannot be blank", "Invalid routing key"
 * (robusta-dev/robusta#571), "Service key is the wrong length" (grafana/grafana#8979).
 */
const KEY_COMPLAINT = /\b(?:routing|service|integration)[ _-]?key\b/i

const MAX_WHY = 300

/** What to do after an answer; `now` in milliseconds is for a `Retry-After` that names a time. */
export function verdictOf({ status, retry_after, text }: Answer, now: number): Verdict {
  const row = table.find(({ from, to }) => status >= from && status <= to)
  const kind = row?.kind ?? 'retry'
  if (kind === 'accepted' && isWebPage(status, text)) {
    return {
      kind: 'retry',
      after: null,
      why: `a web page answered ${status} in place of PagerDuty: does a portal or proxy stand between?`,
    }
  }
  if (kind === 'accepted') return { kind }
  const said = saidIn(text)
  const why = cut(
    oneLine([`PagerDuty answered ${status}`, row?.means ?? '', said].filter((part) => part !== '').join(': ')),
    MAX_WHY,
  )
  // PagerDuty documents no Retry-After for events, but a proxy may send one.
  if (kind === 'retry') return { kind, after: retryAfter(retry_after, now), why }
  if (status === 400 && KEY_COMPLAINT.test(said)) return { kind: 'bad_key', why }
  return { kind, why }
}

/** PagerDuty says 202; a captive portal says 200 to everything, and would swallow every page. */
function isWebPage(status: number, text: string): boolean {
  return status !== 202 && /^\s*</.test(text)
}

/** The complaints of an answer: its `errors`, else its `message`; of what is no JSON (a proxy's page, half an answer) the text. */
function saidIn(text: string): string {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return plain(text.slice(0, 2000))
  }
  if (typeof answer !== 'object' || answer === null) return typeof answer === 'string' ? answer : ''
  const { errors, message } = answer as { errors?: unknown; message?: unknown }
  const complaints = (Array.isArray(errors) ? errors : [errors]).filter(
    (error) => error !== undefined && error !== null && error !== '',
  )
  if (complaints.length > 0) return complaints.map(worded).join('; ')
  return message === undefined || message === null ? '' : worded(message)
}

function worded(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** An HTML page is told by its title, else by what is not markup. */
function plain(text: string): string {
  const title = /<title[^>]*>([^<]+)/i.exec(text)?.[1]
  return title ?? text.replace(/<[^>]*>/g, ' ').trim()
}
