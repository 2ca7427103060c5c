// One conversation in the list. Right: time or how long the client waits; then the window; then what is unread.
import type { OwnConversation } from '../../shared/model.ts'
import { formatCount, formatWait, formatWhen } from '../locales/format.ts'
import { AgentAvatar, ContactAvatar } from './avatar.tsx'
import { contactName } from './contact-name.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { Preview } from './preview.tsx'
import { recordTitle } from './record-title.ts'
import { useShared } from './shared-state.ts'
import { WindowClock } from './window-clock.tsx'

/** The first one, and how many more. */
function Tags({ tags: [first, ...more] }: { tags: string[] }) {
  return first === undefined ? null : (
    <>
      <span class="tag cut" dir="auto" title={first}>
        {first}
      </span>
      {more.length > 0 && <span class="tag" title={more.join(', ')}>{`+${more.length}`}</span>}
    </>
  )
}

const Marked = onDemand(
  async () => (await import('./search/search.ts')).search.Marked,
  ({ text }: { text: string; search: string }) => <>{text}</>,
)

interface RowProps {
  conversation: OwnConversation
  index: number
  /** Where it stands in the list, in pixels. */
  top: number
  total: number
  isActive: boolean
  /** Its thread stands beside the list. */
  isOpen: boolean
  search: string
  onOpen(id: string): void
}

export function InboxRow({ conversation, index, top, total, isActive, isOpen, search, onOpen }: RowProps) {
  const { words, zone, now, say, count, me } = useShared()
  const { id, contact, coordination, channel, unread, awaitingReplySince, activityAt, assignee } = conversation
  const waitedMs = awaitingReplySince === null ? 0 : now.value - Date.parse(awaitingReplySince)
  const name = contactName(contact)
  const time = activityAt ?? conversation.lastMessage?.createdAt ?? conversation.createdAt
  const title = coordination ? recordTitle(zone, coordination, now.value) : null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys, as its one tab stop
    // biome-ignore lint/a11y/useFocusableInteractive: named by the list's aria-activedescendant
    <div
      id={`row-${id}`}
      class={`row${index === 0 ? ' is-first' : ''}${unread > 0 ? ' is-unread' : ''}${isActive ? ' is-active' : ''}${isOpen ? ' is-open' : ''}`}
      role="option"
      aria-selected={isActive}
      aria-current={isOpen || undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(id)}
    >
      {/* Called, not mounted, as are the larger parts below: each one mounted watches signals of its own, which a scroll pays for. */}
      {ContactAvatar({ id: contact.id, name: contact.name })}
      <div class="lines">
        <div class="line l1">
          <span class="name cut grow" dir="auto" translate={false} title={name}>
            {search === '' ? name : <Marked text={name} search={search} />}
          </span>
          {waitedMs >= 60_000 ? (
            <span class="wait" translate={false}>
              <Icon name="waiting" class="s14" />
              {say(words.waits, { t: formatWait(zone.locale, words, waitedMs) })}
            </span>
          ) : (
            <time class="time" dateTime={time} translate={false}>
              {formatWhen(zone, words, time, now.value)}
            </time>
          )}
        </div>
        <div class="line l2">
          {channel === 'sms' && <span class="tag">{words.sms}</span>}
          {title ? (
            <span class="chip" translate={false} title={title}>
              <span class="cut">{search === '' ? title : <Marked text={title} search={search} />}</span>
            </span>
          ) : (
            <span class="cut">{words.noRecord}</span>
          )}
          {Tags({ tags: conversation.tags })}
          <span class="grow" />
          {WindowClock({ conversation })}
        </div>
        <div class="line l3">
          {Preview({ conversation })}
          {assignee && assignee.id !== me && (
            <AgentAvatar name={assignee.name} size="s" title={say(words.assignedTo, { name: assignee.name })} />
          )}
          {unread > 0 && (
            <span class="count" translate={false}>
              {formatCount(unread)}
              <span class="sr"> {count(words.unreadMessages, unread).replace(/^\S+ /, '')}</span>
            </span>
          )}
        </div>
      </div>
    </div>
  )
}
