// Under a message that is held for a moment: takes it back, into the place where it was written.
import type { Message } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'
import { lastSeq, type Scene, useScene } from '../thread-scene.ts'
import { useCardWords } from './card-words.ts'

export function UndoSend({ message, isLate, onLate }: { message: Message; isLate: boolean; onLate(): void }) {
  const { client, words } = useShared()
  const own = useCardWords()
  const scene = useScene()
  if (isLate)
    return (
      <span class="under" role="alert">
        {own.undoneLate}
      </span>
    )

  async function undo(): Promise<void> {
    const answer = await scene.thread.cancel(message.id)
    if (!answer.ok) return onLate()
    const { name, language } = message.template ?? {}
    const template = name === undefined ? null : await client.findTemplate(name, language)
    if (template) scene.mode.value = { at: 'form', template, variables: message.template?.variables ?? {} }
    else putBack(scene, message)
  }
  return (
    <span class="under">
      <button type="button" class="link" onClick={() => void undo()}>
        {words.undo}
      </button>
    </span>
  )
}

/** With what it quotes; before what was begun meanwhile. */
function putBack(scene: Scene, message: Message): void {
  scene.edit(message.text)
  scene.draftSince ??= lastSeq(scene.thread)
  scene.replyTo.value ??= scene.thread.messages.peek().find((one) => one.id === message.replyToId) ?? null
}
