// The custom elements for the host's own pages: `<hilo-badge coordination>` (or `phone`) and `<hilo-thread coordination>`. A page can
// define them only once, so they ask their hub for everything, and a newer loader gives them another one.
import type { ShowBadge } from '../client/entry.ts'
import type { Locale, Target } from '../client/panel.ts'
import { showBadge } from './badge.ts'
import { keepPlace } from './keep-place.ts'
import { badgeCss, threadCss } from './launcher-css.ts'
import type { Surface, Surfaces } from './surface.ts'

export interface Hub {
  surfaces: Surfaces
  locale(): Locale
  /** Shows what the badge says now and whenever it changes, also over another `init`; the answer ends it. */
  watchBadge(coordinationId: string, show: ShowBadge): () => void
  /** Puts a thread into `root` as soon as there is a connection; the answer takes it out. */
  showThread(root: HTMLElement, target: Target): () => void
}

type Show = (hub: Hub, element: HTMLElement, surface: Surface) => (() => void) | null

const threadAttributes = ['coordination', 'conversation', 'phone', 'name', 'channel']

const showThread: Show = (hub, element, { element: into }) => {
  // A page that unsets everything, with more weight than ours, takes its box away too.
  if (getComputedStyle(element).display === 'inline')
    for (const [name, value] of [
      ['display', 'block'],
      ['height', '560px'],
    ] as const)
      element.style.setProperty(name, value, 'important')
  const root = document.createElement('div')
  root.className = 'root'
  into.replaceChildren(root)
  const [coordinationId, conversationId, phone, name, channel] = threadAttributes.map((attribute) => element.getAttribute(attribute))
  if (!coordinationId && !conversationId && !phone) return null
  return hub.showThread(root, {
    ...(coordinationId ? { coordinationId } : {}),
    ...(conversationId ? { conversationId } : {}),
    ...(phone ? { phone } : {}),
    ...(name ? { name } : {}),
    ...(channel === 'sms' || channel === 'whatsapp' ? { channel } : {}),
  })
}

/** The page's two definitions share this, also with a newer loader: it is kept on the constructors. */
interface Shared {
  hub: Hub
  living: Set<{ refresh(): void }>
}
type Definition = CustomElementConstructor & { shared: Shared }

/** `keep`: what of its place a move must not lose; null: nothing, and a copy shows the same by itself. */
function define(
  name: string,
  shared: Shared,
  attributes: string[],
  sheet: string,
  css: string,
  show: Show,
  keep: typeof keepPlace | null,
): void {
  const mounted = new Set<HiloElement>()

  class HiloElement extends HTMLElement {
    static observedAttributes = attributes
    static shared = shared
    #surface: Surface | null = null
    #end: (() => void) | null = null
    #back = () => {}
    #planned = false

    /** One that was taken out in this task shows the same: this one, moved, or the one in whose place this copy of it came. */
    connectedCallback(): void {
      shared.living.add(this)
      const same = (one: HiloElement) => attributes.every((each) => one.getAttribute(each) === this.getAttribute(each))
      const before = this.#surface ? this : keep && [...mounted].find((one) => !one.isConnected && same(one))
      if (before) this.#take(before)
      else this.refresh()
    }

    #take(other: HiloElement): void {
      if (other !== this) {
        this.#end = other.#end
        this.#back = other.#back
        this.#surface = other.#surface
        other.#surface = other.#end = null
        other.#clear()
        mounted.add(this)
        this.#surface?.moveTo(this)
      }
      this.#back()
    }

    refresh(): void {
      this.#clear()
      this.#surface = shared.hub.surfaces.create(this, sheet, css)
      if (keep) this.#back = keep(this.#surface.element)
      mounted.add(this)
      this.#end = show(shared.hub, this, this.#surface)
    }

    #clear(): void {
      mounted.delete(this)
      this.#end?.()
      this.#end = null
      this.#surface?.remove()
      this.#surface = null
    }

    /** Several attributes change in one breath: shown anew once. */
    attributeChangedCallback(): void {
      if (!this.#surface || this.#planned) return
      this.#planned = true
      queueMicrotask(() => {
        this.#planned = false
        if (this.#surface) this.refresh()
      })
    }

    disconnectedCallback(): void {
      setTimeout(() => {
        if (this.isConnected) return
        shared.living.delete(this)
        this.#clear()
      })
    }
  }
  customElements.define(name, HiloElement)
}

/** Both elements, wired to this widget; those on the page already too. */
export function defineElements(hub: Hub): void {
  const known = customElements.get('hilo-badge') as Definition | undefined
  if (known) {
    known.shared.hub = hub
    for (const element of known.shared.living) element.refresh()
    return
  }
  const shared: Shared = { hub, living: new Set() }
  const show: Show = (to, element, surface) => {
    const phone = element.getAttribute('phone')
    return showBadge(to, element.getAttribute('coordination') || (phone && `phone:${phone}`), surface.element)
  }
  define('hilo-badge', shared, ['coordination', 'phone'], 'badge', badgeCss, show, null)
  define('hilo-thread', shared, threadAttributes, 'thread', threadCss, showThread, keepPlace)
}
