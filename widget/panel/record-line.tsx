// The line about a conversation's record, its day and state; and how long one may still write freely.
import type { OwnConversation } from '../../shared/model.ts'
import { formatDate } from '../locales/format.ts'
import { queryOf, tagFilter } from './filters.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'
import { WindowClock } from './window-clock.tsx'

const RecordChips = onDemand(async () => (await import('./filing/filing.ts')).filing.RecordChips)

export function RecordLine({ conversation }: { conversation: OwnConversation }) {
  const { words, zone, now, go } = useShared()
  const { coordination } = conversation
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
          <span class="muted cut">{words.noRecord}</span>
        )}
        <span class="grow" />
        {coordination && (
          <button
            type="button"
            class="ib"
            aria-label={words.plan}
            title={words.plan}
            onClick={() => go({ at: 'plan', conversationId: conversation.id })}
          >
            <Icon name="calendar" />
          </button>
        )}
        <WindowClock conversation={conversation} closedWord />
      </div>
      {!coordination && <RecordChips conversation={conversation} />}
      {conversation.tags.length > 0 && <ThreadTags tags={conversation.tags} />}
    </>
  )
}

/** Each shows what else has it. */
function ThreadTags({ tags }: { tags: string[] }) {
  const { client, inline, inbox, go } = useShared()
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
              inbox.isFresh = false
              inbox.search.value = ''
              inbox.scrollTop = 0
              client.inbox.setFilter(queryOf(inbox.filter, ''))
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
