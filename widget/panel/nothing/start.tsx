// Stands in the place of an empty thread: nobody wrote yet.
import type { OwnConversation } from '../../../shared/model.ts'
import { Empty } from '../empty.tsx'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { useNothingWords } from './nothing-words.ts'

export function Start({ conversation: { channel, window: line, contact } }: { conversation: OwnConversation }) {
  const { say } = useShared()
  const own = useNothingWords()
  return (
    <Empty icon="hilo" title={own.start}>
      {channel === 'whatsapp' && !line.open && <p>{say(own.startHint, { name: firstName(contact.name) })}</p>}
    </Empty>
  )
}
