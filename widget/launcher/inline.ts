// The badges and threads in the host's own pages. They outlive a connection: the next one fills them again.
import type { Connection, ShowBadge } from '../client/entry.ts'
import type { Appearance, Context, HostRecord, Target, ThreadHandle } from '../client/panel.ts'
import type { Chunks } from './chunks.ts'
import type { Hub } from './elements.ts'

interface Badge {
  id: string
  show: ShowBadge
  off: (() => void) | null
}
interface Thread {
  root: HTMLElement
  target: Target
  handle: ThreadHandle | null
}

export interface Inline extends Pick<Hub, 'watchBadge' | 'showThread'> {
  /** Fills what is there with what this connection knows. */
  fill(connection: Connection): void
  empty(): void
  hasThreads(): boolean
  setOptions(look: Appearance): void
  setContext(context: Context): void
}

export interface InlineParts {
  chunks: Chunks
  appearance(): Promise<Appearance>
  context(): Context
  record: HostRecord
  fault(error: unknown): void
}

export function createInline({ chunks, appearance, context, record, fault }: InlineParts): Inline {
  const badges = new Set<Badge>()
  const threads = new Set<Thread>()
  let connection: Connection | null = null

  async function mount(thread: Thread): Promise<void> {
    const mine = connection
    if (!mine) return
    try {
      const [module, look] = await Promise.all([chunks.thread(), appearance()])
      if (!threads.has(thread) || thread.handle || connection !== mine) return
      thread.handle = module.mountThread(thread.root, mine.client, {
        ...look,
        target: thread.target,
        context: context(),
        record,
        onError: fault,
      })
    } catch (error) {
      fault(error)
    }
  }

  return {
    watchBadge(id, show) {
      const badge = { id, show, off: connection?.watchBadge(id, show) ?? null }
      badges.add(badge)
      return () => {
        badges.delete(badge)
        badge.off?.()
      }
    },
    showThread(root, target) {
      const thread: Thread = { root, target, handle: null }
      threads.add(thread)
      void mount(thread)
      return () => {
        threads.delete(thread)
        thread.handle?.destroy()
      }
    },
    fill(next) {
      connection = next
      for (const badge of badges) badge.off = next.watchBadge(badge.id, badge.show)
      for (const thread of threads) void mount(thread)
    },
    empty() {
      connection = null
      for (const thread of threads) {
        thread.handle?.destroy()
        thread.handle = null
      }
      for (const badge of badges) {
        badge.off?.()
        badge.off = null
        badge.show(0, null, 0)
      }
    },
    hasThreads: () => threads.size > 0,
    setOptions(look) {
      for (const { handle } of threads) handle?.setOptions(look)
    },
    setContext(next) {
      for (const { handle } of threads) handle?.setContext(next)
    },
  }
}
