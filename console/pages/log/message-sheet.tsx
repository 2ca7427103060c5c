// One message in full: what it says, when it became what, why it failed and what to do next, and its ids as they are.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import { useShell } from '../../shell.ts'
import { formatExact, formatPrice } from '../format.ts'
import { FailedBox } from './failed-box.tsx'
import { addressOf } from './filter.ts'
import type { LogProps } from './log-props.ts'
import { authorText, shownText } from './message-words.ts'

export function MessageSheet({ message, onChanged, ...props }: LogProps & { message: Message; onChanged(message: Message): void }) {
  const { api, words, locale } = props
  const [conversation, setConversation] = useState<OwnConversation | null>(null)
  useEffect(() => {
    let isGone = false
    api.get<OwnConversation>(`/api/conversations/${encodeURIComponent(message.conversationId)}`).then(
      (found) => isGone || setConversation(found),
      // Without it the sheet says a little less.
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [api, message.conversationId])
  const isOutbound = message.direction === 'outbound'
  return (
    <div class="sheet-body">
      {conversation && (
        <p class="sheet-who">
          <a href={`#/contacts/${encodeURIComponent(conversation.contact.id)}`}>
            {conversation.contact.name || conversation.contact.address}
          </a>
          <span class="muted num">{conversation.contact.phone ?? conversation.contact.address}</span>
        </p>
      )}
      <div class={isOutbound ? 'said out' : 'said'}>
        <p class={message.text === '' ? 'muted' : ''} dir="auto">
          {shownText(message, words)}
        </p>
      </div>
      {message.error && <FailedBox {...props} message={message} error={message.error} conversation={conversation} onChanged={onChanged} />}
      <h3>{words.times}</h3>
      <dl class="facts">
        <Fact name={words.entered} value={<Moment at={message.createdAt} />} />
        <Time name={words.due} at={message.dueAt} />
        <Time name={words.sentAt} at={message.sentAt} />
        <Time name={words.deliveredAt} at={message.deliveredAt} />
        <Time name={words.readAt} at={message.readAt} />
        <Time name={words.failedAt} at={message.failedAt} />
        <Time name={words.expires} at={message.expiresAt} />
        <Fact name={words.channel} value={words.channels[message.channel]} />
        <Fact name={words.author} value={authorText(message, words)} />
        {message.template && <Fact name={words.template} value={templateText(message.template)} />}
        {message.price && (
          <Fact
            name={words.price}
            value={`${formatPrice(locale, message.price)}${message.price.estimated ? ` · ${words.estimated}` : ''}`}
          />
        )}
      </dl>
      <h3>{words.ids}</h3>
      <dl class="facts ids">
        <Fact name={words.messageId} value={message.id} />
        <Fact name={words.twilioSid} value={message.twilioSid} />
        <Id name={words.thread} value={message.conversationId} href={addressOf({ conversationId: message.conversationId })} />
        <Id name={words.record} value={message.coordinationId} href={addressOf({ coordinationId: message.coordinationId ?? '' })} />
        <Fact name={words.clientId} value={message.clientMessageId} />
        <Id name={words.retryOf} value={message.retryOf} href={addressOf({}, message.retryOf)} />
        <Id name={words.fallbackOf} value={message.fallbackOf} href={addressOf({}, message.fallbackOf)} />
      </dl>
    </div>
  )
}

const templateText = ({ name, language, category }: NonNullable<Message['template']>): string =>
  [name, language, category].filter(Boolean).join(' · ')

function Fact({ name, value }: { name: string; value: ComponentChildren }) {
  if (value === null || value === '') return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{formatExact(useShell(), at)}</time>
}

function Time({ name, at }: { name: string; at: string | null }) {
  return at === null ? null : <Fact name={name} value={<Moment at={at} />} />
}

function Id({ name, value, href }: { name: string; value: string | null; href: string }) {
  if (value === null) return null
  return <Fact name={name} value={<a href={href}>{value}</a>} />
}
