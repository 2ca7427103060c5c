// Which of this client's records an unfiled conversation is about: one press files it.
import { useState } from 'preact/hooks'
import type { Answer } from '../../../shared/events.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import { fileConversation } from './file-conversation.ts'
import { onDemand } from '../on-demand.tsx'
import { PopupButton } from '../popup.tsx'
import { problemText } from '../problem-text.ts'
import { recordTitle } from '../record-title.ts'
import { useShared } from '../shared-state.ts'
import { useFilingWords } from './filing-words.ts'
import { useOwnRecords } from './own-records.ts'

const FileBox = onDemand(async () => (await import('../menus/menus.ts')).menus.FileBox)

export function RecordChips({ conversation }: { conversation: OwnConversation }) {
  const shared = useShared()
  const { words, zone, now, say } = shared
  const texts = useFilingWords()
  const records = useOwnRecords(conversation)
  const [problem, setProblem] = useState('')

  async function file(coordinationId: string | null): Promise<Answer<object>> {
    const answer = await fileConversation(shared, conversation, coordinationId)
    setProblem(answer.ok ? '' : problemText(words, answer.error))
    return answer
  }

  if (records === null) return null
  const other = records.length > 0 ? texts.other : texts.fileUnder
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons, not fields
    <div class="rec chips" role="group" aria-label={texts.fileUnder}>
      {records.map((one) => (
        <button key={one.id} type="button" class="btn small cut" dir="auto" onClick={() => void file(one.id)}>
          {say(texts.isIt, { r: recordTitle(zone, one, now.value) })}
        </button>
      ))}
      <PopupButton label={other} class="link" popup={FileBox} with={{ conversation, onFile: file }}>
        {other}
      </PopupButton>
      {problem && (
        <span class="danger" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
