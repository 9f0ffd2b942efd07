import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lint } from '../../lib/lint/lint.ts'
import { rules } from '../../lib/lint/rules.ts'

const head = (type: string, name = 'x') => `type: ${type}\napi_version: core/v2\nmetadata: { name: ${name} }\nspec:\n`
/** The expression starts at line 7, column 5. */
const filter = (expression: string) => `${head('EventFilter')}  action: allow\n  expressions:\n  - ${expression}\n`
const deny = (...expressions: string[]) =>
  `${head('EventFilter')}  action: deny\n  expressions:\n${expressions.map((one) => `  - ${one}\n`).join('')}`
/** The command starts at line 6, column 12. */
const command = (type: string, text: string) => `${head(type)}  timeout: 10\n  command: ${text}\n`
const handler = (more: string) => `${head('Handler')}  command: page\n${more}`
const javascript = (name: string, text = 'return null;') => `${head('Mutator', name)}  type: javascript\n  eval: ${text}\n`
const ref = (type: string, name: string) => `{ type: ${type}, api_version: core/v2, name: ${name} }`
const workflow = (filters: string[], to = 'chat', mutator?: string) =>
  [
    `  - filters: [${filters.map((name) => ref('EventFilter', name)).join(', ')}]\n`,
    mutator === undefined ? '' : `    mutator: ${ref('Mutator', mutator)}\n`,
    `    handler: ${ref('Handler', to)}\n`,
  ].join('')
/** The name of the first filter of the first workflow starts at line 6, column 64. */
const pipeline = (...workflows: string[]) => `${head('Pipeline')}  workflows:\n${workflows.join('')}`
const documents = (...texts: string[]) => texts.join('---\n')

function found(text: string, source = 'x.yaml'): string[] {
  return lint([{ source, text }]).findings.map(({ line, column, rule }) => `${line}:${column} ${rule}`)
}

const KEY = 'abcdefghijklmnopqrstuvwxyz012345'

