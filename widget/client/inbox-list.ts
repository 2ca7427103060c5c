// The inbox under one filter: pages from the server, kept in order here as conversations change.
import { batch, signal } from '@preact/signals-core'
import type { OwnConversation } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'
import type { Link } from './link.ts'
import { belongs, compareConversations } from './belongs.ts'
import type { InboxList } from './client.ts'
import type { Records } from './records.ts'

const PAGE = 50
const SEARCH_AGAIN_MS = 1000

export interface OwnInboxList extends InboxList {
  /** Whether anybody looked at it yet; before that nothing is asked. */
  started(): boolean
  close(): void
}

export function createInboxList(link: Pick<Link, 'call'>, records: Records, agentId: () => string | null): OwnInboxList {
  const items = signal<OwnConversation[]>([])
  const state = signal<'loading' | 'ready' | 'error'>('loading')
  const hasMore = signal(false)
  const filter = signal<ConversationQuery>({ status: 'open' })
  let cursor: string | null = null
  /** Answers to an earlier filter or reload are dropped. */
  let turn = 0
  let started = false
  let more: Promise<void> | null = null
  let searchAgain: ReturnType<typeof setTimeout> | undefined

  function put(list: OwnConversation[], one: OwnConversation, before: OwnConversation | undefined): void {
    const { sort } = filter.peek()
    let [low, high] = [0, list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const other = list[middle]
      if (other && compareConversations(other, one, sort) <= 0) low = middle + 1
      else high = middle
    }
    // Below the last loaded one there may be others that are not loaded: it comes with their page.
    const sank = before === undefined || compareConversations(before, one, sort) < 0
    if (low === list.length && list.length > 0 && hasMore.peek() && sank) return
    list.splice(low, 0, one)
  }

  const unwatch = records.watch((id, now) => {
    if (!started) return
    const index = items.peek().findIndex((one) => one.id === id)
    const fits = now ? belongs(now, filter.peek(), agentId()) : false
    if (fits === null && index < 0) {
      searchAgain ??= setTimeout(() => {
        searchAgain = undefined
        void load(false)
      }, SEARCH_AGAIN_MS)
      return
    }
    if (fits === false && index < 0) return
    const next = items.peek().slice()
    const [before] = index < 0 ? [] : next.splice(index, 1)
    if (now && fits !== false) put(next, now, before)
    items.value = next
  })

  async function load(afresh: boolean): Promise<void> {
    started = true
    const mine = ++turn
    more = null
    if (afresh)
      batch(() => {
        items.value = []
        hasMore.value = false
        state.value = 'loading'
      })
    else if (state.peek() === 'error') state.value = 'loading'
    const asked = filter.peek()
    const answer = await link.call('conversations:list', { ...asked, limit: PAGE })
    if (mine !== turn) return
    if (!answer.ok) {
      if (items.peek().length === 0) state.value = 'error'
      return
    }
    batch(() => {
      for (const one of answer.items) records.apply(one)
      cursor = answer.nextCursor
      hasMore.value = cursor !== null
      items.value = current(answer.items)
      state.value = 'ready'
    })
  }

  /** The rows from the server, as they are known by now, without what no longer fits, in order. */
  function current(answered: OwnConversation[]): OwnConversation[] {
    const seen = new Map<string, OwnConversation>()
    for (const { id } of answered) {
      const one = records.get(id)
      if (one && belongs(one, filter.peek(), agentId()) !== false) seen.set(id, one)
    }
    const { sort } = filter.peek()
    return [...seen.values()].sort((a, b) => compareConversations(a, b, sort))
  }

  async function loadNext(): Promise<void> {
    const mine = turn
    const answer = await link.call('conversations:list', { ...filter.peek(), limit: PAGE, ...(cursor === null ? {} : { cursor }) })
    if (mine !== turn || !answer.ok) return
    batch(() => {
      for (const one of answer.items) records.apply(one)
      cursor = answer.nextCursor
      hasMore.value = cursor !== null
      items.value = current([...items.peek(), ...answer.items])
    })
  }

  return {
    items,
    state,
    hasMore,
    filter,
    started: () => started,
    setFilter(next) {
      if (JSON.stringify(next) === JSON.stringify(filter.peek())) return
      filter.value = next
      void load(true)
    },
    async loadMore() {
      if (!hasMore.peek()) return
      more ??= loadNext()
      const mine = more
      await mine
      if (more === mine) more = null
    },
    reload: () => load(false),
    close() {
      turn++
      unwatch()
      clearTimeout(searchAgain)
    },
  }
}
