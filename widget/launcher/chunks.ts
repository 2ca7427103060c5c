// The way to the other chunks. Their addresses stand beside the script's own.
import type * as ConnectionChunk from '../client/entry.ts'
import type { Words } from '../locales/words.ts'
import type { Locale, PanelModule, ThreadModule } from '../client/panel.ts'
import { secondAddress } from './second-address.ts'

/** Put in by the build. */
declare const __CONNECTION_CHUNK__: string

export interface Chunks {
  connection(): Promise<typeof ConnectionChunk>
  panel(): Promise<PanelModule>
  thread(): Promise<ThreadModule>
  words(locale: Locale): Promise<Words>
}

const ask = (address: string) => import(/* @vite-ignore */ address) as Promise<typeof ConnectionChunk>

/**
 * `onGone`: a chunk could not be loaded though the network is there, as after a deploy; or one that others import, so that all of
 * them must come anew.
 */
export function createChunks(base: string, onGone: () => void): Chunks {
  let connection: Promise<typeof ConnectionChunk> | null = null
  let panel: Promise<PanelModule> | null = null
  let thread: Promise<ThreadModule> | null = null
  const words = new Map<Locale, Promise<Words>>()

  /** Kept when it came; a failure is asked for again next time. */
  function once<T>(kept: Promise<T> | null, load: () => Promise<T>, keep: (next: Promise<T> | null) => void): Promise<T> {
    if (kept) return kept
    const loading = load().catch((error: unknown) => {
      keep(null)
      if (navigator.onLine) onGone()
      throw error
    })
    keep(loading)
    return loading
  }

  const loadConnection = () =>
    once(
      connection,
      () => ask(new URL(__CONNECTION_CHUNK__, base).href).catch(() => ask(secondAddress(__CONNECTION_CHUNK__, base))),
      (next) => {
        connection = next
      },
    )
  return {
    connection: loadConnection,
    panel: () =>
      once(
        panel,
        async () => await (await loadConnection()).loadPanel(),
        (next) => {
          panel = next
        },
      ),
    thread: () =>
      once(
        thread,
        async () => await (await loadConnection()).loadThread(),
        (next) => {
          thread = next
        },
      ),
    words: (locale) =>
      once(
        words.get(locale) ?? null,
        async () => await (await loadConnection()).loadWords(locale),
        (next) => {
          if (next) words.set(locale, next)
          else words.delete(locale)
        },
      ),
  }
}