describe('a bad example, where it is bad, and the good one beside it', () => {
  it.each<[string, string, string[], string]>([
    ['an open bracket', 'type: Handler\nspec: [', ['2:8 yaml-syntax'], handler('  timeout: 5\n')],
    ['a resource without a name', 'type: Handler\nspec: { type: udp }', ['1:1 incomplete-resource'], handler('  timeout: 5\n')],
    [
      'a filter without a name',
      'type: EventFilter\napi_version: core/v2\nspec: { action: allow, expressions: [x] }\n',
      ['1:1 incomplete-resource'],
      'type: Namespace\napi_version: core/v2\nspec: { name: ops }\n',
    ],
    ['a tag', filter('!tierline.opted_out(event)'), ['7:31 no-text'], filter('"!tierline.opted_out(event)"')],
    ['a map', filter('f({ a: 1 })'), ['7:5 no-text'], filter('f({ a:1 })')],
    ['a boolean', filter('true'), ['7:5 no-text'], filter('event.x')],
    ['no expression', `${head('EventFilter')}  action: deny\n  expressions: []\n`, ['6:16 no-text'], filter('1 == 1')],
    ['an arrow function', filter('event.x.some(x => x)'), ['7:18 es5-syntax'], filter('event.x.some(function (x) { return x })')],
    ['let', filter('let a = 1; a'), ['7:5 es5-syntax'], filter('var a = 1; a')],
    ['two at once', filter('const a = `b`'), ['7:5 es5-syntax', '7:15 es5-syntax'], filter('var a = "b"; a')],
    ['optional chaining', filter('event.check?.name'), ['7:5 es5-syntax'], filter('event.check && event.check.name')],
    ['shorthand', filter('f({ event })'), ['7:9 es5-syntax'], filter('f({ "event":event })')],
    [
      'a destructured parameter',
      filter('(function ({ a }) {})'),
      ['7:16 es5-syntax', '7:18 es5-syntax'],
      filter('(function (a) {})'),
    ],
    ['spread', filter('f(...a)'), ['7:7 es5-syntax'], filter('f.apply(null, a)')],
    ['for of', filter('"for (var a of b) a"'), ['7:6 es5-syntax'], filter('"for (var a in b) a"')],
    ['a power', filter('2 ** 3 === 8'), ['7:5 es5-syntax'], filter('Math.pow(2, 3) === 8')],
    ['a binary number', filter('event.x === 0b1'), ['7:17 es5-syntax'], filter('event.x === 1')],
    [
      'a comment at the end of a mutator',
      javascript('js', 'return null; // as it is'),
      ['6:22 es5-syntax'],
      `${head('Mutator')}  type: javascript\n  eval: |\n    // as it is\n    return null // really\n`,
    ],
    ['a comma after the last argument', filter('f(1,)'), ['7:9 es5-syntax'], filter('f(1)')],
    ['half an expression', filter('event.check.status =='), ['7:26 es5-syntax'], filter('event.check.status == 1')],
    ['a method of ES2015', filter('event.x.includes("a")'), ['7:13 missing-method'], filter('event.x.indexOf("a") !== -1')],
    ['by brackets', filter('event.x["includes"]("a")'), ['7:13 missing-method'], filter('tierline.find(event)')],
    ['a static method', filter('Object.assign({}, event)'), ['7:12 missing-method'], filter('Object.keys(event)')],
    ['an object', filter('new Set(event.x)'), ['7:9 missing-method'], filter('typeof Set === "function" && new Set(event.x)')],
    ['of a variable', filter('var x = event.x; x.find(f)'), ['7:24 missing-method'], filter('ours.find(event)')],
    ['by call', filter('event.y.includes.call(event.x, 1)'), ['7:13 missing-method'], filter('event.y.indexOf.call(event.x, 1)')],
    ['of a prototype', filter('Array.prototype.find.call(event.x, f)'), ['7:21 missing-method'], filter('event.labels.find.x')],
    ['the values of a list', filter('event.x.values()'), ['7:13 missing-method'], filter('event.check.labels.values')],
    ['Object.hasOwn', filter('Object.hasOwn(event, "x")'), ['7:12 missing-method'], filter('event.hasOwnProperty("x")')],
    ['an open bracket', filter('/(a/.test(event.x)'), ['7:6 re2-regexp'], filter('/\\(a/.test(event.x)')],
    ['two asterisks', filter('/a**/.test(event.x)'), ['7:6 re2-regexp'], filter('/(?i)(?P<n>a*)/.test(event.x)')],
    ['match', filter('event.x.match("a(?=b)")'), ['7:21 re2-regexp'], filter('event.x.replace("a(?=b)", "")')],
    ['lookahead', filter('/a(?=b)/.test(event.x)'), ['7:7 re2-regexp'], filter('/a(?:b)/.test(event.x)')],
    ['lookbehind', filter('/(?<!a)b/.test(event.x)'), ['7:6 re2-regexp'], filter('/b/i.test(event.x)')],
    ['a back-reference', filter('/(a)\\1/.test(event.x)'), ['7:9 re2-regexp'], filter('/(a)\\\\1/.test(event.x)')],
    ['a named group', filter('/(?<n>a)/.test(event.x)'), ['7:6 re2-regexp'], filter('/[(?<n>a)]/.test(event.x)')],
    ['[^]', filter('/a[^]/.test(event.x)'), ['7:7 re2-regexp'], filter('/a[^\\]]/.test(event.x)')],
    ['too many', filter('/a{1001}/.test(event.x)'), ['7:7 re2-regexp'], filter('/a{1000}/.test(event.x)')],
    [
      'RegExp',
      filter('new RegExp("a(?!b)").test(event.x)'),
      ['7:18 re2-regexp'],
      filter('new RegExp("a\\\\(?!b").test(event.x)'),
    ],
    ['an optional group', filter('/a(b)?/.test(event.x)'), ['7:7 idle-group'], filter('/a(?:b)?/.test(event.x)')],
    ['alternatives', filter('/^(a)|b$/.test(event.x)'), ['7:7 idle-group'], filter('/^(a|b)$/.test(event.x)')],
    [
      'a group in RegExp',
      filter('new RegExp("(a){0,2}").test(event.x)'),
      ['7:17 idle-group'],
      filter('RegExp("(a){1,2}").test(event.x)'),
    ],
    [
      'a group in a variable',
      filter('var r = /(a)*/; r.test(event.x)'),
      ['7:14 idle-group'],
      filter('var r = /(a)*/; s.test(r.exec(event.x))'),
    ],
    ['nested metadata', filter('event.check.metadata.labels.a'), ['7:17 metadata-path'], filter('event.check.labels.a')],
    [
      'by a variable',
      filter('var c = event.check; c.metadata.name'),
      ['7:28 metadata-path'],
      filter('var c = event.check; c.name'),
    ],
    ['of a hook', filter('event.check.hooks[0].metadata.name'), ['7:26 metadata-path'], filter('event.check.hooks[0].name')],
    ['by brackets', filter('event["metadata"].labels.a'), ['7:11 metadata-path'], filter('event.labels["metadata"]')],
    [
      'of the entity of an asset',
      `${head('Asset')}  filters:\n  - entity.metadata.name === "a"\n`,
      ['6:12 metadata-path'],
      `${head('Asset')}  filters:\n  - entity.name === "a"\n`,
    ],
    ['a filter as a variable', filter('is_incident && true'), ['7:5 unknown-variable'], filter('event.is_incident')],
    ['a key of the event', filter('event.x && is_resolution'), ['7:16 unknown-variable'], filter('event.is_resolution')],
    ['a check of no event', filter('check.status === 2'), ['7:5 unknown-variable'], filter('check(event)')],
    [
      'an entity of no event',
      filter('entity.name === "a"'),
      ['7:5 unknown-variable'],
      filter('var entity = event.entity; entity.name'),
    ],
    ['nil', filter('event.x != nil'), ['7:16 unknown-variable'], filter('event.x != undefined')],
    ['another action', `${head('EventFilter')}  action: alow\n  expressions: [x]\n`, ['5:11 filter-action'], deny('x')],
    ['no action', `${head('EventFilter')}  expressions: [x]\n`, ['5:3 filter-action'], filter('x')],
    ['several denials', deny('"1"', '"2"'), ['7:3 several-deny'], deny('"1"')],
    [
      'not_silenced before a pager',
      pipeline(workflow(['not_silenced'], 'pagerduty')),
      ['6:64 eats-recoveries'],
      pipeline(workflow(['not_silenced'], 'chat')),
    ],
    [
      'and with another way for recoveries',
      pipeline(workflow(['not_silenced'], 'pagerduty'), workflow(['not_silenced'], 'opsgenie')),
      ['6:64 eats-recoveries', '8:64 eats-recoveries'],
      pipeline(workflow(['not_silenced'], 'pagerduty'), workflow(['is_incident'], 'pagerduty')),
    ],
    [
      'a filter of the older kind',
      handler('  timeout: 5\n  filters: [mine]\n'),
      ['7:13 unguarded-filter'],
      handler('  timeout: 5\n  filters: [is_incident, mine]\n'),
    ],
    [
      'a filter first',
      pipeline(workflow(['has_metrics', 'mine'])),
      ['6:128 unguarded-filter'],
      pipeline(workflow(['has_metrics'])),
    ],
    [
      'is_incident too late',
      pipeline(workflow(['mine', 'is_incident'])),
      ['6:64 unguarded-filter'],
      pipeline(workflow(['is_incident', 'mine'])),
    ],
    [
      'a mutator in JavaScript',
      documents(pipeline(workflow(['not_silenced'], 'chat', 'js')), javascript('js')),
      ['7:59 unguarded-filter'],
      documents(pipeline(workflow(['is_incident'], 'chat', 'js')), javascript('js')),
    ],
    [
      'a filter that is not there',
      documents(pipeline(workflow(['is_incident', 'y'])), filter('event.x')),
      ['6:128 missing-reference'],
      documents(pipeline(workflow(['is_incident', 'x'])), filter('event.x')),
    ],
    [
      'a reference that leaves out what it is',
      `${head('Pipeline')}  workflows:\n  - handler: { name: chat, api_version: core/v2 }\n`,
      ['6:22 missing-reference'],
      pipeline(workflow([])),
    ],
    [
      'a handler, an asset and a hook',
      documents(
        `${head('CheckConfig')}  handlers: [a]\n  runtime_assets: [b]\n  check_hooks:\n  - critical: [c]\n`,
        handler('  timeout: 5\n'),
        `${head('Asset')}  url: x\n`,
        command('HookConfig', 'x'),
      ),
      ['5:14 missing-reference', '6:20 missing-reference', '8:16 missing-reference'],
      `${head('CheckConfig')}  handlers: [a]\n  runtime_assets: [b]\n  check_hooks:\n  - critical: [c]\n`,
    ],
    ['timeout 0', handler('  timeout: 0\n'), ['6:12 no-timeout'], handler('  timeout: 5\n')],
    ['no timeout', handler('  type: pipe\n'), ['5:3 no-timeout'], handler('  type: tcp\n')],
    ['--token', command('Handler', 'page --token $T'), ['6:17 key-in-command'], command('Handler', 'page --tokens-from-env')],
    [
      '--token=',
      command('CheckConfig', 'check --api-token="$T" x'),
      ['6:18 key-in-command'],
      command('CheckConfig', 'check --warning=5 x'),
    ],
    [
      '--pagerduty-key',
      command('Handler', 'page --pagerduty-key $K'),
      ['6:17 key-in-command'],
      command('Handler', 'page --sort-key a'),
    ],
    ['one dash', command('Handler', 'page -token $T'), ['6:17 key-in-command'], command('Handler', 'page -token /run/token')],
    [
      'a variable',
      command('Handler', 'PAGER_TOKEN=abc page'),
      ['6:12 key-in-command'],
      command('Handler', 'PAGER_TOKEN=$T page'),
    ],
    [
      'a header',
      command('Handler', `curl -H "Authorization:Bearer $T" x`),
      ['6:20 key-in-command'],
      command('Handler', 'curl -H "Content-Type:text/plain" x'),
    ],
    [
      'an address',
      command('Handler', 'page https://u:p@x/'),
      ['6:17 key-in-command'],
      command('Handler', 'page https://x:443/@u'),
    ],
    [
      'inside sh -c',
      command('Handler', `sh -c 'page --token $T'`),
      ['6:24 key-in-command'],
      command('Handler', `sh -c 'page --tokens'`),
    ],
    ['-t', command('Handler', 'page -t $T'), ['6:17 key-in-command'], command('CheckConfig', 'check -t warn')],
    ['a bare key', command('HookConfig', `curl x/${KEY}/y`), ['6:17 key-in-command'], command('HookConfig', `curl x/${KEY}6/y`)],
    ['a mutator with 2>&1', command('Mutator', 'jq . 2>&1'), ['6:17 mutator-logs'], command('Mutator', 'jq . 2>/dev/null')],
    ['echo', command('Mutator', 'jq .; echo x'), ['6:18 mutator-logs'], command('Handler', 'jq .; echo x')],
    [
      'echo inside sh -c',
      command('Mutator', `bash -ec 'echo x; cat'`),
      ['6:22 mutator-logs'],
      command('Mutator', `bash -ec 'cat'`),
    ],
    ['>&2', command('Mutator', 'jq . >&2'), ['6:17 mutator-logs'], command('Mutator', 'jq . 2>&-')],
    ['--debug', command('Mutator', 'mutate --debug'), ['6:19 mutator-logs'], command('Mutator', 'mutate --debug=false')],
    ['set -x', command('Mutator', 'set -x; jq .'), ['6:12 mutator-logs'], command('Mutator', 'set -e; jq .')],
    ['console', javascript('js', 'console.log(1); return event;'), ['6:9 mutator-logs'], javascript('js', 'return event;')],
  ])('%s', (_, bad, expected, good) => {
    expect(found(bad)).toEqual(expected)
    expect(found(good)).toEqual([])
  })
})

