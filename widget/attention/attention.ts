// Calls an agent who looks elsewhere: a sound, the page's title, a notification. Loaded when there is first something to tell;
// quiet where the thread is before the agent's eyes or not the agent's to answer, in quiet hours, and while the agent is away.
import type { LastMessage, Message, OwnConversation } from '../../shared/model.ts'
import { concerns } from '../../shared/concerns.ts'
import { isQuiet } from '../../shared/quiet.ts'
import { cutText } from '../../shared/cut-text.ts'
import { loadWords } from '../client/load-words.ts'
import type { Words } from '../locales/words.ts'
import type { Client } from '../client/client.ts'
import type { Locale } from '../client/panel.ts'
import { createChime, mayPlay } from './chime.ts'
import { listenToWorker, subscribePush, unsubscribePush, workerOf } from './push.ts'
import { speakOnce } from './speak-once.ts'
import { createTitleBadge } from './title-badge.ts'

export { createChime, subscribePush, unsubscribePush }

export interface AttentionParts {
  client: Client
  origin: string
  titleBadge: boolean
  worker: string | null
  locale(): Locale
  open(conversationId: string): void
}

export interface Attention {
  message(message: Message, conversation: OwnConversation | undefined): void
  /** So many are unread now, and which came is not known. */
  more(total: number): void
  unread(total: number): void
  /** Follows clicks on notifications; renews this browser's subscription, or ends one that this agent does not want. */
  renewPush(): void
  close(): void
}

interface Note {
  title: string
  body: string
  /** Null: of no one conversation. */
  conversationId: string | null
}

const BODY_CHARS = 160

const isLookedAt = () => document.visibilityState === 'visible' && document.hasFocus()
const mayNotify = () => 'Notification' in window && Notification.permission === 'granted'

export function createAttention({ client, origin, titleBadge, worker, locale, open }: AttentionParts): Attention {
  const end = new AbortController()
  const chime = createChime()
  const title = titleBadge ? createTitleBadge() : null

  /** In one of the agent's tabs: a thread that some tab shows is silent in all, since that tab goes first. */
  function call(about: string, isShown: () => boolean, note: () => Promise<Note>): void {
    const ready = client.ready.peek()
    if (!ready) return
    const { settings, timezone, agent, org } = ready
    const { sound, notifications, quiet, presence } = settings
    const rank = () => (isShown() ? 0 : isLookedAt() ? 1 : mayPlay() ? 2 : 3)
    const speak = () => {
      if (presence !== 'online' || isQuiet(quiet, Date.now(), timezone) || isShown()) return
      if (sound) chime.play()
      if (notifications && !isLookedAt() && mayNotify()) void note().then(notify).catch(failed)
    }
    const name = `${origin} ${org} ${agent.id} ${about}`
    void speakOnce({ locks: navigator.locks ?? null, rank }, name, speak, end.signal).catch(failed)
  }

  const heardOf = new Map<string, number>()
  /** Of those that concern the agent: how much is unread, and whether something came since the last look. */
  async function lookAtOwn(assignees: string[]): Promise<{ unread: number; isNew: boolean }> {
    const seen = { unread: 0, isNew: false }
    for (const assignee of assignees) {
      const path = `/api/conversations?unread=true&status=open&automated=true&limit=100&assignee=${assignee}`
      const answer = await client.http<{ items?: OwnConversation[] }>('GET', path)
      for (const { id, unread, inboundCount } of (answer.ok && answer.items) || []) {
        seen.unread += unread
        if (inboundCount > (heardOf.get(id) ?? 0)) seen.isNew = true
        heardOf.set(id, inboundCount)
      }
    }
    return seen
  }

  async function notify({ title: heading, body, conversationId }: Note): Promise<void> {
    // The same tag as a pushed one has: both are one notification.
    const options = { body, tag: `hilo-${conversationId ?? 'all'}`, silent: true, data: { conversationId } }
    const registration = await workerOf(worker)
    if (registration?.active) return await registration.showNotification(heading, options)
    const shown = new Notification(heading, options)
    shown.onclick = () => {
      focus()
      shown.close()
      if (conversationId !== null) open(conversationId)
    }
  }

  return {
    message(message, conversation) {
      const { id, conversationId, author, text } = message
      const ready = client.ready.peek()
      if (ready && conversation && !concerns(ready.settings?.notifyOf, conversation.assignee?.id ?? null, ready.agent.id)) return
      call(
        id,
        () => client.shows(conversationId),
        async () => {
          const who = conversation?.contact.name ?? author.name
          const record = conversation?.coordination
          const body = cutText(text.trim(), BODY_CHARS) || wordFor(await loadWords(locale()), message, conversation?.lastMessage)
          return { title: record ? `${who} · ${record.title}` : who, body, conversationId }
        },
      )
    },
    more(total) {
      const tell = (unread: number) =>
        call(
          `all ${total}`,
          () => false,
          async () => {
            const words = await loadWords(locale())
            const body = words.unreadMessages[unread === 1 ? 'one' : 'other'].replace('{n}', String(unread))
            return { title: words.messages, body, conversationId: null }
          },
        )
      const notifyOf = client.ready.peek()?.settings?.notifyOf ?? 'all'
      if (notifyOf === 'all') tell(total)
      else
        void lookAtOwn(notifyOf === 'mine' ? ['me'] : ['me', 'none']).then(({ unread, isNew }) => {
          if (isNew) tell(unread)
        })
    },
    unread: (total) => title?.show(total),
    renewPush() {
      void listenToWorker(worker, open, end.signal).catch(failed)
      const wanted = client.ready.peek()?.settings.notifications === true && mayNotify()
      // Notifications that an agent before left here would go on to tell this one's desk.
      void (wanted ? subscribePush({ http: client.http, worker, locale: locale() }) : unsubscribePush(client.http, worker)).catch(failed)
    },
    close() {
      end.abort()
      title?.end()
      chime.close()
    },
  }
}

function wordFor(words: Words, { id, type }: Message, last: LastMessage | null | undefined): string {
  if (type === 'media') {
    const attachment = last?.id === id ? last.attachment : undefined
    if (!attachment) return words.attachment
    return words.attachments[attachment.kind] + (attachment.filename ? `: ${attachment.filename}` : '')
  }
  if (type === 'location') return words.location
  if (type === 'contacts') return words.contactCard
  return words.unsupported
}

/** Phones show notifications through a worker only; a browser may forbid locks: the message is in the inbox all the same. */
function failed(): void {}
