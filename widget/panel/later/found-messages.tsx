// Under the conversations that a search found: messages that say it, each leading to its thread.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../shared/model.ts'
import { formatWhen } from '../../locales/format.ts'
import { addStyles } from '../adopt-styles.ts'
import { contactName } from '../contact-name.ts'
import { markMatch } from '../mark-match.tsx'
import { useShared } from '../shared-state.ts'
import css from './found-messages.css?inline'

addStyles(css)

/** Shorter ones are in too many messages. */
const FROM_CHARS = 3
const MOST = 10
const BEFORE = 20

interface FoundProps {
  q: string
  /** Stands here when no message says it either. */
  children?: ComponentChildren
}

export function FoundMessages({ q, children }: FoundProps) {
  const { client, words, zone, now, go } = useShared()
  const [found, setFound] = useState<{ q: string; messages: Message[] } | null>(null)

  useEffect(() => {
    let current = true
    const show = (messages: Message[]) => current && setFound({ q, messages })
    if (q.length < FROM_CHARS) show([])
    else
      void client
        .http<{ items?: Message[] }>('GET', `/api/messages?${new URLSearchParams({ q, limit: String(MOST) })}`)
        .then((answer) => show(answer.ok ? (answer.items ?? []) : []))
    return () => {
      current = false
    }
  }, [q])

  if (found?.q !== q) return null
  if (found.messages.length === 0) return <>{children}</>
  return (
    <>
      <h3 class="group">{words.messages}</h3>
      {found.messages.map((message) => {
        const contact = client.conversation(message.conversationId).value?.contact
        return (
          <button
            key={message.id}
            type="button"
            class="hit"
            onClick={() => go({ at: 'thread', conversationId: message.conversationId, target: {} })}
          >
            <span class="line">
              <b class="cut grow">{contact ? contactName(contact) : message.author.name}</b>
              <time class="time" dateTime={message.createdAt}>
                {formatWhen(zone, words, message.createdAt, now.value)}
              </time>
            </span>
            <span class="line cut">{markMatch(excerpt(message.text, q), q)}</span>
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
