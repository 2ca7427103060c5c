// Events to the host: handlers given to `on()`, and DOM events `hilo:<name>` on our element.

export type EventName = 'ready' | 'unread' | 'open' | 'close' | 'message' | 'action' | 'error' | 'tokenexpired'
export type Handler = (detail: unknown) => void

export interface Emitter {
  on(name: EventName, handler: Handler): () => void
  emit(name: EventName, detail?: unknown): void
  /** What `on` was given, to be handed to a newer loader. */
  handlers(): [EventName, Handler][]
  clear(): void
}

export function createEmitter(element: () => HTMLElement | null): Emitter {
  const all = new Set<[EventName, Handler]>()
  return {
    on(name, handler) {
      const entry: [EventName, Handler] = [name, handler]
      all.add(entry)
      return () => {
        all.delete(entry)
      }
    },
    emit(name, detail = null) {
      for (const [wanted, handler] of [...all]) {
        if (wanted !== name) continue
        try {
          handler(detail)
        } catch (error) {
          // The host's own fault: to where its other uncaught errors go.
          reportError(error)
        }
      }
      element()?.dispatchEvent(new CustomEvent(`hilo:${name}`, { detail, bubbles: true }))
    },
    handlers: () => [...all],
    clear: () => all.clear(),
  }
}
