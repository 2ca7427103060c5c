// Under the conversations that a search found: messages that say it, each with whose thread it is in and leading there.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Coordination, Message, OwnConversation } from '../../../shared/model.ts'
import { formatWhen } from '../../locales/format.ts'
import { addStyles } from '../adopt-styles.ts'
import { ContactAvatar } from '../avatar.tsx'
import { contactName } from '../contact-name.ts'
import { markMatch } from './mark-match.tsx'
import { recordTitle } from '../record-title.ts'
import { foldText } from '../../../shared/fold-text.ts'
import { Icon } from '../icon.tsx'
import { firstName } from '../names.ts'
import { stepThrough } from './step-through.ts'
import { useShared } from '../shared-state.ts'
import { NothingFound } from './nothing-found.tsx'
import css from './found-messages.css?inline'

addStyles(css)

/** Shorter ones are in too many messages. */
const FROM_CHARS = 3
const MOST = 10
const BEFORE = 20
const STOPS = '[type="search"], .list, .hit'

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
  const { client, words, zone, now, me, go, find } = useShared()
  const [found, setFound] = useState<{ q: string; hits: Hit[]; records: Coordination[] } | null>(null)

  useEffect(() => {
    let current = true
    void Promise.all([search(q), searchRecords(q)]).then(([hits, records]) => current && setFound({ q, hits, records }))
    return () => {
      current = false
    }
  }, [q])

  /** Those without a thread: the others stand above, with it. */
  async function searchRecords(text: string): Promise<Coordination[]> {
    if (text.length < FROM_CHARS) return []
    const query = new URLSearchParams({ q: text, limit: String(MOST) })
    const answer = await client.http<{ items?: Coordination[] }>('GET', `/api/coordinations?${query}`)
    const shown = new Set(client.inbox.items.peek().map((one) => one.coordinationId))
    return answer.ok ? (answer.items ?? []).filter((one) => !shown.has(one.id)) : []
  }

  async function search(text: string): Promise<Hit[]> {
    if (text.length < FROM_CHARS) return []
    const answer = await client.http<{ items?: Message[] }>('GET', `/api/messages?${new URLSearchParams({ q: text, limit: String(MOST) })}`)
    // Of a name the messages are found too: who is meant stands above.
    const messages = answer.ok ? (answer.items ?? []).filter((one) => says(one.text, text)) : []
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

  // The keys of the field above, from the moment that there is something to go to.
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const view = place.current?.closest('.view')
    const field = view?.querySelector<HTMLInputElement>('[type="search"]')
    // The search still being typed was not made yet.
    const keys = (event: KeyboardEvent) => field?.value.trim() === q && stepThrough(event, view ?? null, STOPS, '.row, .hit')
    field?.addEventListener('keydown', keys)
    return () => field?.removeEventListener('keydown', keys)
  }, [q])

  if (found?.q !== q) return <span ref={place} />
  const { hits, records } = found
  if (hits.length + records.length === 0)
    return (
      <>
        <span ref={place} />
        {isAll && <NothingFound />}
      </>
    )
  const step = (event: KeyboardEvent) => stepThrough(event, (event.currentTarget as Element).closest('.view'), STOPS, '.hit')
  return (
    <>
      <span ref={place} />
      {records.length > 0 && <h3 class="group capital">{words.records}</h3>}
      {records.map((record) => (
        <button key={record.id} type="button" class="hit" onKeyDown={step} onClick={() => find({ coordinationId: record.id })}>
          <Icon name="record" />
          <span class="what">
            <b class="cut">{markMatch(recordTitle(zone, record, now.value), q)}</b>
            <span class="cut said">{markMatch(record.contact.name, q)}</span>
          </span>
        </button>
      ))}
      {hits.length > 0 && <h3 class="group">{words.messages}</h3>}
      {hits.map(({ message, thread }) => {
        const { author } = message
        const name = thread ? contactName(thread.contact) : author.name
        const title = thread?.coordination ? recordTitle(zone, thread.coordination, now.value) : words.noRecord
        const by = author.type !== 'agent' ? '' : author.id === me ? `${words.you} ` : `${firstName(author.name)}: `
        return (
          <button
            key={message.id}
            type="button"
            class="hit"
            onKeyDown={step}
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

/** Every word that was looked for is in the text itself. */
function says(text: string, q: string): boolean {
  const folded = foldText(text)
  return foldText(q)
    .split(/\s+/)
    .every((word) => folded.includes(word))
}

/** From a little before where it stands. */
function excerpt(text: string, q: string): string {
  const plain = text.replace(/\s+/g, ' ')
  const at = plain.toLocaleLowerCase().indexOf(q.toLocaleLowerCase())
  if (at <= BEFORE) return plain
  return `…${plain.slice(plain.indexOf(' ', at - BEFORE) + 1)}`
}
