// `window.Hilo`: one widget per page. Its methods resolve to `{ ok: true }` or `{ ok: false, error }` and never throw.
import type { Unread } from '../../shared/model.ts'
import type { Appearance, Context, HostRecord, Target } from '../client/panel.ts'
import { createChunks } from './chunks.ts'
import { defineElements } from './elements.ts'
import { createEmitter, type EventName, type Handler } from './emitter.ts'
import { createInline } from './inline.ts'
import { chooseLocale } from './labels.ts'
import { createLine } from './line.ts'
import { type Mounted, mountHost } from './mount-host.ts'
import { type InitOptions, tokensOf, whatIsWrong } from './options.ts'
import { createPanelDoor } from './panel-door.ts'
import { createSurfaces } from './surface.ts'
import { withIds } from './with-ids.ts'

export type Result<T extends object = object> = ({ ok: true } & T) | { ok: false; error: { code: string; detail: string } }
export interface Hilo {
  init(options?: InitOptions): Promise<Result>
  /** `opener`: what the agent pressed for it; the panel does not cover it where there is room beside it. */
  open(target?: Target, how?: { opener?: Element | null }): Promise<Result>
  close(): Promise<Result>
  toggle(): Promise<Result>
  setContext(context: Context): Promise<Result>
  unread(ids?: string[]): Promise<Result<Unread>>
  on(event: EventName, handler: Handler): () => void
  /** `forget`: the agent signs out; drafts, unsent messages and notifications of this browser end, too. */
  destroy(options?: { forget?: boolean }): Promise<Result>
  /** As the queue before load: `push(['open', { … }])`. */
  push(...calls: Call[]): void
  /** For a newer loader only: ends this widget and says what was asked of it. */
  handOver(): Call[]
}
export type Call = [string, ...unknown[]]

const refuse = (code: string, detail: string) => ({ ok: false as const, error: { code, detail } })
const notReady = () => refuse('not_ready', 'Call Hilo.init() first.')
const describe = (error: unknown) => ({ code: 'internal', detail: error instanceof Error ? error.message : String(error), cause: error })

export interface HiloParts {
  origin: string
  /** Where the chunks are. */
  base: string
  /** Of the script tag. */
  defaults: InitOptions
  /** Chunks of this build are gone from the server: the loader must come anew. */
  reload(): void
}

