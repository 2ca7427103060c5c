// Under a planned message: what can still be done about it.
import type { Message } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useCardWords } from './card-words.ts'
import { editPlan } from './edit-plan.tsx'

export function Plan({ message }: { message: Message }) {
  const { words } = useShared()
  const own = useCardWords()
  const scene = useScene()
  return (
    <span class="under">
      <Icon name="calendar" />
      {words.scheduled}
      {message.type === 'text' && (
        <button type="button" class="link" onClick={() => editPlan(scene, message)}>
          {own.edit}
        </button>
      )}
      <button type="button" class="link" onClick={() => void scene.thread.cancel(message.id)}>
        {words.cancel}
      </button>
    </span>
  )
}
