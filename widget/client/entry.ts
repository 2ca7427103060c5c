// The connection chunk: loaded when the page is idle. The launcher sees this file's exports and no signal.
import { effect } from '@preact/signals-core'
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { ReadyEvent } from '../../shared/events.ts'
import type { Client, LinkState } from './client.ts'
import { createClient } from './create-client.ts'
import type { PanelModule, Standing, ThreadModule } from './panel.ts'
import { type Caller, type CallOptions, createCaller } from './call-attention.ts'
import { type Link, openLink } from './link.ts'
import { browserPage } from './page.ts'
import { identityOf } from './share-socket.ts'
import { createTokenSource, type TokenOptions } from './token.ts'

/** The state as the launcher shows it. */
export interface Snapshot {
  link: LinkState
  problem: { code: string; detail: string } | null
  ready: ReadyEvent | null
  unread: Unread
}

/** `since`: when a client began to wait for an answer, ms; null: nobody does. `unfiled`: messages that wait without a record. */
export type ShowBadge = (unread: number, since: number | null, unfiled: number) => void

export interface ConnectOptions {
  origin: string
  tokens: TokenOptions
  onState(snapshot: Snapshot): void
  onMessage(message: Message, conversation: OwnConversation | undefined): void
  onExpired(): void
  onError(error: unknown): void
  attention: CallOptions
}

export interface Connection {
  client: Client
  /** Another token of the same agent goes on; of another one: false, connect anew. */
  useTokens(tokens: TokenOptions): Promise<boolean>
  /** Unread numbers as the server counts them now. */
  unread(ids?: string[]): ReturnType<typeof countUnread>
  /** Calls back whenever what a record's badge says changes; the answer ends it. */
  watchBadge(coordinationId: string, show: ShowBadge): () => void
  /** Keeps where the panel stands over page changes, and opens it there again. */
  remember(where: () => Standing, restore: (before: Standing) => void): void
  close(): void
}

function countUnread(link: Link, ids: string[] | undefined) {
  const query = ids && ids.length > 0 ? `?${new URLSearchParams({ coordinations: ids.join(',') })}` : ''
  return link.http<Unread>('GET', `/api/unread${query}`)
}

export function connect(options: ConnectOptions): Connection {
  const { origin, onState, onMessage, onExpired, onError, attention } = options
  const page = browserPage()
  const tokens = createTokenSource(options.tokens)
  let link: Link | undefined
  let caller: Caller | undefined
  const client = createClient({
    origin,
    page,
    worker: attention.worker,
    onMessage(message, conversation) {
      onMessage(message, conversation)
      caller?.message(message, conversation)
    },
    open(onUp) {
      link = openLink({ origin, tokens, page, onUp, onExpired, onError })
      return link
    },
  })
  const opened = link as Link | undefined
  if (!opened) throw new Error('The connection was not opened.')
  caller = createCaller(client, origin, attention)
  const ends = [
    caller.close,
    effect(() =>
      onState({ link: client.link.value, problem: client.problem.value, ready: client.ready.value, unread: client.unread.value }),
    ),
  ]

  let isClosed = false

  return {
    client,
    async useTokens(next) {
      const before = tokens.claims()
      const source = createTokenSource(next)
      // A page that gives none yet is asked again by the next connection, and says so there.
      const after = await source.ask().then(source.claims, () => null)
      // Another agent, or the same one with another scope: nothing of what this one held may stay.
      if (!after || (before && identityOf(origin, before) !== identityOf(origin, after))) return false
      opened.reconnect(next)
      return true
    },
    unread: (ids) => countUnread(opened, ids),
    watchBadge(coordinationId, show) {
      const badge = client.badge(coordinationId)
      const awaiting = client.awaiting(coordinationId)
      const unfiled = client.unfiled(coordinationId)
      return effect(() => {
        const since = awaiting.value
        show(badge.value, since === null ? null : Date.parse(since) + client.clockSkewMs.value, unfiled.value.count)
      })
    },
    remember(where, restore) {
      void import('../remember/remember.ts').then(
        ({ rememberPlace }) => isClosed || ends.push(rememberPlace(client, where, restore)),
        () => {}, // without the network: the next page asks again
      )
    },
    close() {
      isClosed = true
      for (const end of ends.splice(0)) end()
      client.close()
    },
  }
}

export const loadPanel = (): Promise<PanelModule> => import('../panel-chunk.ts')
export const loadThread = (): Promise<ThreadModule> => import('../thread-chunk.ts')

export { loadWords } from './load-words.ts'
