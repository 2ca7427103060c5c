// Stands in the place of an empty thread: nobody wrote yet.
import type { OwnConversation } from '../../../shared/model.ts'
import { Empty } from '../empty.tsx'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { useNothingWords } from './nothing-words.ts'

const HILO =
  'M4.5 3.25h11a2 2 0 0 1 2 2v7.25a2 2 0 0 1-2 2H9.4l-3.3 2.6a.5.5 0 0 1-.8-.4v-2.2h-.8a2 2 0 0 1-2-2V5.25a2 2 0 0 1 2-2ZM6 9c1.33-2 2.67-2 4 0s2.67 2 4 0'

export function Start({ conversation: { channel, window: line, contact } }: { conversation: OwnConversation }) {
  const { say } = useShared()
  const own = useNothingWords()
  return (
    <Empty icon={HILO} title={own.start}>
      {channel === 'whatsapp' && !line.open && <p>{say(own.startHint, { name: firstName(contact.name) })}</p>}
    </Empty>
  )
}