describe('test/lint/bad holds one bad example of every rule', () => {
  const folder = 'test/lint/bad'
  const files = readdirSync(folder).map((source) => ({ source, text: readFileSync(`${folder}/${source}`, 'utf8') }))
  const { findings } = lint(files)

  it.each(rules.map(({ id }) => id))('%s', (id) => {
    const hits = findings.filter(({ rule }) => rule === id)
    expect(new Set(hits.map(({ source }) => source.replace(/\.\w+$/, '')))).toEqual(new Set([id]))
  })
})

describe('nothing of a key is repeated', () => {
  it.each([`page --token ${KEY}`, `page ${KEY}`, `page --token=${KEY}`, `page -t ${KEY}`])('%s', (text) => {
    const { findings } = lint([{ source: 'x.yaml', text: command('Handler', text) }])
    expect(findings.map(({ rule }) => rule)).toEqual(['key-in-command'])
    expect(JSON.stringify(findings)).not.toContain(KEY.slice(0, 8))
  })
})

describe('JavaScript of an asset', () => {
  it.each([
    ['syntax', 'var a = 1\n  let b = 2\n', ['2:3 es5-syntax']],
    ['methods', 'function f(x) {\n  return x.startsWith("a")\n}', ['2:12 missing-method']],
    ['a method that it brings along', 'Array.prototype.find = function () {}\n[1].find(f)', []],
    ['a variable of that name', 'function f(Map) { return Map.x }', []],
    ['return outside a function', '\nreturn 1', ['2:1 es5-syntax']],
    ['metadata, which a mutator does see', 'function f(event) { return event.check.metadata }', []],
  ])('%s', (_, text, expected) => {
    expect(found(text, 'lib/x.js')).toEqual(expected)
  })
})
