// The client without a panel, as an ES module for hosts that draw their own: `import { createClient, effect } from
// '<server>/headless.js'`. Needs fetch, WebSocket and crypto, and no document.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Client } from './client.ts'
import { createClient as createState } from './create-client.ts'
import { openLink } from './link.ts'
import { barePage, browserPage } from './page.ts'
import { createTokenSource, type TokenOptions } from './token.ts'

export { batch, computed, effect, signal } from '@preact/signals-core'

export interface HeadlessOptions extends TokenOptions {
  /** Where Hilo is: `https://chat.example.com`. */
  url: string
  /** An inbound message came in, live. */
  onMessage?(message: Message, conversation: OwnConversation | undefined): void
  /** The agent must sign in again; then call `reconnect()`. */
  onExpired?(): void
  onError?(error: unknown): void
}

/**
 * Connects at once, reconnects by itself, and shares its socket with the other tabs of the same agent and scope. Every
 * method resolves, none throws.
 *
 * @example
 * const client = createClient({ url: 'https://chat.example.com', getToken: () => fetch('/chat-token').then((r) => r.text()) })
 * effect(() => console.log(client.unread.value.total))
 */
export function createClient({ url, onMessage, onExpired, onError, ...tokens }: HeadlessOptions): Client {
  const { origin } = new URL(url)
  const page = typeof document === 'undefined' ? barePage() : browserPage()
  return createState({
    origin,
    page,
    onMessage: onMessage ?? (() => {}),
    open: (onUp) =>
      openLink({
        origin,
        tokens: createTokenSource(tokens),
        page,
        onUp,
        onExpired: onExpired ?? (() => {}),
        onError: onError ?? ((error) => console.error(error)),
      }),
  })
}
