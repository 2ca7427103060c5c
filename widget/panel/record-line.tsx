// What this conversation is about: the host's record, its day and state; and how long one may still write freely.
import type { OwnConversation } from '../../shared/model.ts'
import { formatDate } from '../locales/format.ts'
import { tagFilter } from './filters.ts'
import { fileConversation } from './file-conversation.ts'
import { Icon } from './icon.tsx'
import { useShared } from './shared-state.ts'
import { WindowClock } from './window-clock.tsx'

export function RecordLine({ conversation }: { conversation: OwnConversation }) {
  const shared = useShared()
  const { words, zone, now, context, say } = shared
  const { coordination, hint } = conversation
  const page = context.value.coordinationId
  const to = hint ?? (page === undefined ? null : { coordinationId: page, title: page })
  return (
    <>
      <div class="rec">
        <Icon name="record" />
        {coordination ? (
          <>
            <b class="cut" dir="auto" title={coordination.title}>
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
              <button type="button" class="link cut" onClick={() => void fileConversation(shared, conversation, to.coordinationId)}>
                {say(words.fileUnder, { r: to.title })}
              </button>
            )}
          </>
        )}
        <span class="grow" />
        <WindowClock conversation={conversation} closedWord />
      </div>
      {conversation.tags.length > 0 && <ThreadTags tags={conversation.tags} />}
    </>
  )
}

/** Each shows what else has it. */
function ThreadTags({ tags }: { tags: string[] }) {
  const { inline, inbox, go } = useShared()
  return (
    <div class="rec tags">
      {tags.map((tag) =>
        inline ? (
          <span class="tag cut">{tag}</span>
        ) : (
          <button
            type="button"
            class="tag cut"
            onClick={() => {
              inbox.filter = tagFilter(tag).key
              inbox.search.value = ''
              inbox.scrollTop = 0
              go({ at: 'inbox' })
            }}
          >
            {tag}
          </button>
        ),
      )}
    </div>
  )
}
