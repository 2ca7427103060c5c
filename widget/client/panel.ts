// Between launcher and panel: what `widget/panel/` mounts and what it is handed. The launcher makes the shadow
// root, its `.hilo` element (theme, direction, tokens, resets) and loads the words; the panel fills one element in it.
import type { Words } from '../locales/words.ts'
import type { Client } from './client.ts'

export type Locale = 'es' | 'en' | 'pt'
export type Theme = 'light' | 'dark' | 'auto'

/** The target to show. With none of conversationId, coordinationId and phone: the inbox, as it was left. */
export interface Target {
  conversationId?: string
  coordinationId?: string
  /** The record's title until the host saves it. */
  title?: string
  phone?: string
  name?: string
  channel?: 'whatsapp' | 'sms'
  /** Put into the composer when that conversation has no draft of its own. */
  draft?: string
  /** Opens the template form with it; values not given come from the context. */
  template?: string | { name: string; variables?: Record<string, string> }
}

/** The subject of the host's page; `variables` fill template forms. */
export interface Context {
  coordinationId?: string
  phone?: string
  name?: string
  variables?: Record<string, string>
}

/** Options that may change at run time: the handles take it again by `setOptions`. */
export interface Appearance {
  locale: Locale
  words: Words
  theme: Theme
  /** The side on which the launcher sits. */
  position: 'left' | 'right'
  /** The launcher is not shown: the panel stands at the offset itself. */
  hideButton: boolean
  /** The host's word for a record; null: as the language's words say. */
  recordWord: RecordWord | null
  /** The host's page gives way to a docked panel by itself: a padding of its root. */
  makeRoom: boolean
}

/** `turno`, `turnos`. */
export interface RecordWord {
  one: string
  many: string
}

/** The host's own page of a record. */
export interface HostRecord {
  /** Asks the host to show it: the event `openrecord`. True: it took that upon itself. */
  open(coordinationId: string): boolean
  /** Somebody listens by `on('openrecord')`. */
  isHeard(): boolean
}

/** How the agent has the panel. */
export interface Frame {
  /** Pixels; null: as the page's styles say. */
  width: number | null
  /** At the side of the window, over its whole height. */
  isDocked: boolean
}

/** Where a docked panel stands. */
export interface Dock {
  side: 'left' | 'right'
  /** Pixels. */
  width: number
}

export interface PanelOptions extends Appearance {
  context: Context
  /** The user closed it (Escape, its button). The launcher then calls `close()` and takes the focus back. */
  onClose(): void
  /** A defect: goes to the host's `error` event. */
  onError(error: unknown): void
  record: HostRecord
  /** Puts our element before the whole page, or back to where the host has it. */
  raise(wanted: boolean): void
  /** It docked, changed its width there, or is docked no more: null. */
  onDock(dock: Dock | null): void
}

/** Where an open panel stands, to be opened there again. */
export interface Place {
  target: Target
  filter: string
  /** Of the list, in pixels. */
  listTop: number
  /** Of the transcript, in pixels above its end. */
  fromEnd: number
  /** A round that is under way: whom it has passed, and where it stands. */
  round?: { current: string; passed: Readonly<Record<string, string>>; left: number }
}

/** What outlives a page. */
export interface Standing {
  /** Null: it is closed. */
  place: Place | null
  frame: Frame | null
}

export interface PanelHandle {
  place(): Place
  /**
   * Shows it and moves the focus in; again with another target while open: goes there. Resolves when it is drawn, or still
   * loads after two seconds, with what threw meanwhile, which `onError` was told too; undefined: nothing.
   * With a place: as it was there, and without taking the focus. `opener` is not covered where there is room beside it.
   */
  open(target: Target, place?: Place | null, opener?: Element | null): Promise<unknown>
  close(): void
  setOptions(options: Partial<Appearance>): void
  setContext(context: Context): void
  /** Null: nobody changed it. */
  frame(): Frame | null
  /** Resolves when it is shown so, or cannot be. */
  setFrame(frame: Frame): Promise<void>
  /** Leaves no node, listener or timer; the stylesheets it adopted go with the shadow root. */
  destroy(): void
}

export interface ThreadOptions extends Appearance {
  target: Target
  context: Context
  record: HostRecord
  onError(error: unknown): void
}

export interface ThreadHandle {
  setTarget(target: Target): void
  setOptions(options: Partial<Appearance>): void
  setContext(context: Context): void
  destroy(): void
}

/**
 * The panel chunk. `root` is an empty element inside `.hilo` (`data-theme`, `data-position`, `data-hide-button`) inside an
 * open shadow root that has the tokens (`launcher/tokens.ts`, `panel-tokens.ts`) and `launcher/base.ts` adopted; the panel adds its own to
 * `root.getRootNode()`'s `adoptedStyleSheets`. Positioning (fixed, above the launcher, full screen on a phone) is the panel's.
 */
export interface PanelModule {
  mountPanel(root: HTMLElement, client: Client, options: PanelOptions): PanelHandle
}

/** The same for a thread in the page's flow; a chunk of its own on top of the panel's. */
export interface ThreadModule {
  /** One thread with its composer, filling `root`, in the page's flow. */
  mountThread(root: HTMLElement, client: Client, options: ThreadOptions): ThreadHandle
}
