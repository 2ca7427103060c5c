// The last message in a row: whose it is, its tick, its words; or that it failed.
import type { OwnConversation } from '../../shared/model.ts'
import { Icon } from './icon.tsx'
import { messageKind } from './message-kind.ts'
import { sayReplying } from './say-replying.ts'
import { firstName } from './names.ts'
import { useShared } from './shared-state.ts'
import { StatusMark, statusWord } from './status-mark.tsx'

export function Preview({ conversation }: { conversation: OwnConversation }) {
  const { client, words, me } = useShared()
  const repliers = client.replying.value.get(conversation.id)
  if (repliers?.length)
    return (
      <span class="prev replies">
        <span class="cut">{sayReplying(words, repliers)}…</span>
      </span>
    )
  const last = conversation.lastMessage
  if (last === null) return <span class="prev" />
  if (last.status === 'failed')
    return (
      <span class="prev danger">
        <Icon name="alert" />
        <span class="cut" title={last.text}>
          {`${statusWord(words, 'failed')}: ${last.text}`}
        </span>
      </span>
    )
  const kind = messageKind(words, last.type)
  const text = last.text.replace(/\s+/g, ' ').trim() || (kind?.word ?? '')
  const agent = last.author.type === 'agent' && last.type !== 'event' && last.type !== 'moved'
  const by = !agent ? '' : last.author.id === me ? `${words.you} ` : `${firstName(last.author.name)}: `
  return (
    <span class="prev">
      {last.direction === 'outbound' && <StatusMark status={last.status} words={words} />}
      {last.type === 'note' && <Icon name="note" label={words.note} />}
      {last.direction === 'outbound' && !agent && <Icon name="bolt" label={words.automation} />}
      {kind && <Icon name={kind.icon} />}
      <span class="cut" dir={by === '' ? 'auto' : undefined} title={text}>
        {by + text}
      </span>
    </span>
  )
}
