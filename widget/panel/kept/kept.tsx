// Above the list: conversations that this browser keeps something of and that have no row there, since nothing was sent in them yet,
// or they are closed, or the server took nothing.
import { useEffect, useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { addStyles } from '../adopt-styles.ts'
import { ContactAvatar } from '../avatar.tsx'
import { contactName } from '../contact-name.ts'
import { isNotTaken } from '../is-not-taken.ts'
import { Preview } from '../preview.tsx'
import { useShared } from '../shared-state.ts'
import { useKeptWords } from './kept-words.ts'
import css from './kept.css?inline'

addStyles(css)

const MOST = 20

export function Kept({ filterKey, items }: { filterKey: string; items: readonly OwnConversation[] }) {
  const { client } = useShared()
  const own = useKeptWords()
  const drafts = filterKey === 'all' ? [...client.drafts.value].flatMap(([id, text]) => (text.trim() === '' ? [] : id)) : []
  const refused = filterKey === 'failed' ? client.unsent.value.filter(isNotTaken).map((one) => one.conversationId) : []
  const there = new Set(items.map((one) => one.id))
  const kept = [...new Set([...drafts, ...refused])].filter((id) => !there.has(id)).slice(0, MOST)
  const [rows, setRows] = useState<ReadonlyMap<string, OwnConversation>>(new Map())
  useEffect(() => {
    let current = true
    for (const id of kept) {
      if (client.conversation(id).peek()) continue
      void client.http<OwnConversation>('GET', `/api/conversations/${encodeURIComponent(id)}`).then((answer) => {
        if (current && answer.ok) setRows((before) => new Map(before).set(id, answer))
      })
    }
    return () => {
      current = false
    }
  }, [kept.join()])

  const shown = kept.flatMap((id) => client.conversation(id).value ?? rows.get(id) ?? [])
  if (shown.length === 0) return null
  return (
    <>
      <div class="group">{filterKey === 'all' ? own.drafts : own.notSent}</div>
      {shown.map((conversation) => (
        <KeptRow key={conversation.id} conversation={conversation} />
      ))}
    </>
  )
}

function KeptRow({ conversation }: { conversation: OwnConversation }) {
  const { words, go } = useShared()
  const { id, contact, coordination, channel } = conversation
  return (
    <button type="button" class="kept" onClick={() => go({ at: 'thread', conversationId: id, target: {} })}>
      <ContactAvatar id={contact.id} name={contact.name} />
      <span class="lines">
        <span class="line">
          <span class="name cut" dir="auto">
            {contactName(contact)}
          </span>
          {channel === 'sms' && <span class="tag">{words.sms}</span>}
          {coordination && <span class="chip cut">{coordination.title}</span>}
        </span>
        <span class="line l3">
          <Preview conversation={conversation} />
        </span>
      </span>
    </button>
  )
}
