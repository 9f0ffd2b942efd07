import { types } from 'node:util'
import { type Context, constants, createContext, Script } from 'node:vm'
import { oneLine } from '../../lib/deliver/text.ts'
import { GLOBALS, METHODS, STATICS } from '../../lib/lint/missing-names.ts'
import type { Answer } from '../../lib/mirror/verdict.ts'

const LIMIT = { timeout: 1000 }

/** Throws that are no answer of Sensu's engine. */
const NO_ANSWERS: readonly (readonly [RegExp, string])[] = [
  [
    /^Error: Script execution timed out/,
    'did not end within 1 s; Sensu sets no limit, and its backend would evaluate nothing after it',
  ],
  [/^RangeError: Maximum call stack/, 'calls itself without an end, which ends the whole backend'],
  // RE2 takes (?i) and (?P<name>a); what it refuses too was found before.
  [/^SyntaxError: Invalid regular expression/, 'has a regular expression that only Sensu can read'],
  [/^EvalError: Code generation/, 'makes code from text, which is not done here'],
]

/** Takes away what otto lacks, so that it throws here too, and adds the functions that Sensu gives. */
const PREPARE = new Script(`(function (global) {
  var statics = ${JSON.stringify(STATICS)};
  ${JSON.stringify(Object.keys(METHODS))}.forEach(function (name) { delete String.prototype[name]; delete Array.prototype[name] });
  Object.keys(statics).forEach(function (owner) { statics[owner].forEach(function (name) { delete global[owner][name] }) });
  ${JSON.stringify(GLOBALS)}.forEach(function (name) { delete global[name] });
  function part(get) {
    return function (seconds) { return (typeof seconds === 'number' && new Date(Math.floor(seconds) * 1000)[get]()) || 0 }
  }
  global.hour = part('getUTCHours');
  global.minute = part('getUTCMinutes');
  global.second = part('getUTCSeconds');
  global.weekday = part('getUTCDay');
  return function (now) {
    global.seconds_since = function (seconds) { return typeof seconds === 'number' ? now - seconds : 0 }
  }
})(this)`)
const PARSE = new Script('JSON.parse')
const TELL = new Script("'' + thrown")

const compiled = new Map<string, Script>()

/**
 * Asks expressions about one event, as one filter would: each in an engine of its own, and all about the same object.
 * Only texts and numbers go in, and truths and texts come out, so that nothing of this process can be reached.
 */
export function engineFor(assets: readonly Script[], event: string, now: number): (expression: string) => Answer {
  let shared: unknown
  return (expression) => {
    const engine = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } })
    ;(PREPARE.runInContext(engine) as (now: number) => void)(now)
    for (const asset of assets) asset.runInContext(engine)
    shared ??= (PARSE.runInContext(engine) as (text: string) => unknown)(event)
    engine.event = shared
    try {
      return { is_true: Boolean(scriptOf(expression).runInContext(engine, LIMIT)) }
    } catch (error) {
      return toldIn(engine, error)
    }
  }
}

/** In the engine too: a text is all that comes out, whatever was thrown. */
function toldIn(engine: Context, thrown: unknown): Answer {
  let says = 'something that is no text'
  try {
    engine.thrown = thrown
    says = oneLine(String(TELL.runInContext(engine, LIMIT))).slice(0, 200)
  } catch {}
  const no_answer = types.isNativeError(thrown) ? NO_ANSWERS.find(([start]) => start.test(says)) : undefined
  return no_answer === undefined ? { throws: says } : { never_answers: no_answer[1] }
}

function scriptOf(text: string): Script {
  const script = compiled.get(text) ?? new Script(text)
  compiled.set(text, script)
  return script
}
