// People and records by name or number, before one writes to somebody new: who has a conversation already is led there.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Contact, Coordination, OwnConversation } from '../../../shared/model.ts'
import { formatPhone } from '../../locales/format-phone.ts'
import { Icon } from '../icon.tsx'
import { recordTitle } from '../record-title.ts'
import { Marked } from './mark-match.tsx'
import { useShared } from '../shared-state.ts'
import { stepThrough } from './step-through.ts'
import { useOwnWords } from '../own-words.ts'

const TYPED_MS = 250
const MOST = 5
const FROM_CHARS = 2

const all = {
  es: { searchWho: 'Buscar persona o {record}', hasThread: 'ya hay una conversación' },
  en: { searchWho: 'Search people or {records}', hasThread: 'has a conversation' },
  pt: { searchWho: 'Buscar pessoa ou {record}', hasThread: 'já há uma conversa' },
}

interface Found {
  people: { contact: Contact; thread: OwnConversation | null }[]
  records: Coordination[]
}

/** `onPick`: somebody without a conversation. */
export function WhoSearch({ onPick }: { onPick(name: string, phone: string): void }) {
  const { client, words, zone, now, say, go, find } = useShared()
  const own = useOwnWords(all)
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Found | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const q = typed.trim()

  async function list<One>(path: string, query: Record<string, string>): Promise<One[]> {
    const answer = await client.http<{ items?: One[] }>('GET', `${path}?${new URLSearchParams(query)}`)
    return answer.ok ? (answer.items ?? []) : []
  }
  async function search(): Promise<Found> {
    const [contacts, records] = await Promise.all([
      list<Contact>('/api/contacts', { q, limit: String(MOST) }),
      list<Coordination>('/api/coordinations', { q, limit: String(MOST) }),
    ])
    const threadOf = async ({ id }: Contact) =>
      (await list<OwnConversation>('/api/conversations', { contactId: id, automated: 'true', limit: '1' }))[0] ?? null
    return { records, people: await Promise.all(contacts.map(async (contact) => ({ contact, thread: await threadOf(contact) }))) }
  }
  useEffect(() => {
    let current = true
    setFound(null)
    const timer = setTimeout(() => {
      if (q.length >= FROM_CHARS) void search().then((next) => current && setFound(next))
    }, TYPED_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [q])

  const isEmpty = found !== null && found.people.length + found.records.length === 0
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field and of what it found, gathered
    <div class="who-search" ref={box} onKeyDown={(event) => stepThrough(event, box.current, 'input, .option', '.option')}>
      <label class="searchbox">
        <Icon name="search" class="s16" />
        <input
          type="search"
          data-focus="who"
          aria-label={own.searchWho}
          placeholder={own.searchWho}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons, not a list of texts */}
      <div role="group" aria-label={own.searchWho} aria-live="polite">
        {found?.people.map(({ contact, thread }) => {
          const phone = contact.addresses.find((one) => one.phone !== null)?.phone ?? ''
          return (
            <button
              key={contact.id}
              type="button"
              class="option two"
              onClick={() => (thread ? go({ at: 'thread', conversationId: thread.id, target: {} }) : onPick(contact.name, phone))}
            >
              <span class="cut">
                <Marked text={contact.name} search={q} />
                {thread && <span class="muted"> · {own.hasThread}</span>}
              </span>
              <span class="cut muted num">{formatPhone(phone)}</span>
            </button>
          )
        })}
        {found?.records.map((record) => (
          <button key={record.id} type="button" class="option two" onClick={() => find({ coordinationId: record.id })}>
            <span class="cut">
              <Marked text={recordTitle(zone, record, now.value)} search={q} />
            </span>
            <span class="cut muted">{record.contact.name}</span>
          </button>
        ))}
        {isEmpty && <p class="hint muted">{say(words.none, { q })}</p>}
      </div>
    </div>
  )
}
