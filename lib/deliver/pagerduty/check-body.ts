import { isWebAddress } from '../../event/settings.ts'
import { SEVERITIES } from '../../event/severity.ts'
import { BODY_BYTES, DEDUP_KEY_BYTES, SUMMARY_UNITS } from './schema.ts'

/** What is wrong with a value; `name` is its path in the request. */
type Rule = (value: unknown, name: string) => string[]
type Rules = Readonly<Record<string, Rule>>

/**
 * Everything that PagerDuty would refuse in a request, in its own words where they are known, and what it would
 * silently ignore or lose: unknown fields, links in the wrong place, details that no rule can match.
 * `body` is the parsed JSON (undefined when it is none), `bytes` the length of the request as sent.
 */
export function checkBody(body: unknown, bytes: number): string[] {
  const size = bytes > BODY_BYTES ? [`Event object is too large (maximum is ${BODY_BYTES} bytes)`] : []
  if (body === undefined) return [...size, 'JSON parse error']
  if (!isObject(body)) return [...size, 'Event object format is unrecognized']
  const action = ACTIONS.find((one) => one === body.event_action)
  const needs = ['routing_key', 'event_action', ...(action ? NEEDS[action] : [])]
  return [...size, ...fields(body, '', rulesFor(action), needs)]
}

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const
type Action = (typeof ACTIONS)[number]

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and the pages on acknowledging and resolving next to it. */
const NEEDS: Readonly<Record<Action, readonly string[]>> = {
  trigger: ['payload'],
  acknowledge: ['dedup_key'],
  resolve: ['dedup_key'],
}

const string: Rule = (value, name) => (typeof value === 'string' ? [] : [`'${name}' must be a string`])

const filled: Rule = (value, name) =>
  typeof value === 'string' && value.trim() === '' ? [`'${name}' is missing or blank`] : string(value, name)

const oneOf =
  (words: readonly string[], says: string): Rule =>
  (value, name) => {
    const complaints = filled(value, name)
    return complaints.length > 0 || words.includes(value as string)
      ? complaints
      : [`'${name}' is invalid (must be one of the following: ${says})`]
  }

/** Any letters and digits: the keys of services look like hexadecimal, those of orchestrations do not. */
const key: Rule = (value, name) => {
  if (typeof value !== 'string') return string(value, name)
  if (value === '') return [`'${name}' cannot be blank`]
  const length = value.length === 32 ? [] : [`Length of '${name}' is incorrect (should be 32 characters)`]
  return /[^A-Za-z0-9]/.test(value) ? [...length, `'${name}' cannot contain non-alphanumeric characters.`] : length
}

const dedup_key: Rule = (value, name) =>
  typeof value === 'string' && Buffer.byteLength(value) > DEDUP_KEY_BYTES
    ? [`'${name}' is too long (maximum is ${DEDUP_KEY_BYTES} characters)`]
    : filled(value, name)

const summary: Rule = (value, name) =>
  typeof value === 'string' && value.length > SUMMARY_UNITS
    ? [`'${name}' is too long (maximum is ${SUMMARY_UNITS} characters)`]
    : filled(value, name)

const timestamp: Rule = (value, name) =>
  typeof value === 'string' && isInstant(value) ? [] : [`'${name}' is not a date and time of ISO 8601`]

const address: Rule = (value, name) =>
  typeof value === 'string' && isWebAddress(value) && URL.canParse(value) ? [] : [`'${name}' is not an http or https address`]

const secure: Rule = (value, name) => {
  const complaints = address(value, name)
  return complaints.length > 0 || /^https:/i.test(value as string) ? complaints : [`'${name}' is not an https address`]
}

/** Text is taken too, but then no orchestration rule can match a field of it (grafana/grafana#12115). */
const details: Rule = (value, name) => (isObject(value) ? [] : [`'${name}' must be an object`])

const list =
  (item: Rule): Rule =>
  (value, name) =>
    Array.isArray(value) ? value.flatMap((one, index) => item(one, `${name}[${index}]`)) : [`'${name}' must be a list`]

const object =
  (rules: Rules, needs: readonly string[]): Rule =>
  (value, name) =>
    isObject(value) ? fields(value, `${name}.`, rules, needs) : [`'${name}' must be an object`]

const PAYLOAD: Rules = {
  summary,
  source: filled,
  severity: oneOf(SEVERITIES, "'critical', 'warning', 'error' or 'info'"),
  timestamp,
  component: string,
  group: string,
  class: string,
  custom_details: details,
}

const COMMON: Rules = {
  routing_key: key,
  event_action: oneOf(ACTIONS, "'trigger', 'acknowledge' or 'resolve'"),
  dedup_key,
}

const TRIGGER_ONLY: Rules = {
  client: string,
  client_url: address,
  links: list(object({ href: address, text: string }, ['href'])),
  images: list(object({ src: secure, href: address, alt: string }, ['src'])),
}

/** The fields that a request may have; without a valid action those of any, and none of the payload's has to be there. */
function rulesFor(action: Action | undefined): Rules {
  const rules = { ...COMMON, payload: object(PAYLOAD, action === 'trigger' ? ['summary', 'source', 'severity'] : []) }
  return action === 'acknowledge' || action === 'resolve' ? rules : { ...rules, ...TRIGGER_ONLY }
}

function fields(value: Record<string, unknown>, prefix: string, rules: Rules, needs: readonly string[]): string[] {
  const missing = needs.filter((name) => !Object.hasOwn(value, name) || value[name] === undefined || value[name] === null)
  const present = Object.keys(value).filter((name) => value[name] !== undefined && !missing.includes(name))
  return [
    ...missing.map((name) => `'${prefix}${name}' is missing or blank`),
    ...present.flatMap((name) => {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
      return rule ? rule(value[name], prefix + name) : [`'${prefix}${name}' is not a field that PagerDuty reads here`]
    }),
  ]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** With a zone, because without one PagerDuty and the sender could mean different hours; 30 February is no date. */
function isInstant(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:Z|[+-](\d\d):?(\d\d))$/.exec(text)
  if (!match) return false
  const numbers = match.slice(1).map((part) => Number(part ?? 0))
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0] = numbers
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists && hour < 24 && minute < 60 && second <= 60 && zone_hour < 24 && zone_minute < 60
}
