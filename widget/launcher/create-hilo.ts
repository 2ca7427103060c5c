// `window.Hilo`: one widget per page. Its methods resolve to `{ ok: true }` or `{ ok: false, error }` and never throw.
import type { Connection, Snapshot } from '../connection/entry.ts'
import type { Unread } from '../../shared/model.ts'
import type { Context, PanelHandle, Target, ThreadHandle } from '../state/panel.ts'
import { type Chunks, createChunks } from './chunks.ts'
import { defineElements } from './elements.ts'
import { createEmitter, type EventName, type Handler } from './emitter.ts'
import { chooseLocale } from './labels.ts'
import { type Mounted, mountHost } from './mount-host.ts'
import { type InitOptions, tokensOf, whatIsWrong } from './options.ts'
import { createSurfaces } from './surface.ts'

/** A broken line shorter than this is nobody's business. */
const OFFLINE_AFTER_MS = 2000

export type Result<T extends object = object> = ({ ok: true } & T) | { ok: false; error: { code: string; detail: string } }
export interface Hilo {
  init(options?: InitOptions): Promise<Result>
  open(target?: Target): Promise<Result>
  close(): Promise<Result>
  toggle(): Promise<Result>
  setContext(context: Context): Promise<Result>
  unread(ids?: string[]): Promise<Result<Unread>>
  on(event: EventName, handler: Handler): () => void
  destroy(): Promise<Result>
  /** As the queue before load: `push(['open', { … }])`. */
  push(...calls: Call[]): void
  /** For a newer loader only: ends this widget and says what was asked of it. */
  handOver(): Call[]
}
export type Call = [string, ...unknown[]]

