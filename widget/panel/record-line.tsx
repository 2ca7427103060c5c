// What this conversation is about: the host's record, its day and state; and how long one may still write freely.
import type { OwnConversation } from '../../shared/model.ts'
import { formatDate } from '../locales/format.ts'
import { Icon } from './icon.tsx'
import { useShared } from './shared-state.ts'
import { WindowClock } from './window-clock.tsx'

export function RecordLine({ conversation }: { conversation: OwnConversation }) {
  const { client, words, zone, now, context, say, find } = useShared()
  const { coordination, hint } = conversation
  const page = context.value.coordinationId
  const to = hint ?? (page === undefined ? null : { coordinationId: page, title: page })
  return (
    <div class="rec">
      <Icon name="record" />
      {coordination ? (
        <>
          <b class="cut" title={coordination.title}>
            {coordination.title}
          </b>
          {coordination.startsAt && <span class="muted num hide-s day-of">{formatDate(zone, coordination.startsAt, now.value)}</span>}
          <span class={`state ${coordination.status}`}>
            {coordination.status === 'active'
              ? words.recordActive
              : coordination.status === 'done'
                ? words.recordDone
                : words.recordCanceled}
          </span>
        </>
      ) : (
        <>
          <span class="muted cut">{words.noRecord}</span>
          {to && (
            <button
              type="button"
              class="link cut"
              onClick={async () => {
                const answer = await client.update(conversation.id, { coordinationId: to.coordinationId })
                // Where that record had a thread already, the messages are in that one now.
                if (answer.ok && answer.conversation.id !== conversation.id)
                  find({ coordinationId: to.coordinationId, channel: conversation.channel })
              }}
            >
              {say(words.fileUnder, { r: to.title })}
            </button>
          )}
        </>
      )}
      <span class="grow" />
      <WindowClock conversation={conversation} closedWord />
    </div>
  )
}
