// For the build: a part whose import failed is asked for once more, at an address of its own. Browsers before autumn 2026
// keep a failed import for as long as the page is open, so that "Try again" would never fetch anything.
import type { Plugin } from 'vite'

/** Chunks that others import by name stay as they are: under a second address they would be a second copy, with its own state. */
export function importAgain(): Plugin {
  return {
    name: 'hilo-import-again',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
      const shared = new Set(chunks.flatMap((chunk) => chunk.imports))
      for (const chunk of chunks)
        chunk.code = chunk.code.replace(/\bimport\((["'`])\.\/([^"'`]+)\1\)/g, (whole, _quote, file: string) =>
          shared.has(file) ? whole : `${whole}.catch(()=>import("./${file}?"+Date.now()))`,
        )
    },
  }
}
