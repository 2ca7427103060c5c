// Answering one message: the button beside it, and the line above the text that says what is quoted.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import { addStyles } from '../adopt-styles.ts'
import { contactName } from '../contact-name.ts'
import { Icon } from '../icon.tsx'
import { messageKind } from '../message-kind.ts'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useReplyWords } from './reply-words.ts'
import css from './reply.css?inline'

addStyles(css)

const REPLY = 'M7.75 4.5 3.5 8.75 7.75 13M3.75 8.75h7.5a5.25 5.25 0 0 1 5.25 5.25v1.75'

interface ButtonsProps {
  log: RefObject<HTMLElement | null>
  message: Message
  canReply: boolean
}

/** Beside the bubble, on the side where there is room. */
export function MessageButtons({ log, message, canReply }: ButtonsProps) {
  const texts = useReplyWords()
  const { mode, replyTo, focus } = useScene()
  const button = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const bubble = log.current?.querySelector(`[data-seq="${message.seq}"] > .bubble`)?.getBoundingClientRect()
    const own = button.current
    const around = own?.parentElement?.getBoundingClientRect()
    if (!bubble || !around || !own) return
    const left = message.direction === 'outbound' ? bubble.left - own.offsetWidth - 2 : bubble.right + 2
    own.style.left = `${left - around.left}px`
    own.style.top = `${bubble.top - around.top + Math.min(0, (bubble.height - own.offsetHeight) / 2)}px`
  })
  if (mode.value.at === 'move') return null
  return (
    <div ref={button} class="replybtn">
      {canReply && (
        <button
          type="button"
          class="ib"
          aria-label={texts.reply}
          title={texts.reply}
          onClick={() => {
            replyTo.value = message
            mode.value = { at: 'text' }
            focus.value++
          }}
        >
          <Icon name={REPLY} class="s16" />
        </button>
      )}
      {!isOpen(message.status, message.twilioSid) && (
        <button type="button" class="ib" aria-label={texts.move} title={texts.move} onClick={() => (mode.value = { at: 'move', message })}>
          <Icon name="move" class="s16" />
        </button>
      )}
    </div>
  )
}

interface LineProps {
  message: Message
  conversation: OwnConversation
  onCancel(): void
}

export function ReplyLine({ message, conversation, onCancel }: LineProps) {
  const { words, say } = useShared()
  const texts = useReplyWords()
  const name = message.direction === 'inbound' ? firstName(contactName(conversation.contact)) : firstName(message.author.name)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of the field, not of a form
    <div class="replyline" role="group" aria-label={say(texts.replyTo, { name })}>
      <Icon name={REPLY} />
      <span class="cut grow">
        <b>{name}:</b> {message.text.replace(/\s+/g, ' ') || messageKind(words, message.type)?.word}
      </span>
      <button type="button" class="ib" aria-label={texts.cancelReply} onClick={onCancel}>
        <Icon name="close" class="s14" />
      </button>
    </div>
  )
}
