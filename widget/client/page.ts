// The browser as the connection sees it: storage, visibility, network, time. Handed in, so that all else runs anywhere.

/** The name by which tabs of one browser find each other. */
export interface Tabs {
  locks: LockManager
  channel(name: string): BroadcastChannel
}

export interface Page {
  /** Null where the browser has no locks, as on a page without https: each tab is then alone. */
  tabs?: Tabs | null
  /** Null where the browser forbids it; everything then lives as long as the page. */
  storage: Storage | null
  /** Told what another tab of this browser wrote to `storage`; the answer ends it. */
  watchStorage?(listener: (key: string, text: string | null) => void): () => void
  visible(): boolean
  /** False: surely without network. True says little. */
  online(): boolean
  now(): number
  newId(): string
  /** Told of each change, and when the agent comes back to the window; the answer ends it. */
  watch(listener: (event: 'visible' | 'focus' | 'online' | 'offline') => void): () => void
}

function usableStorage(): Storage | null {
  try {
    const probe = 'hilo:probe'
    localStorage.setItem(probe, '1')
    localStorage.removeItem(probe)
    return localStorage
  } catch {
    return null // blocked, or its quota is 0
  }
}

/** A version 4 UUID; `crypto.randomUUID` is missing on http: pages. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Where there is no document: nothing is kept, and the connection finds out by itself when it is gone. */
export function barePage(): Page {
  return { storage: null, visible: () => true, online: () => true, now: () => Date.now(), newId, watch: () => () => {} }
}

export function browserPage(): Page {
  return {
    storage: usableStorage(),
    tabs:
      navigator.locks && 'BroadcastChannel' in window ? { locks: navigator.locks, channel: (name) => new BroadcastChannel(name) } : null,
    watchStorage(listener) {
      const told = ({ key, newValue, storageArea }: StorageEvent) => {
        if (key !== null && storageArea === localStorage) listener(key, newValue)
      }
      addEventListener('storage', told)
      return () => removeEventListener('storage', told)
    },
    visible: () => document.visibilityState === 'visible',
    online: () => navigator.onLine,
    now: () => Date.now(),
    newId,
    watch(listener) {
      const closer = new AbortController()
      const { signal } = closer
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && listener('visible'), { signal })
      addEventListener('focus', () => listener('focus'), { signal })
      addEventListener('online', () => listener('online'), { signal })
      addEventListener('offline', () => listener('offline'), { signal })
      return () => closer.abort()
    },
  }
}
