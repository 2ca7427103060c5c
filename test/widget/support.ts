// A widget's client without a browser: the real connection and state over a real socket, on a page that a test moves.
import type { Page } from '../../widget/client/page.ts'
import { type Link, type LinkTimes, openLink } from '../../widget/client/link.ts'
import { createTokenSource, type TokenOptions } from '../../widget/client/token.ts'
import type { Client } from '../../widget/client/client.ts'
import { createClient } from '../../widget/client/create-client.ts'
import type { Message } from '../../shared/model.ts'

export interface TestPage extends Page {
  storage: Storage
  setVisible(visible: boolean): void
  /** The agent comes back to the window. */
  focus(): void
  setOnline(online: boolean): void
  /** Moves what the page takes for the time; timers are real. */
  skip(ms: number): void
  /** How many watch it. */
  listeners(): number
}

/** Its pages hear of each other's changes, and, unlike in a browser, of their own. */
interface SharedStorage extends Storage {
  watchers: Set<(key: string, text: string | null) => void>
}

export function createStorage(): SharedStorage {
  const map = new Map<string, string>()
  const watchers: SharedStorage['watchers'] = new Set()
  const tell = (key: string, text: string | null) => {
    for (const watcher of watchers) queueMicrotask(() => watcher(key, text))
  }
  return {
    watchers,
    get length() {
      return map.size
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem(key, value) {
      map.set(key, value)
      tell(key, value)
    },
    removeItem(key) {
      if (map.delete(key)) tell(key, null)
    },
    clear: () => map.clear(),
  }
}

export function createTestPage(storage = createStorage(), tabs: Page['tabs'] = null): TestPage {
  const listeners = new Set<Parameters<Page['watch']>[0]>()
  let [visible, online, skipped] = [true, true, 0]
  return {
    storage,
    tabs,
    watchStorage(listener) {
      storage.watchers.add(listener)
      return () => storage.watchers.delete(listener)
    },
    visible: () => visible,
    online: () => online,
    now: () => Date.now() + skipped,
    newId: () => crypto.randomUUID(),
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setVisible(next) {
      visible = next
      if (next) for (const listener of listeners) listener('visible')
    },
    focus() {
      for (const listener of listeners) listener('focus')
    },
    setOnline(next) {
      online = next
      for (const listener of listeners) listener(next ? 'online' : 'offline')
    },
    skip(ms) {
      skipped += ms
    },
    listeners: () => listeners.size,
  }
}

/** As in a browser, a hundred times faster. */
export const quickTimes: LinkTimes = { firstRetryMs: 10, maxRetryMs: 100, ackMs: 2000, pollMs: 50, upgradeMs: 60_000, tickMs: 1000 }

export interface TestClient {
  client: Client
  link: Link
  page: TestPage
  heard: Message[]
  errors: unknown[]
  /** How often the host was told that its agent must sign in again. */
  expired(): number
}

export function openTestClient(
  origin: string,
  tokens: TokenOptions,
  { page = createTestPage(), times = quickTimes }: { page?: TestPage; times?: LinkTimes } = {},
): TestClient {
  const heard: Message[] = []
  const errors: unknown[] = []
  let expired = 0
  const opened: { link?: Link } = {}
  const client = createClient({
    origin,
    page,
    onMessage: (message) => heard.push(message),
    open: (onUp) =>
      (opened.link = openLink({
        origin,
        tokens: createTokenSource(tokens),
        page,
        times,
        onUp,
        onExpired: () => {
          expired++
        },
        onError: (error) => errors.push(error),
      })),
  })
  return { client, link: opened.link as Link, page, heard, errors, expired: () => expired }
}

/** Told of everything that this client asks over its socket from now on. */
export function overhear({ link: { socket } }: TestClient, listen: (event: string, body: unknown) => void): void {
  const { ask } = socket
  socket.ask = (event, body, timeoutMs) => {
    listen(event, body)
    return ask(event, body, timeoutMs)
  }
}
