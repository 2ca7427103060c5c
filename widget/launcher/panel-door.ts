// Opening and closing the panel: what it opens on, chunks that come late, and where the focus goes back to.
import type { Connection } from '../client/entry.ts'
import type { Appearance, Context, Dock, Frame, HostRecord, PanelHandle, Place, Standing, Target } from '../client/panel.ts'
import type { Chunks } from './chunks.ts'
import type { Emitter } from './emitter.ts'
import type { Mounted } from './mount-host.ts'

/** What an agent presses to open it, where the page does not say so. */
const PRESSED = 'button, a, [role=button]'

export interface PanelDoor {
  isOpen(): boolean
  /** The target that is shown or on its way; null: closed. */
  target(): Target | null
  /** `closed`: it was, while its chunks came. `fault`: threw while it was drawn; reported, and the panel says so. */
  open(target: Target, how?: { place?: Place; opener?: Element | null }): Promise<'shown' | 'closed' | { fault: unknown }>
  close(): void
  standing(): Standing
  setFrame(frame: Frame): void
  /** There is a panel, shown or not, that takes options. */
  isMade(): boolean
  setOptions(look: Appearance): void
  setContext(context: Context): void
  /** The panel goes with the connection that it shows. */
  unmount(): void
  /** Nothing that still comes opens it. */
  lock(): void
}

export interface PanelDoorParts {
  chunks: Chunks
  emitter: Emitter
  mount(): Mounted
  appearance(): Promise<Appearance>
  connect(): Promise<Connection>
  record: HostRecord
  onDock(dock: Dock | null): void
  fault(error: unknown): void
  onClose(): void
  onChange(): void
}

export function createPanelDoor({
  chunks,
  emitter,
  mount,
  appearance,
  connect,
  record,
  onDock,
  fault,
  onClose,
  onChange,
}: PanelDoorParts): PanelDoor {
  let panel: PanelHandle | null = null
  let context: Context = {}
  /** The page is about something that was not opened yet. */
  let contextIsNew = false
  let isOpen = false
  let opening: Target | null = null
  let shown: Target = {}
  /** Rises with each open, close and destroy: a chunk that comes late opens nothing. */
  let turn = 0
  let focusBack: HTMLElement | null = null
  /** Of a panel that is not there yet. */
  let frame: Frame | null = null

  return {
    isOpen: () => isOpen,
    target: () => opening ?? (isOpen ? shown : null),
    isMade: () => panel !== null,
    standing: () => ({ place: isOpen ? (panel?.place() ?? null) : null, frame: frame ?? panel?.frame() ?? null }),
    setFrame(next) {
      if (panel) void panel.setFrame(next)
      else frame = next
    },
    async open(target, { place, opener } = {}) {
      const mine = ++turn
      const now = document.activeElement
      if (now !== mount().host) focusBack = now instanceof HTMLElement ? now : null
      const explicit = place !== undefined || Object.keys(target).length > 0
      const { variables: _variables, ...page } = context
      const wanted = explicit || !contextIsNew ? target : page
      contextIsNew = false
      opening = wanted
      const [module, look, { client }] = await Promise.all([chunks.panel(), appearance(), connect()])
      if (mine !== turn) return 'closed'
      const { root, layer } = mount()
      panel ??= module.mountPanel(root, client, { ...look, context, record, onClose, onError: fault, raise: layer.raise, onDock })
      if (frame) {
        // Before it is shown: it comes as wide as it was, and does not grow.
        await panel.setFrame(frame)
        frame = null
        if (mine !== turn) return 'closed'
      }
      isOpen = true
      opening = null
      shown = wanted
      onChange()
      const pressed = opener ?? (focusBack?.matches(PRESSED) ? focusBack : null)
      const drawn = panel.open(wanted, place, pressed)
      emitter.emit('open', wanted)
      const threw = await drawn
      return threw === undefined ? 'shown' : { fault: threw }
    },
    close() {
      turn++
      opening = null
      if (!isOpen) return
      isOpen = false
      const { host, button } = mount()
      const inside = document.activeElement === host
      panel?.close()
      onChange()
      // Only a focus that was ours is given back; one that the agent took elsewhere stays there.
      if (inside) (focusBack?.isConnected && focusBack !== host ? focusBack : button.element).focus()
      focusBack = null
      emitter.emit('close')
    },
    setOptions: (look) => panel?.setOptions(look),
    setContext(next) {
      contextIsNew = JSON.stringify(next) !== JSON.stringify(context) && (next.coordinationId !== undefined || next.phone !== undefined)
      context = next
      panel?.setContext(next)
    },
    unmount() {
      panel?.destroy()
      panel = null
    },
    lock() {
      turn++
      isOpen = false
      opening = null
      focusBack = null
      context = {}
      contextIsNew = false
    },
  }
}
