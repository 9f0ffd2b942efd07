/**
 * Builds dist/filters/lib/tierline.js for otto, Sensu's ES5 engine. esbuild cannot write ES5 and its helpers need
 * Symbol, so it only joins the files, as an ES module whose export is then dropped, and SWC lowers what is left.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { transform } from '@swc/core'
import { build } from 'esbuild'

export const FILTER_FILE = 'dist/filters/lib/tierline.js'

export async function buildFilters(): Promise<void> {
  const { annotations, noise, groups, pagerduty } = JSON.parse(await readFile('schemas/policy.defaults.json', 'utf8'))
  const defaults = {
    allow: annotations.allow,
    load_checks: noise.load_checks,
    group_labels: groups.labels,
    status_map: pagerduty.status_map,
    alert_after: noise.alert_after,
  }
  const rest = (await bundled('filters/rest.ts', 'api')).replace(/TIERLINE_FILTER_DEFAULTS/g, JSON.stringify(defaults))
  const front = await bundled('filters/tierline.ts', 'tierline')
  // Sensu copies every object of the VM for every evaluation. So nothing is made until an expression says `tierline`:
  // one getter is all there is before, and it gives way to what it made.
  const source = `Object.defineProperty(this, 'tierline', { configurable: true, enumerable: true, get: function () {
    function TIERLINE_REST() { ${rest}; return api }
    ${front}
    Object.defineProperty(this, 'tierline', { value: tierline, configurable: true, enumerable: true, writable: true })
    return tierline
  } })`
  const { code } = await transform(source, {
    isModule: false,
    env: { targets: { ie: '9' }, exclude: ['transform-typeof-symbol'] },
    jsc: {
      assumptions: { noDocumentAll: true, ignoreFunctionLength: true, ignoreToPrimitiveHint: true, pureGetters: true },
      minify: {
        compress: { passes: 4, hoist_vars: true, pure_getters: true, keep_fargs: false, unsafe_undefined: true },
        mangle: true,
      },
    },
    minify: true,
  })
  // A `for (… of …)` or a spread in a shared file would fail in otto, and only when it is reached.
  if (/\bSymbol\b/.test(code)) throw new Error('something in the filters was lowered to code that needs Symbol')
  if (!code.startsWith('Object.defineProperty(this')) throw new Error('SWC needed a helper, which would be a global')
  await mkdir('dist/filters/lib', { recursive: true })
  await writeFile(FILTER_FILE, `${code}\n`)
}

/** One file and what it imports, as statements that leave a variable of that name. */
async function bundled(entry: string, name: string): Promise<string> {
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    charset: 'ascii',
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  const module = built.outputFiles[0]?.text ?? ''
  const body = module.replace(new RegExp(`export \\{\\s*${name}\\s*\\};\\s*$`), '')
  if (body === module || /^(import|export) /m.test(body)) throw new Error(`${entry} is not one module that exports ${name}`)
  return body
}
