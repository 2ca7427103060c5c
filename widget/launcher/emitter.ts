// Events to the host: handlers given to `on()`, and DOM events `hilo:<name>` on our element.

export type EventName = 'ready' | 'unread' | 'open' | 'close' | 'dock' | 'message' | 'action' | 'openrecord' | 'error' | 'tokenexpired'
export type Handler = (detail: unknown) => void

export interface Emitter {
  on(name: EventName, handler: Handler): () => void
  /** Whether somebody took it upon himself: a handler of `on`, or one in the page by `preventDefault()`. */
  emit(name: EventName, detail?: unknown): boolean
  hears(name: EventName): boolean
  /** The listeners, to be handed to a newer loader. */
  handlers(): [EventName, Handler][]
  clear(): void
}

export function createEmitter(element: () => HTMLElement | null): Emitter {
  const all = new Set<[EventName, Handler]>()
  const hears = (name: EventName) => [...all].some(([wanted]) => wanted === name)
  return {
    hears,
    on(name, handler) {
      const entry: [EventName, Handler] = [name, handler]
      all.add(entry)
      return () => {
        all.delete(entry)
      }
    },
    emit(name, detail = null) {
      const isHeard = hears(name)
      for (const [wanted, handler] of [...all]) {
        if (wanted !== name) continue
        try {
          handler(detail)
        } catch (error) {
          // The host's own fault: to where its other uncaught errors go.
          reportError(error)
        }
      }
      const event = new CustomEvent(`hilo:${name}`, { detail, bubbles: true, cancelable: true })
      element()?.dispatchEvent(event)
      return isHeard || event.defaultPrevented
    },
    handlers: () => [...all],
    clear: () => all.clear(),
  }
}
