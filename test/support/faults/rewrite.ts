// Changes what a store answers, wherever in the answer it stands.
import type { Message } from '../../../shared/model.ts'
import type { ConversationState } from '../../../server/store/records.ts'
import type { Store } from '../../../server/store/store.ts'

export interface Rewriting {
  message?: (message: Message) => Message
  conversation?: <T extends ConversationState>(conversation: T) => T
}

function rewritten(value: unknown, how: Rewriting): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, how))
  if (typeof value !== 'object' || value === null || value instanceof Set) return value
  if ('clientMessageId' in value && 'rev' in value) return how.message ? how.message(value as Message) : value
  if ('lineId' in value && 'inboundCount' in value) return how.conversation ? how.conversation(value as ConversationState) : value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rewritten(part, how)]))
}

/** Every call of `store`, its answer changed. */
export function rewriting(store: Store, how: Rewriting): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => rewritten(await method.apply(target, args), how)
    },
  })
}

/** Runs `task` and says whether another one with this key was under way when it began. */
export function createCrowd() {
  const underway = new Map<string, number>()
  return async <T>(key: string, task: (crowded: boolean) => Promise<T>): Promise<T> => {
    const before = underway.get(key) ?? 0
    underway.set(key, before + 1)
    try {
      return await task(before > 0)
    } finally {
      underway.set(key, (underway.get(key) ?? 1) - 1)
    }
  }
}
