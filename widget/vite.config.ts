// Builds the widget into dist/widget: `widget.js`, a classic script under a fixed name, and hashed chunks that it imports.
// Files of the previous build stay, so that pages loaded before a deploy still find their chunks.
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { minify } from 'terser'
import { build, defineConfig, type Plugin } from 'vite'
import { importAgain } from './import-again.ts'
import { webSocketsAlone } from './websockets-alone.ts'

// Also when a test runs the build: a page never gets the libraries' development side.
process.env.NODE_ENV = 'production'
const widget = dirname(fileURLToPath(import.meta.url))
const outDir = process.env.HILO_WIDGET_DIR ?? join(widget, '..', 'dist', 'widget')
const target = 'es2022'
/** A page that is left open goes on working over this many deploys. */
const KEPT_BUILDS = 3
/** Chunks of their own, each fetched when it is first needed. */
const onDemand =
  /locales\/(es|en|pt)\.ts|failure-texts|shared\/(concerns|cut-text|media-policy|split-media|templates|segments|plan-b|languages|known-values)|client\/(http-calls|tabs|headless|make-conversation|templates|upload)|thread-chunk|mount-thread|panel\/\w+\/|widget\/attention\/|widget\/remember\/|shared\/quiet/

interface Built {
  bytes: number
  gzip: number
  hash: string
}
interface Manifest {
  /** The chunk that `widget.js` imports first. */
  connection: string
  files: Record<string, Built>
  /** Of the builds before, the last one first: kept for pages that loaded them. */
  previous: string[][]
}

async function readManifest(): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(outDir, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    return null // the first build here
  }
}

/** The files that no newer build has, build by build. The same build again adds none. */
function olderThan(files: Manifest['files'], before: Manifest): string[][] {
  const same = Object.keys(before.files).join() === Object.keys(files).join()
  const older = before.previous.filter((one) => Array.isArray(one))
  const known = new Set(Object.keys(files))
  return (same ? older : [Object.keys(before.files), ...older]).slice(0, KEPT_BUILDS).map((build) => {
    const own = build.filter((file) => !known.has(file))
    for (const file of own) known.add(file)
    return own
  })
}

/** Terser after the bundler's own minifier: 2 % smaller. */
function minifyFurther(): Plugin {
  return {
    name: 'hilo-minify-further',
    async renderChunk(code, { name }, { format }) {
      // Functions that stand first make the connection smaller, and the others larger.
      const compress = { passes: 3, unsafe_arrows: true, hoist_funs: name === 'connection' }
      const small = await minify(code, { module: format === 'es', ecma: 2022, compress })
      return { code: small.code ?? code, map: null }
    },
  }
}

/** Built apart, under fixed names: neither a script tag without type="module" nor importScripts() takes an import or export. */
async function buildScript(entry: string, file: string, define: Record<string, string>): Promise<string> {
  const result = await build({
    configFile: false,
    root: widget,
    logLevel: 'warn',
    define,
    plugins: [minifyFurther()],
    build: {
      target,
      write: false,
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(widget, entry),
        output: { format: 'iife', entryFileNames: file, codeSplitting: false },
      },
    },
  })
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
  const [chunk] = outputs.filter((one) => one.type === 'chunk')
  if (!chunk || outputs.length !== 1) throw new Error(`${file} must be one file; it became several.`)
  return chunk.code
}

/** Adds the loader, a gzipped twin of each file and the manifest; removes what is older than the builds that are kept. */
function finish(): Plugin {
  return {
    name: 'hilo-widget-finish',
    async writeBundle(_options, bundle) {
      const connection = Object.values(bundle).find((one) => one.type === 'chunk' && one.name === 'connection')?.fileName
      if (connection === undefined) throw new Error('No connection chunk was built.')
      const scripts = {
        'widget.js': await buildScript('launcher/entry.ts', 'widget.js', { __CONNECTION_CHUNK__: JSON.stringify(connection) }),
        'push-worker.js': await buildScript('attention/push-worker.ts', 'push-worker.js', {}),
      }
      for (const [file, code] of Object.entries(scripts)) await writeFile(join(outDir, file), code)

      const before = await readManifest()
      const files: Manifest['files'] = {}
      for (const file of [...Object.keys(bundle), ...Object.keys(scripts)].sort()) {
        const content = await readFile(join(outDir, file))
        const zipped = gzipSync(content, { level: 9 })
        await writeFile(join(outDir, `${file}.gz`), zipped)
        const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16)
        files[file] = { bytes: content.length, gzip: zipped.length, hash }
      }
      const previous = before ? olderThan(files, before) : []
      const manifest: Manifest = { connection, files, previous }
      await writeFile(join(outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)

      const kept = new Set([...Object.keys(files), ...previous.flat()].flatMap((file) => [file, `${file}.gz`]).concat('manifest.json'))
      for (const file of await readdir(outDir)) if (!kept.has(file)) await rm(join(outDir, file), { recursive: true })
    },
  }
}

export default defineConfig({
  root: widget,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target,
    outDir,
    emptyOutDir: false,
    // The panel's sheets keep light-dark(): its substitute works only where color-scheme stands in the same sheet.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: false,
    reportCompressedSize: false,
    // A library has no preload shim around its imports: it would put <link> elements into the host page.
    lib: { entry: { connection: join(widget, 'client/entry.ts'), headless: join(widget, 'client/headless.ts') }, formats: ['es'] },
    rolldownOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: {
        minify: true,
        entryFileNames: ({ name }) => (name === 'headless' ? 'headless.js' : '[name]-[hash].js'),
        chunkFileNames: ({ facadeModuleId }) => (facadeModuleId?.includes('/panel-chunk.ts') ? 'panel-[hash].js' : '[name]-[hash].js'),
        codeSplitting: {
          groups: [
            // The panel takes its signals from the connection chunk, which is there already: no fifth request.
            {
              name: 'connection',
              test: (id) => /signals-core|(socket|engine)\.io|component-emitter|widget\/client\//.test(id) && !onDemand.test(id),
            },
            // One chunk for all that the first open needs; its rare forms take the rest from it.
            { name: 'panel', test: (id) => !onDemand.test(id) },
          ],
        },
      },
    },
  },
  plugins: [minifyFurther(), importAgain(), webSocketsAlone(), finish()],
})
