// The message that is answered: who wrote it, how it begins, and the way there.
import { contactName } from '../contact-name.ts'
import { messageKind } from '../message-kind.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'

export function Quote({ id }: { id: string }) {
  const { words } = useShared()
  const { thread, conversation } = useScene()
  const quoted = thread.messages.value.find((message) => message.id === id)
  if (!quoted) return null
  const contact = conversation.value?.contact
  return (
    <button
      type="button"
      class="quote"
      onClick={(event) => {
        const log = event.currentTarget.closest('[role="log"]')
        const there = [...(log?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])].find((one) => one.dataset.seq === String(quoted.seq))
        there?.scrollIntoView({ block: 'center' })
        there?.focus({ preventScroll: true })
      }}
    >
      <b class="cut">{quoted.direction === 'inbound' && contact ? contactName(contact) : quoted.author.name}</b>
      <span>{quoted.text || messageKind(words, quoted.type)?.word}</span>
    </button>
  )
}
