// The last message in a row: whose it is, its tick, its words; or that it failed.
import type { OwnConversation } from '../../shared/model.ts'
import { isNotTaken } from './is-not-taken.ts'
import { Icon } from './icon.tsx'
import { messageKind } from './message-kind.ts'
import { sayReplying } from './say-replying.ts'
import { firstName } from './names.ts'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'
import { StatusMark, statusWord } from './status-mark.tsx'

const FailureWords = onDemand(
  async () => (await import('./cards/cards.ts')).cards.FailureWords,
  () => <>{statusWord(useShared().words, 'failed')}</>,
)

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
  const draft = client.drafts.value.get(conversation.id)?.trim()
  const unsent = client.unsent.value.find((one) => one.conversationId === conversation.id && isNotTaken(one))
  const failed = unsent !== undefined || !!conversation.failures?.length
  // What a client says comes first, but among what failed.
  if (failed && (client.inbox.filter.value.failed || last?.direction !== 'inbound'))
    return (
      <span class="prev danger">
        <Icon name="alert" />
        <span class="cut">
          <FailureWords conversation={conversation} unsent={unsent} />
        </span>
      </span>
    )
  if (draft)
    return (
      <span class="prev">
        <span class="cut" title={draft}>
          <b class="danger">{words.draft}</b> {draft}
        </span>
      </span>
    )
  if (last === null) return <span class="prev" />
  const kind = messageKind(words, last.type, last.attachment)
  const text = last.text.replace(/\s+/g, ' ').trim() || (kind?.word ?? '')
  const agent = last.author.type === 'agent' && last.type !== 'event' && last.type !== 'moved'
  const by = !agent ? '' : last.author.id === me ? `${words.you} ` : `${firstName(last.author.name)}: `
  return (
    <span class="prev">
      {failed && <Icon name="alert" class="danger" label={words.failedFilter} />}
      {conversation.optedOut && <Icon name="ban" class="danger" label={words.optedOutMark} />}
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
