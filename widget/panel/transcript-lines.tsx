// The lines between the bubbles: notes of the team, what was moved, what happened to the record.
import type { Message } from '../../shared/model.ts'
import { formatTime } from '../locales/format.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { RichText } from './rich-text.tsx'
import { useShared } from './shared-state.ts'

export function Note({ message, isNew, itemKey }: { message: Message; isNew: boolean; itemKey: string }) {
  const { words, zone, say } = useShared()
  return (
    <div class={isNew ? 'notecard is-new' : 'notecard'} data-key={itemKey} data-seq={message.seq ?? undefined} tabIndex={-1}>
      <header>
        <Icon name="note" />
        <span>{say(words.noteBy, { name: message.author.name })}</span>
        <time dateTime={message.createdAt} translate={false}>
          {formatTime(zone, message.createdAt)}
        </time>
      </header>
      <RichText text={message.text} />
    </div>
  )
}

const MovedWords = onDemand(async () => (await import('./filing/filing.ts')).filing.MovedWords)

const OptOutWords = onDemand(async () => (await import('./forms/forms.ts')).forms.OptOutWords)

/** `moved`: how many messages went from here, or came, by one move. */
export function Line({ message, moved, itemKey }: { message: Message; moved: number; itemKey: string }) {
  const { words, zone } = useShared()
  const { event } = message
  const at = moved > 0 ? (message.arrived?.at ?? message.createdAt) : message.createdAt
  return (
    <div class="event" data-key={itemKey} data-seq={(!message.arrived && message.seq) || undefined} tabIndex={-1}>
      <Icon name={moved > 0 ? 'move' : event && event.name !== 'record' ? 'ban' : 'calendar'} />
      <span>
        {moved > 0 ? (
          <MovedWords message={message} count={moved} />
        ) : event ? (
          <OptOutWords event={event} />
        ) : (
          message.text.trim() || words.unsupported
        )}{' '}
        ·{' '}
        <time dateTime={at} translate={false}>
          {formatTime(zone, at)}
        </time>
      </span>
    </div>
  )
}
