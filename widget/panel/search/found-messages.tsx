// Under the conversations that a search found: messages that say it, each with whose thread it is in and leading there.
import { useEffect, useState } from 'preact/hooks'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import { formatWhen } from '../../locales/format.ts'
import { addStyles } from '../adopt-styles.ts'
import { ContactAvatar } from '../avatar.tsx'
import { contactName } from '../contact-name.ts'
import { markMatch } from './mark-match.tsx'
import { recordTitle } from '../record-title.ts'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { NothingFound } from './nothing-found.tsx'
import css from './found-messages.css?inline'

addStyles(css)

/** Shorter ones are in too many messages. */
const FROM_CHARS = 3
const MOST = 10
const BEFORE = 20

interface Hit {
  message: Message
  thread: OwnConversation | null
}

interface FoundProps {
  q: string
  /** No conversation was found: where no message says it either, nothing was. */
  isAll: boolean
}

export function FoundMessages({ q, isAll }: FoundProps) {
  const { client, words, zone, now, me, go } = useShared()
  const [found, setFound] = useState<{ q: string; hits: Hit[] } | null>(null)

  useEffect(() => {
    let current = true
    void search(q).then((hits) => current && setFound({ q, hits }))
    return () => {
      current = false
    }
  }, [q])

  async function search(text: string): Promise<Hit[]> {
    if (text.length < FROM_CHARS) return []
    const answer = await client.http<{ items?: Message[] }>('GET', `/api/messages?${new URLSearchParams({ q: text, limit: String(MOST) })}`)
    const messages = answer.ok ? (answer.items ?? []) : []
    const threads = new Map<string, Promise<OwnConversation | null>>()
    for (const { conversationId } of messages) if (!threads.has(conversationId)) threads.set(conversationId, threadOf(conversationId))
    return await Promise.all(messages.map(async (message) => ({ message, thread: (await threads.get(message.conversationId)) ?? null })))
  }

  /** One that no list has shown yet is asked for: of an answer of ours the message alone does not say to whom. */
  async function threadOf(id: string): Promise<OwnConversation | null> {
    const known = client.conversation(id).peek()
    if (known) return known
    const answer = await client.http<OwnConversation>('GET', `/api/conversations/${encodeURIComponent(id)}`)
    return answer.ok ? answer : null
  }

  if (found?.q !== q) return null
  if (found.hits.length === 0) return isAll ? <NothingFound /> : null
  return (
    <>
      <h3 class="group">{words.messages}</h3>
      {found.hits.map(({ message, thread }) => {
        const { author } = message
        const name = thread ? contactName(thread.contact) : author.name
        const title = thread?.coordination ? recordTitle(zone, thread.coordination, now.value) : words.noRecord
        const by = author.type !== 'agent' ? '' : author.id === me ? `${words.you} ` : `${firstName(author.name)}: `
        return (
          <button
            key={message.id}
            type="button"
            class="hit"
            onClick={() => go({ at: 'thread', conversationId: message.conversationId, target: {} })}
          >
            <ContactAvatar id={thread?.contact.id ?? author.id ?? ''} name={thread?.contact.name ?? author.name} />
            <span class="what">
              <span class="line">
                <b class="cut grow" dir="auto" title={name}>
                  {name}
                </b>
                <time class="time" dateTime={message.createdAt} translate={false}>
                  {formatWhen(zone, words, message.createdAt, now.value)}
                </time>
              </span>
              <span class="line">
                <span class={thread?.coordination ? 'chip' : 'muted none'} title={title}>
                  <span class="cut">{title}</span>
                </span>
              </span>
              <span class="line cut said" title={message.text}>
                {by}
                {markMatch(excerpt(message.text, q), q)}
              </span>
            </span>
          </button>
        )
      })}
    </>
  )
}

/** From a little before where it stands. */
function excerpt(text: string, q: string): string {
  const plain = text.replace(/\s+/g, ' ')
  const at = plain.toLocaleLowerCase().indexOf(q.toLocaleLowerCase())
  if (at <= BEFORE) return plain
  return `…${plain.slice(plain.indexOf(' ', at - BEFORE) + 1)}`
}
