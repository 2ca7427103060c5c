// Builds the console into dist/console: a page and hashed files that it names by relative addresses. Those of the builds before stay for a
// while, so that a page that is open over a deploy still finds its own.
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const root = dirname(fileURLToPath(import.meta.url))
const outDir = process.env.HILO_CONSOLE_DIR ?? join(root, '..', 'dist', 'console')
const KEPT_MS = 14 * 24 * 60 * 60_000

/** Adds a gzipped twin of each file; removes what is of no build for long. */
function finish(): Plugin {
  return {
    name: 'hilo-console-finish',
    async writeBundle(_options, bundle) {
      for (const file of Object.keys(bundle)) {
        const path = join(outDir, file)
        await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }))
      }
      const assets = join(outDir, 'assets')
      for (const file of await readdir(assets)) {
        if (`assets/${file.replace(/\.gz$/, '')}` in bundle) continue
        const { mtimeMs } = await stat(join(assets, file))
        if (mtimeMs < Date.now() - KEPT_MS) await rm(join(assets, file))
      }
    },
  }
}

export default defineConfig({
  root,
  base: './',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    outDir,
    emptyOutDir: false,
    reportCompressedSize: false,
    // No data: addresses, which the policy of our own pages does not know for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [finish()],
})
