// What stands between the bubbles: notes of the team, what was moved, what happened to the record.
import type { Message } from '../../shared/model.ts'
import { formatTime } from '../locales/format.ts'
import { Icon } from './icon.tsx'
import { firstName } from './names.ts'
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

const Undo = onDemand(async () => (await import('./moving/undo.tsx')).Undo)

export function Line({ message, itemKey }: { message: Message; itemKey: string }) {
  const { words, zone, count } = useShared()
  const { moved, author } = message
  const away = moved?.from === message.coordinationId
  const values = { name: firstName(author.name || words.system), r: (away ? moved?.to : moved?.from) ?? words.noRecord }
  const text = moved ? count(away ? words.movedAway : words.moved, moved.messages.length, values) : message.text.trim()
  return (
    <div class="event" data-key={itemKey} data-seq={message.seq ?? undefined} tabIndex={-1}>
      <Icon name={moved ? 'move' : 'calendar'} />
      <span>
        {text || words.unsupported}
        {moved?.undoId && away && <Undo undoId={moved.undoId} />} ·{' '}
        <time dateTime={message.createdAt} translate={false}>
          {formatTime(zone, message.createdAt)}
        </time>
      </span>
    </div>
  )
}