const refuse = (code: string, detail: string) => ({ ok: false as const, error: { code, detail } })
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
  const chunks: Chunks = createChunks(base, reload)
  const badges = new Set<{ id: string; show(unread: number): void; off: (() => void) | null }>()
  const threads = new Set<{ root: HTMLElement; target: Target; handle: ThreadHandle | null }>()

  let options: InitOptions | null = null
  let mounted: Mounted | null = null
  let connection: Connection | null = null
  let connecting: Promise<Connection> | null = null
  let panel: PanelHandle | null = null
  let snapshot: Snapshot | null = null
  let context: Context = {}
  /** The page is about something that was not opened yet. */
  let contextIsNew = false
  let open = false
  /** What is being opened while its chunks load. */
  let opening: Target | null = null
  /** Rises with each open, close and destroy: a chunk that comes late opens nothing. */
  let turn = 0
  let focusBack: HTMLElement | null = null
  let offline = false
  let offlineSoon: ReturnType<typeof setTimeout> | undefined
  let wasReady = false
  let told = ''

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

  function handOver(): Call[] {
    const asked: Call[] = emitter.handlers().map(([name, handler]) => ['on', name, handler])
    if (options) asked.push(['init', options], ['setContext', context])
    if (open || opening) asked.push(['open', opening ?? {}])
    void destroy()
    return asked
  }

  // -- what is on the page

  function mount(): Mounted {
    mounted ??= mountHost(surfaces, { onPress: () => void api.toggle(), onNear: prefetch, onHostButton: (target) => void api.open(target) })
    return mounted
  }

  function dress(): void {
    const { theme = 'auto', position = 'right', offset, zIndex, hideButton = false } = options ?? {}
    surfaces.set({ theme, position, lang: locale(), hideButton })
    const style = mounted?.host.style
    if (style && offset !== undefined) style.setProperty('--hilo-offset', typeof offset === 'number' ? `${offset}px` : offset)
    if (style && zIndex !== undefined) style.setProperty('--hilo-z', String(zIndex))
    draw()
  }

  function draw(): void {
    mounted?.button.show({
      locale: locale(),
      hidden: options?.hideButton === true || !(wasReady || offline),
      open,
      offline,
      unread: snapshot?.unread.total ?? 0,
      waiting: snapshot?.unread.awaitingReply ?? 0,
    })
  }

  async function appearance() {
    const { theme = 'auto', position = 'right', hideButton = false } = options ?? {}
    return { locale: locale(), words: await chunks.words(locale()), theme, position, hideButton }
  }

  // -- the connection

  function whenIdle(work: () => void): void {
    const signal = mount().end.signal
    const go = () => signal.aborted || work()
    if ('requestIdleCallback' in window) requestIdleCallback(go, { timeout: 2000 })
    else setTimeout(go, 200)
  }

  function connect(): Promise<Connection> {
    connecting ??= startConnection().catch((error: unknown) => {
      connecting = null
      throw error
    })
    return connecting
  }

  async function startConnection(): Promise<Connection> {
    const { connect: openConnection } = await chunks.connection()
    if (!options) throw new Error('Hilo was destroyed while it loaded.')
    const made = openConnection({
      origin,
      tokens: tokensOf(options),
      onState: show,
      attention: {
        titleBadge: options.titleBadge ?? false,
        worker: options.worker ?? null,
        locale,
        open: (conversationId) => void openPanel({ conversationId }),
      },
      onExpired: () => emitter.emit('tokenexpired'),
      onError: fault,
      onMessage(message, conversation) {
        const { id, conversationId, coordinationId, channel, type, text, button } = message
        const detail = { id, conversationId, coordinationId, channel, type, text, contact: conversation?.contact ?? null }
        emitter.emit('message', detail)
        if (type === 'button') emitter.emit('action', { ...detail, button })
      },
    })
    connection = made
    for (const badge of badges) badge.off = made.watchBadge(badge.id, badge.show)
    for (const thread of threads) void mountThread(thread)
    return made
  }

  function endConnection(): void {
    clearTimeout(offlineSoon)
    offlineSoon = undefined
    panel?.destroy()
    panel = null
    for (const thread of threads) {
      thread.handle?.destroy()
      thread.handle = null
    }
    for (const badge of badges) {
      badge.off?.()
      badge.off = null
      badge.show(0)
    }
    connection?.close()
    connection = null
    connecting = null
    snapshot = null
    wasReady = false
    offline = false
    told = ''
  }

  function show(next: Snapshot): void {
    const before = snapshot
    snapshot = next
    const up = next.link === 'online' || next.link === 'slow'
    if (up || next.link === 'refused') {
      clearTimeout(offlineSoon)
      offlineSoon = undefined
      offline = next.link === 'refused' && wasReady
    } else
      offlineSoon ??= setTimeout(() => {
        offline = true
        draw()
      }, OFFLINE_AFTER_MS)
    if (next.ready && !wasReady) {
      wasReady = true
      emitter.emit('ready', { agent: next.ready.agent, org: next.ready.org })
    }
    if (next.link === 'refused' && before?.link !== 'refused') emitter.emit('error', next.problem)
    const { version, total, conversations, awaitingReply } = next.unread
    const numbers = `${total},${conversations},${awaitingReply}`
    if (version >= 0 && numbers !== told) {
      told = numbers
      emitter.emit('unread', { total, conversations, awaitingReply })
    }
    draw()
  }

  // -- panel and threads

  function prefetch(): void {
    if (options) void Promise.all([chunks.panel(), chunks.words(locale())]).catch(() => {})
  }

  async function openPanel(target: Target): Promise<Result> {
    if (!options) return refuse('not_ready', 'Call Hilo.init() first.')
    const mine = ++turn
    if (!open) focusBack = document.activeElement instanceof HTMLElement ? document.activeElement : null
    const explicit = Object.keys(target).length > 0
    const { variables: _variables, ...page } = context
    const wanted = explicit || !contextIsNew ? target : page
    contextIsNew = false
    opening = wanted
    const [module, look, { client }] = await Promise.all([chunks.panel(), appearance(), connect()])
    if (mine !== turn || !options) return refuse('conflict', 'Closed meanwhile.')
    panel ??= module.mountPanel(mount().root, client, { ...look, context, onClose: () => void api.close(), onError: fault })
    open = true
    opening = null
    draw()
    panel.open(wanted)
    emitter.emit('open', wanted)
    return { ok: true }
  }

  async function closePanel(): Promise<Result> {
    turn++
    opening = null
    if (!open) return { ok: true }
    open = false
    const inside = mounted !== null && document.activeElement === mounted.host
    panel?.close()
    draw()
    // Only a focus that was ours is given back; one that the agent took elsewhere stays there.
    if (inside) (focusBack?.isConnected && focusBack !== mounted?.host ? focusBack : mounted?.button.element)?.focus()
    focusBack = null
    emitter.emit('close')
    return { ok: true }
  }

  async function mountThread(thread: { root: HTMLElement; target: Target; handle: ThreadHandle | null }): Promise<void> {
    try {
      const [module, look, { client }] = await Promise.all([chunks.thread(), appearance(), connect()])
      if (!threads.has(thread) || thread.handle || !connection) return
      thread.handle = module.mountThread(thread.root, client, { ...look, target: thread.target, context, onError: fault })
    } catch (error) {
      fault(error)
    }
  }

  defineElements({
    surfaces,
    locale,
    watchBadge(id, show) {
      const badge = { id, show, off: connection?.watchBadge(id, show) ?? null }
      badges.add(badge)
      return () => {
        badges.delete(badge)
        badge.off?.()
      }
    },
    showThread(root, target) {
      const thread = { root, target, handle: null as ThreadHandle | null }
      threads.add(thread)
      if (connection) void mountThread(thread)
      return () => {
        threads.delete(thread)
        thread.handle?.destroy()
      }
    },
  })

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
      whenIdle(() => void connect().catch(fault))
      return { ok: true }
    }
    const newTokens = (['token', 'getToken', 'tokenUrl'] as const).some((name) => given[name] !== undefined && given[name] !== before[name])
    if (newTokens && connecting) {
      const goesOn = await (await connecting).useTokens(tokensOf(given))
      if (!goesOn) {
        await closePanel()
        endConnection()
        draw()
        await connect()
      }
    }
    const look = await (panel || threads.size > 0 ? appearance() : null)
    if (look) {
      panel?.setOptions(look)
      for (const { handle } of threads) handle?.setOptions(look)
    }
    return { ok: true }
  }

  async function setContext(next: Context): Promise<Result> {
    contextIsNew = JSON.stringify(next) !== JSON.stringify(context) && (next.coordinationId !== undefined || next.phone !== undefined)
    context = next
    panel?.setContext(context)
    for (const { handle } of threads) handle?.setContext(context)
    return { ok: true }
  }

  async function destroy(): Promise<Result> {
    turn++
    options = null
    open = false
    opening = null
    endConnection()
    mounted?.end.abort()
    mounted?.surface.remove()
    mounted?.host.remove()
    mounted = null
    context = {}
    contextIsNew = false
    emitter.clear()
    return { ok: true }
  }

  const api: Hilo = {
    init: (given) => guard(() => init(given)),
    open: (target = {}) => guard(() => openPanel(target)),
    close: () => guard(closePanel),
    toggle: () => (open ? api.close() : api.open()),
    setContext: (next) => guard(() => setContext(next ?? {})),
    unread: (ids) =>
      guard(async () => {
        if (!options) return refuse('not_ready', 'Call Hilo.init() first.')
        return await (await connect()).unread(ids)
      }),
    on: (event, handler) => emitter.on(event, handler),
    destroy: () => guard(destroy),
    handOver,
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
