// Who one talks to: numbers, notes, records and conversations, and everything that was said.
import { useState } from 'preact/hooks'
import type { Contact, OwnConversation } from '../../../shared/model.ts'
import { isPageAddress } from '../../../shared/is-page-address.ts'
import { formatDate } from '../../locales/format.ts'
import { formatPhone } from '../../locales/format-phone.ts'
import { addStyles } from '../adopt-styles.ts'
import { ContactAvatar } from '../avatar.tsx'
import { contactName } from '../contact-name.ts'
import { Empty, Skeleton } from '../empty.tsx'
import { SimpleHead } from '../finding.tsx'
import { Icon } from '../icon.tsx'
import { recordTitle } from '../record-title.ts'
import { useShared } from '../shared-state.ts'
import { Strip } from '../strip.tsx'
import css from './person.css?inline'
import { usePersonWords } from './person-words.ts'
import { Timeline } from './timeline.tsx'
import { type Person as Known, usePerson } from './use-person.ts'

addStyles(css)

export function Person({ conversationId }: { conversationId: string }) {
  const { client, words, go } = useShared()
  const conversation = client.conversation(conversationId).value
  return (
    <div class="view person">
      <SimpleHead
        title={conversation ? contactName(conversation.contact) : ''}
        onBack={() => go({ at: 'thread', conversationId, target: {} })}
      />
      <Strip />
      {conversation ? <Card of={conversation.contact} /> : <Empty icon="lock" title={words.gone} />}
    </div>
  )
}

function Card({ of }: { of: OwnConversation['contact'] }) {
  const { words } = useShared()
  const [person, setContact] = usePerson(of)
  return (
    <div class="body ruled" aria-busy={person === null}>
      {person === null ? (
        <Skeleton />
      ) : person === 'missing' ? (
        <Empty icon="alert" title={words.cannotOpen}>
          <p>{words.noAccess}</p>
        </Empty>
      ) : (
        <>
          <Facts contact={person.contact} />
          <Note contact={person.contact} onSaved={setContact} />
          <Places {...person} />
          <Timeline contactId={of.id} titleOf={titlesOf(person, words.noRecord)} />
        </>
      )}
    </div>
  )
}

function titlesOf({ records, conversations }: Known, none: string): (id: string | null) => string {
  const titles = new Map([...conversations.flatMap((one) => one.coordination ?? []), ...records].map(({ id, title }) => [id, title]))
  return (id) => (id === null ? none : (titles.get(id) ?? id))
}

function Facts({ contact }: { contact: Contact }) {
  const { words, zone, now, say } = useShared()
  const own = usePersonWords()
  return (
    <div class="facts">
      <ContactAvatar id={contact.id} name={contact.name} />
      <div class="grow">
        {contact.addresses.map(({ channel, address, phone }) => (
          <p class="num" key={channel} translate={false} title={address}>
            {words[channel]} · {formatPhone(phone ?? address)}
          </p>
        ))}
        <p class="muted">{say(own.since, { d: formatDate(zone, contact.createdAt, now.value) })}</p>
        {contact.optOuts.map(({ channel, sender, scope, since }) => (
          <p class="danger" key={`${channel} ${sender} ${scope}`}>
            {say(scope === 'all' ? own.optedOut : own.noPromotions, { channel: words[channel] })} · {formatDate(zone, since, now.value)}
          </p>
        ))}
        {contact.tags.length > 0 && (
          <p class="facts-tags">
            {contact.tags.map((tag) => (
              <span class="tag" key={tag}>
                {tag}
              </span>
            ))}
          </p>
        )}
      </div>
    </div>
  )
}

/** Kept as the contact's attribute `note`, beside what the host gave. */
function Note({ contact, onSaved }: { contact: Contact; onSaved(contact: Contact): void }) {
  const { client } = useShared()
  const own = usePersonWords()
  const [problem, setProblem] = useState(false)
  async function save(text: string): Promise<void> {
    const { note = '', ...rest } = contact.attributes
    if (text.trim() === note) return
    const attributes = { ...rest, ...(text.trim() === '' ? {} : { note: text.trim() }) }
    const answer = await client.http<{ contact: Contact }>('PATCH', `/api/contacts/${encodeURIComponent(contact.id)}`, { attributes })
    setProblem(!answer.ok)
    if (answer.ok) onSaved(answer.contact)
  }
  return (
    <label class="person-note">
      <span>
        {own.note} <span class="muted">· {own.noteHint}</span>
      </span>
      <textarea class="field" rows={2} maxLength={500} onBlur={(event) => void save(event.currentTarget.value)}>
        {contact.attributes.note ?? ''}
      </textarea>
      {problem && (
        <span class="danger" role="alert">
          {own.notSaved}
        </span>
      )}
    </label>
  )
}

/** The records with their threads, then the conversations that are about none of them. */
function Places({ records, conversations }: Known) {
  const { words, zone, now, say, find, go, record } = useShared()
  const own = usePersonWords()
  const known = new Set(records.map((one) => one.id))
  const others = conversations.filter((one) => one.coordinationId === null || !known.has(one.coordinationId))
  const threadsOf = (id: string) => conversations.filter((one) => one.coordinationId === id)
  return (
    <>
      {records.length > 0 && <h3 class="group capital">{words.records}</h3>}
      {records.map((one) => {
        const { id, title, status, url } = one
        const page = url !== undefined && isPageAddress(url) ? url : null
        const isHere = page !== null && new URL(page).origin === location.origin
        const unread = threadsOf(id).reduce((sum, thread) => sum + thread.unread, 0)
        return (
          <div class="place" key={id}>
            <button type="button" class="place-open" onClick={() => find({ coordinationId: id })}>
              <Icon name="record" class="s16" />
              <span class="cut">{recordTitle(zone, one, now.value)}</span>
              <span class={`state ${status}`}>
                {status === 'active' ? words.recordActive : status === 'done' ? words.recordDone : words.recordCanceled}
              </span>
              {unread > 0 && <span class="count">{unread}</span>}
            </button>
            {page !== null ? (
              <a
                class="ib"
                href={page}
                {...(isHere ? {} : { target: '_blank', rel: 'noopener' })}
                aria-label={say(own.openRecord, { title })}
                title={say(own.openRecord, { title })}
                onClick={(event) => record.open(id) && event.preventDefault()}
              >
                <Icon name={OUT} class="s16" />
              </a>
            ) : record.isHeard() ? (
              <button
                type="button"
                class="ib"
                aria-label={say(own.openRecord, { title })}
                title={say(own.openRecord, { title })}
                onClick={() => record.open(id)}
              >
                <Icon name={OUT} class="s16" />
              </button>
            ) : null}
          </div>
        )
      })}
      {others.length > 0 && <h3 class="group">{words.conversations}</h3>}
      {others.map(({ id, channel, coordination, unread }) => (
        <div class="place" key={id}>
          <button type="button" class="place-open" onClick={() => go({ at: 'thread', conversationId: id, target: {} })}>
            <Icon name="inbox" class="s16" />
            <span class="cut">{`${words[channel]} · ${coordination?.title ?? words.noRecord}`}</span>
            {unread > 0 && <span class="count">{unread}</span>}
          </button>
        </div>
      ))}
    </>
  )
}

const OUT = 'M8.5 4.5h-3a1.5 1.5 0 0 0-1.5 1.5v8.5a1.5 1.5 0 0 0 1.5 1.5h8.5a1.5 1.5 0 0 0 1.5-1.5v-3M11.5 4h4.5v4.5M16 4l-7 7'
