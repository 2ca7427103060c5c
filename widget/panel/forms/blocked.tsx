// Why one cannot write here, and the ways that remain.
import type { OwnConversation } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'
import { useShared } from '../shared-state.ts'
import { splitSentence } from '../status-mark.tsx'
import { useScene } from '../thread-scene.ts'
import { useFormWords } from './form-words.ts'

interface BlockedProps {
  icon: IconName
  text?: string
  /** In the place of `text`: one of this chunk's own. */
  why?: 'noAnswers' | 'readOnly' | 'scope'
  /** Where there are other ways: those of this one. */
  conversation?: OwnConversation
}

const PHONE = 'M7.5 2.5h5a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2ZM9 14.9h2'

export function Blocked({ icon, text = '', why, conversation }: BlockedProps) {
  const { say } = useShared()
  const own = useFormWords()
  const [title, rest] = splitSentence(why ? say(own[why], { n: conversation?.contact.name ?? '' }) : text)
  return (
    <div class="blocked">
      <div class="why">
        <Icon name={icon} />
        <p>
          <strong>{title}</strong>
          {rest}
        </p>
      </div>
      {conversation && (
        <div class="actbar">
          <OtherWays conversation={conversation} />
        </div>
      )}
    </div>
  )
}

/** By the other channel, where there is one; and a note, which goes always. */
export function OtherWays({ conversation, onlyNote }: { conversation: OwnConversation; onlyNote?: boolean | undefined }) {
  const { client, words, find, say } = useShared()
  const { mode, text } = useScene()
  const { phone, name } = conversation.contact
  const other = conversation.channel === 'sms' ? 'whatsapp' : 'sms'
  const hasOther = !onlyNote && phone !== null && client.ready.value?.channels.some((one) => one.channel === other && one.ready)
  const record = conversation.coordinationId === null ? {} : { coordinationId: conversation.coordinationId }
  return (
    <>
      {hasOther && (
        <button type="button" class="btn quiet small" onClick={() => find({ ...record, phone, name, channel: other, draft: text.value })}>
          <Icon name={PHONE} />
          {say(words.writeBy, { channel: words[other] })}
        </button>
      )}
      <button type="button" class="btn quiet small" onClick={() => (mode.value = { at: 'note' })}>
        <Icon name="note" />
        {words.note}
      </button>
    </>
  )
}
