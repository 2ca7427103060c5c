// Small texts kept in the browser under one agent's name. Another agent on the same browser never sees them.
import type { Page } from './page.ts'

export interface Stored {
  /** Whose they are: organization and agent. Until then nothing touches the browser. Once. */
  bind(scope: string): void
  read(key: string): string | null
  /** Null removes it. Where the browser keeps nothing, it lives as long as the page. */
  write(key: string, text: string | null): void
  /** Told when another tab of this browser changed it; the answer ends it. */
  watch(key: string, listener: (text: string) => void): () => void
  /** Told of the rest of each key that begins with this and that another tab of this browser wrote (null: removed). */
  watchAll(prefix: string, listener: (rest: string, text: string | null) => void): () => void
  /** Removes everything of ours, and keeps nothing more: what still ends may want to write once again. */
  clear(): void
  /** Keys of ours that begin with this. */
  keys(prefix: string): string[]
}

export function openStored(page: Page, origin: string): Stored {
  let begin: string | null = null
  let over = false
  /** Values that the browser does not keep. */
  const memory = new Map<string, string>()

  function keep(key: string, text: string | null): void {
    if (text === null) memory.delete(key)
    else memory.set(key, text)
    const { storage } = page
    if (begin === null || !storage) return
    try {
      if (text === null) storage.removeItem(begin + key)
      else storage.setItem(begin + key, text)
      memory.delete(key)
    } catch {
      // The quota is full; `memory` holds it.
    }
  }

  /** The values that this browser keeps of all agents but one. */
  function forget(except: string | null): void {
    const { storage } = page
    if (!storage) return
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    for (const key of keys) if (key.startsWith(`hilo:${origin}:`) && (except === null || !key.startsWith(except))) storage.removeItem(key)
  }

  return {
    bind(scope) {
      if (begin !== null || over) return
      begin = `hilo:${origin}:${scope}:`
      forget(begin)
      for (const [key, text] of [...memory]) keep(key, text)
    },
    read: (key) => memory.get(key) ?? (begin === null ? null : (page.storage?.getItem(begin + key) ?? null)),
    write: keep,
    clear() {
      over = true
      begin = null
      memory.clear()
      forget(null)
    },
    watch: (key, listener) =>
      page.watchStorage?.((changed, text) => {
        if (begin === null || changed !== begin + key) return
        // This tab's memory is older now.
        memory.delete(key)
        listener(text ?? '')
      }) ?? (() => {}),
    watchAll: (prefix, listener) =>
      page.watchStorage?.((changed, text) => {
        const whole = begin + prefix
        if (begin === null || !changed.startsWith(whole)) return
        // What this tab remembers is older now.
        memory.delete(changed.slice(begin.length))
        listener(changed.slice(whole.length), text)
      }) ?? (() => {}),
    keys(prefix) {
      const found = new Set(memory.keys())
      const { storage } = page
      if (begin !== null && storage)
        for (let index = 0; index < storage.length; index++) {
          const key = storage.key(index)
          if (key?.startsWith(begin)) found.add(key.slice(begin.length))
        }
      return [...found].filter((key) => key.startsWith(prefix))
    },
  }
}
