/**
 * Bundles the executables to dist/bin and what they load only when they need it to dist/libexec.
 * CommonJS, though the sources are ES modules: on Node 24 an ES module that imports node:http pays for undici
 * and http2 as well. Every `import()` in the sources becomes a file of its own, so that a start parses nothing
 * that it does not run.
 */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { buildFilters } from './build-filters.ts'

const EXECUTABLES = {
  tierline: 'cli/tierline.ts',
  'tierline-pagerduty': 'handlers/pagerduty.ts',
  'tierline-graphite': 'handlers/graphite.ts',
  'tierline-classify': 'mutators/classify.ts',
}

const { version } = JSON.parse(await readFile('package.json', 'utf8'))

const chunks = new Map<string, string>()

/** Turns `import('./x.ts')` into a load of dist/libexec/<folder>-x.cjs and remembers to build that file. */
const lazyChunks: Plugin = {
  name: 'lazy-chunks',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, (args) => {
      if (args.kind !== 'dynamic-import') return null
      const source = resolve(args.resolveDir, args.path)
      const name = `${basename(dirname(source))}-${basename(source, '.ts')}.cjs`
      chunks.set(name, source)
      return { path: `../libexec/${name}`, external: true }
    })
  },
}

/**
 * axios can send forms and use fetch; Tierline posts JSON through node:http. Leaving those parts out saves a
 * start from parsing 140 kB of media types.
 */
const leanAxios: Plugin = {
  name: 'lean-axios',
  setup(builder) {
    builder.onLoad({ filter: /axios\/lib\/adapters\/(xhr|fetch)\.js$/ }, () => ({
      contents: 'export default null; export const getFetch = () => null',
    }))
    builder.onLoad({ filter: /node_modules\/form-data\/lib\/form_data\.js$/ }, () => ({
      contents: 'module.exports = class FormData {}',
    }))
  },
}

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  // Node prints the line of an uncaught error, which should not be the whole program.
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
  define: { TIERLINE_VERSION: JSON.stringify(version), 'import.meta.url': '__import_meta_url' },
  plugins: [lazyChunks, leanAxios],
  external: ['supports-color'],
}

const META_URL = 'const __import_meta_url = require("node:url").pathToFileURL(__filename).href;'

async function bundle(source: string, outfile: string, banner: string): Promise<void> {
  await build({ ...common, entryPoints: [source], outfile, banner: { js: banner } })
}

await rm('dist', { recursive: true, force: true })
await mkdir('dist/bin', { recursive: true })
// The repository's package.json says "module"; these files are not.
await writeFile('dist/package.json', '{ "type": "commonjs" }\n')

const launcher = (await readFile('scripts/launcher.cjs', 'utf8')).replace(/^\/\*[\s\S]*?\*\/\n/, '').trim()
for (const [name, source] of Object.entries(EXECUTABLES)) {
  const outfile = join('dist/bin', name)
  // Only yargs asks where it stands, and the answer costs a start the module node:url.
  const url = name === 'tierline' ? META_URL : ''
  await bundle(source, outfile, `#!/usr/bin/env node\n${launcher}\n${url}`)
  await chmod(outfile, 0o755)
}
const built = new Set<string>()
for (;;) {
  const next = [...chunks].find(([name]) => !built.has(name))
  if (next === undefined) break
  built.add(next[0])
  await bundle(next[1], join('dist/libexec', next[0]), META_URL)
}
await buildFilters()