export function createHilo({ origin, base, defaults, reload }: HiloParts): Hilo {
  const surfaces = createSurfaces()
  const emitter = createEmitter(() => mounted?.host ?? null)
  const chunks = createChunks(base, reload)
  let options: InitOptions | null = null
  let mounted: Mounted | null = null
  let context: Context = {}

  const locale = () => chooseLocale(options?.locale)
  const fault = (error: unknown) => emitter.emit('error', describe(error))

  async function guard<T extends object>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await work()
    } catch (error) {
      fault(error)
      const { code, detail } = describe(error)
      return refuse(code, detail)
    }
  }

  // -- how it looks

  function mount(): Mounted {
    mounted ??= mountHost(surfaces, {
      onPress: () => void api.toggle(),
      onNear: prefetch,
      onHostButton: (target, opener) => void api.open(target, { opener }),
      onGone: () => navigator.onLine && reload(),
      onOut: () =>
        emitter.emit('error', { code: 'conflict', detail: 'Something in the page takes <hilo-chat> out of it again and again.' }),
    })
    return mounted
  }

  const chosen = () => {
    const { theme = 'auto', position = 'right', hideButton = false } = options ?? {}
    return { theme, position, hideButton }
  }
  const appearance = async (): Promise<Appearance> => ({
    ...chosen(),
    recordWord: options?.recordWord ?? null,
    makeRoom: options?.makeRoom ?? false,
    locale: locale(),
    words: await chunks.words(locale()),
  })

  function dress(): void {
    const { offset, zIndex } = options ?? {}
    surfaces.set({ ...chosen(), lang: locale() })
    const style = mounted?.host.style
    if (style && offset !== undefined) style.setProperty('--hilo-offset', typeof offset === 'number' ? `${offset}px` : offset)
    if (style && zIndex !== undefined) style.setProperty('--hilo-z', String(zIndex))
    draw()
  }

  function draw(): void {
    const unread = line.snapshot()?.unread
    mounted?.button.show({
      locale: locale(),
      hidden: chosen().hideButton || !line.shows(),
      open: door.isOpen(),
      offline: line.offline(),
      unread: unread?.total ?? 0,
      waiting: unread?.awaitingReply ?? 0,
    })
  }

  // -- its parts

  const record: HostRecord = {
    open: (coordinationId) => emitter.emit('openrecord', { coordinationId }),
    isHeard: () => emitter.hears('openrecord'),
  }
  const inline = createInline({ chunks, appearance, context: () => context, record, fault })
  const line = createLine({
    origin,
    chunks,
    emitter,
    fault,
    options: () => options,
    attention: ({ titleBadge = false, worker = null }) => ({
      titleBadge,
      worker,
      locale,
      open: (conversationId) => void api.open({ conversationId }),
    }),
    onOpen(connection) {
      inline.fill(connection)
      if (options?.remember)
        connection.remember(door.standing, ({ place, frame }) => {
          if (frame) door.setFrame(frame)
          if (!place || door.isOpen()) return
          mount().place()
          void door.open(place.target, { place }).catch(fault)
        })
    },
    onChange: draw,
  })
  const door = createPanelDoor({
    chunks,
    emitter,
    mount,
    appearance,
    record,
    onDock: (dock) => emitter.emit('dock', dock),
    fault,
    connect: line.connect,
    onClose: () => void api.close(),
    onChange: draw,
  })
  defineElements({ surfaces, locale, watchBadge: inline.watchBadge, showThread: inline.showThread })

  function disconnect(): void {
    door.unmount()
    inline.empty()
    line.end()
  }

  function prefetch(): void {
    if (options) void Promise.all([chunks.panel(), chunks.words(locale())]).catch(() => {})
  }

  function whenIdle(work: () => void): void {
    const signal = mount().end.signal
    const go = () => signal.aborted || work()
    if ('requestIdleCallback' in window) requestIdleCallback(go, { timeout: 2000 })
    else setTimeout(go, 200)
  }

  // -- the host's calls

  async function init(given: InitOptions = {}): Promise<Result> {
    const before = options
    const next = { ...defaults, ...before, ...given }
    const wrong = whatIsWrong(next)
    if (wrong !== null) return refuse('validation_failed', wrong)
    options = next
    mount()
    dress()
    if (before === null) {
      whenIdle(() => void line.connect().catch(fault))
      return { ok: true }
    }
    const newTokens = (['token', 'getToken', 'tokenUrl'] as const).some((name) => given[name] !== undefined && given[name] !== before[name])
    const connecting = line.opening()
    if (newTokens && connecting && !(await (await connecting).useTokens(tokensOf(given)))) {
      door.close()
      disconnect()
      draw()
      await line.connect()
    }
    if (door.isMade() || inline.hasThreads()) {
      const look = await appearance()
      door.setOptions(look)
      inline.setOptions(look)
    }
    return { ok: true }
  }

  function destroy(): void {
    options = null
    context = {}
    door.lock()
    disconnect()
    mounted?.end.abort()
    mounted?.surface.remove()
    mounted?.host.remove()
    mounted = null
    emitter.clear()
  }

  const api: Hilo = {
    init: (given) => guard(() => init(given)),
    open: (target = {}, { opener = null } = {}) =>
      guard(async () => {
        if (!options) return notReady()
        mount().place()
        const found = await door.open(withIds(target), { opener })
        if (found === 'shown') return { ok: true }
        return found === 'closed' ? refuse('conflict', 'Closed meanwhile.') : refuse('internal', describe(found.fault).detail)
      }),
    close: () =>
      guard(async () => {
        door.close()
        return { ok: true }
      }),
    toggle: () => (door.isOpen() ? api.close() : api.open()),
    setContext: (next = {}) =>
      guard(async () => {
        context = withIds(next)
        door.setContext(context)
        inline.setContext(context)
        return { ok: true }
      }),
    unread: (ids) => guard(async () => (options ? await (await line.connect()).unread(ids?.map(String)) : notReady())),
    on: (event, handler) => emitter.on(event, handler),
    destroy: ({ forget = false } = {}) =>
      guard(async () => {
        const left = forget && options ? (await line.connect()).client : null
        destroy()
        // Not before: what is still open keeps its draft as it ends.
        await left?.forget()
        return { ok: true }
      }),
    handOver() {
      const asked: Call[] = emitter.handlers().map(([name, handler]) => ['on', name, handler])
      if (options) asked.push(['init', options], ['setContext', context])
      const target = door.target()
      if (target) asked.push(['open', target])
      destroy()
      return asked
    },
    push(...calls) {
      for (const [name, ...rest] of calls) {
        const method = (api as unknown as Record<string, unknown>)[name]
        if (typeof method === 'function' && name !== 'push' && name !== 'handOver') method(...rest)
        else emitter.emit('error', { code: 'validation_failed', detail: `Hilo has no method "${name}".` })
      }
    },
  }
  return api
}
