// The panel stays where it was over a page change and a reload: kept for this tab and this agent, read once, where the host asks for it.
import { effect } from '@preact/signals-core'
import type { Client } from '../client/client.ts'
import type { Standing } from '../client/panel.ts'

const KEY = 'hilo:place'

interface Kept extends Standing {
  agent: string
}

/** Storage that is full or forbidden keeps nothing, and nobody hears of it. */
function exchange(next: Kept | null): Kept | null {
  try {
    const before = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next))
    else sessionStorage.removeItem(KEY)
    return before
  } catch {
    return null
  }
}

/** The answer ends it, and forgets. */
export function rememberPlace(client: Client, where: () => Standing, restore: (before: Standing) => void): () => void {
  const closer = new AbortController()
  const before = exchange(null)
  const agentId = () => client.ready.peek()?.agent.id
  if (before)
    effect(() => {
      const agent = client.ready.value?.agent.id
      if (agent === undefined) return
      if (agent === before.agent && !closer.signal.aborted) queueMicrotask(() => restore(before))
      before.agent = ''
    })
  function keep(): void {
    const [agent, now] = [agentId(), where()]
    exchange(agent !== undefined && (now.place ?? now.frame) ? { agent, ...now } : null)
  }
  const { signal } = closer
  addEventListener('pagehide', keep, { signal })
  // A page of a phone may be ended while it is hidden, without a word.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep(), { signal })
  return () => {
    closer.abort()
    exchange(null)
  }
}
