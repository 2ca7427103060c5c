// When the agent is to be called: with a client's message, with unread numbers in the title, with a click on a notification.
// Sound and notification are a chunk of their own, which most page loads never need.
import { effect } from '@preact/signals-core'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Attention } from '../attention/attention.ts'
import type { Client } from './client.ts'
import type { Locale } from './panel.ts'

export interface CallOptions {
  /** Unread messages in front of the page's title. */
  titleBadge: boolean
  /** The host's file for Web Push. */
  worker: string | null
  locale(): Locale
  open(conversationId: string): void
}

export interface Caller {
  message(message: Message, conversation: OwnConversation | undefined): void
  close(): void
}

export function createCaller(client: Client, origin: string, { titleBadge, worker, locale, open }: CallOptions): Caller {
  let attention: Promise<Attention> | null = null
  let closed = false

  function call(to: (attention: Attention) => void): void {
    attention ??= import('../attention/attention.ts').then(({ createAttention }) =>
      createAttention({ client, origin, titleBadge, worker, locale, open }),
    )
    attention
      .then((loaded) => closed || to(loaded))
      .catch(() => {
        attention = null // no network: the next message tries again
      })
  }

  let before = -1
  const end = effect(() => {
    const { total, version } = client.unread.value
    if (version < 0) return
    const more = before >= 0 ? total - before : 0
    before = total
    if (titleBadge && (total > 0 || attention)) call((loaded) => loaded.unread(total))
    // Without a socket nobody says what came: the number does.
    if (more > 0 && client.link.peek() === 'slow') call((loaded) => loaded.more(total))
  })
  const stop = effect(() => {
    if (worker === null || !client.ready.value) return
    queueMicrotask(() => stop())
    call((loaded) => loaded.renewPush())
  })

  return {
    message(message, conversation) {
      // A message that was taken in before and only changed calls nobody again.
      if (message.rev === 1) call((loaded) => loaded.message(message, conversation))
    },
    close() {
      closed = true
      end()
      stop()
      void attention?.then((loaded) => loaded.close())
    },
  }
}
