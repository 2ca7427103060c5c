// Everything said with a person, newest first, over records and channels; each leads to where it was said.
import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../shared/model.ts'
import { formatWhen } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { LoadError } from '../inbox.tsx'
import { messageKind } from '../message-kind.ts'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { usePersonWords } from './person-words.ts'

const PAGE = 30

interface TimelineProps {
  contactId: string
  titleOf(coordinationId: string | null): string
}

export function Timeline({ contactId, titleOf }: TimelineProps) {
  const { client, words, zone, now, me, go } = useShared()
  const own = usePersonWords()
  const [messages, setMessages] = useState<Message[]>([])
  const [cursor, setCursor] = useState<string | null | undefined>(undefined)
  const [failed, setFailed] = useState(false)

  async function more(after: string | null): Promise<void> {
    setFailed(false)
    const query = new URLSearchParams({ limit: String(PAGE), ...(after === null ? {} : { cursor: after }) })
    const path = `/api/contacts/${encodeURIComponent(contactId)}/messages?${query}`
    const answer = await client.http<{ items?: Message[]; nextCursor?: string | null }>('GET', path)
    if (!answer.ok) return setFailed(true)
    setMessages((before) => [...(after === null ? [] : before), ...(answer.items ?? []).filter((one) => one.type !== 'moved')])
    setCursor(answer.nextCursor ?? null)
  }
  useEffect(() => void more(null), [contactId])

  function by({ author, direction }: Message): string {
    if (direction === 'inbound') return ''
    if (author.type !== 'agent') return `${words.automation}: `
    return author.id === me ? `${words.you} ` : `${firstName(author.name)}: `
  }

  return (
    <>
      <h3 class="group">{own.everything}</h3>
      {messages.map((message) => (
        <button
          key={message.id}
          type="button"
          class="said-row"
          onClick={() => go({ at: 'thread', conversationId: message.conversationId, target: {} })}
        >
          <span class="line">
            {message.channel === 'sms' && <span class="tag">{words.sms}</span>}
            <span class="muted cut grow">{titleOf(message.coordinationId)}</span>
            <time class="time" dateTime={message.createdAt} translate={false}>
              {formatWhen(zone, words, message.createdAt, now.value)}
            </time>
          </span>
          <span class="said-text">
            {message.type === 'note' && <Icon name="note" class="s14" label={words.note} />}
            {by(message)}
            {message.text || messageKind(words, message.type)?.word}
          </span>
        </button>
      ))}
      {failed && <LoadError onRetry={() => void more(cursor ?? null)} />}
      {cursor && !failed && (
        <button type="button" class="btn quiet older-said" onClick={() => void more(cursor)}>
          {own.older}
        </button>
      )}
    </>
  )
}
