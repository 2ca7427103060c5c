// The custom elements for the host's own pages: `<hilo-badge coordination>` and `<hilo-thread coordination>`.
import type { Locale, Target } from '../state/panel.ts'
import { labels } from './labels.ts'
import { badgeCss, threadCss } from './launcher-css.ts'
import type { Surface, Surfaces } from './surface.ts'

export interface Hub {
  surfaces: Surfaces
  locale(): Locale
  /** Shows the number now and whenever it changes, also over another `init`; the answer ends it. */
  watchBadge(coordinationId: string, show: (unread: number) => void): () => void
  /** Puts a thread into `root` as soon as there is a connection; the answer takes it out. */
  showThread(root: HTMLElement, target: Target): () => void
}

export function defineElements(hub: Hub): void {
  class HiloBadge extends HTMLElement {
    static observedAttributes = ['coordination']
    #surface: Surface | null = null
    #end: (() => void) | null = null

    connectedCallback(): void {
      this.#surface = hub.surfaces.create(this, 'badge', badgeCss)
      const mark = document.createElement('span')
      mark.className = 'badge'
      mark.setAttribute('part', 'badge')
      mark.setAttribute('role', 'img')
      this.#surface.element.append(mark)
      this.#watch(mark)
    }

    #watch(mark: HTMLElement): void {
      this.#end?.()
      const id = this.getAttribute('coordination')
      const show = (unread: number) => {
        mark.textContent = unread > 99 ? '99+' : String(unread)
        mark.dataset['n'] = String(unread)
        mark.setAttribute('aria-label', labels[hub.locale()].unread(unread))
      }
      show(0)
      this.#end = id ? hub.watchBadge(id, show) : null
    }

    attributeChangedCallback(): void {
      const mark = this.#surface?.element.firstElementChild
      if (mark instanceof HTMLElement) this.#watch(mark)
    }

    disconnectedCallback(): void {
      this.#end?.()
      this.#end = null
      this.#surface?.remove()
      this.#surface = null
    }
  }

  class HiloThread extends HTMLElement {
    static observedAttributes = ['coordination', 'conversation', 'phone', 'name', 'channel']
    #surface: Surface | null = null
    #end: (() => void) | null = null
    #planned = false

    connectedCallback(): void {
      this.#surface = hub.surfaces.create(this, 'thread', threadCss)
      this.#show()
    }

    #show(): void {
      this.#end?.()
      this.#end = null
      const surface = this.#surface
      if (!surface) return
      const root = document.createElement('div')
      root.className = 'root'
      surface.element.replaceChildren(root)
      const [coordinationId, conversationId, phone, name, channel] = HiloThread.observedAttributes.map((attribute) => this.getAttribute(attribute))
      if (!coordinationId && !conversationId && !phone) return
      this.#end = hub.showThread(root, {
        ...(coordinationId ? { coordinationId } : {}),
        ...(conversationId ? { conversationId } : {}),
        ...(phone ? { phone } : {}),
        ...(name ? { name } : {}),
        ...(channel === 'sms' || channel === 'whatsapp' ? { channel } : {}),
      })
    }

    /** Several attributes change in one breath: one new thread. */
    attributeChangedCallback(): void {
      if (!this.#surface || this.#planned) return
      this.#planned = true
      queueMicrotask(() => {
        this.#planned = false
        this.#show()
      })
    }

    disconnectedCallback(): void {
      this.#end?.()
      this.#end = null
      this.#surface?.remove()
      this.#surface = null
    }
  }

  if (!customElements.get('hilo-badge')) customElements.define('hilo-badge', HiloBadge)
  if (!customElements.get('hilo-thread')) customElements.define('hilo-thread', HiloThread)
}
