// Of a conversation that is not open: since it is closed, or until when it is snoozed, and what opens it.
import { useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatWhenLong } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useFollowWords } from './follow-words.ts'

export function StateLine({ conversation }: { conversation: OwnConversation }) {
  const { client, words, zone, now, say } = useShared()
  const own = useFollowWords()
  const { focus } = useScene()
  const [problem, setProblem] = useState('')
  const { id, status, snoozedUntil } = conversation
  const isClosed = status === 'closed'

  async function open(): Promise<void> {
    const answer = await client.update(id, { status: 'open', snoozedUntil: null })
    setProblem(answer.ok ? '' : problemText(words, answer.error))
    // This line goes with its button.
    if (answer.ok) focus.value++
  }

  const text = isClosed
    ? own.closed
    : snoozedUntil === null
      ? own.snoozedUntilHeWrites
      : say(own.snoozed, { t: formatWhenLong(zone, words, snoozedUntil, now.value) })
  return (
    <div class="strip" role="status">
      <Icon name={isClosed ? 'tick' : 'clock'} />
      <span class="grow">
        {text}
        {problem && (
          <span class="danger" role="alert">
            {' '}
            {problem}
          </span>
        )}
      </span>
      <button type="button" class="link" onClick={() => void open()}>
        {isClosed ? own.reopen : own.bringBack}
      </button>
    </div>
  )
}
