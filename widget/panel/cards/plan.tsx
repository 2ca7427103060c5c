// Under a planned message: what can still be done about it, and the steps of its plan B; under one that went, which was taken.
import type { Message } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import { onDemand } from '../on-demand.tsx'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { UnderWords } from '../under-words.tsx'
import { useCardWords } from './card-words.ts'
import { editPlan } from './edit-plan.tsx'

const Steps = onDemand(async () => (await import('../forms/forms.ts')).forms.Steps)
const Taken = onDemand(async () => (await import('../forms/forms.ts')).forms.Taken)

export function Plan({ message }: { message: Message }) {
  const { planB, seq, status } = message
  if (seq === null)
    return (
      <>
        <Planned message={message} />
        {planB && <Steps message={message} planB={planB} />}
      </>
    )
  return (
    <>
      {planB && <Taken message={message} planB={planB} />}
      {status !== 'canceled' && <UnderWords message={message} />}
    </>
  )
}

function Planned({ message }: { message: Message }) {
  const { client, words } = useShared()
  const own = useCardWords()
  const scene = useScene()
  async function edit(): Promise<void> {
    if (!message.template) return editPlan(scene, message)
    const { name, language, variables } = message.template
    const later = { plan: message, ...(message.dueAt ? { sendAt: message.dueAt } : {}) }
    const template = await client.findTemplate(name, language)
    // Where it is no more, another one is chosen.
    scene.mode.value = template ? { at: 'form', template, variables, ...later } : { at: 'templates', ...later }
  }
  return (
    <span class="under">
      <Icon name="calendar" />
      {words.scheduled}
      {(message.type === 'text' || message.template) && (
        <button type="button" class="link" onClick={() => void edit()}>
          {own.edit}
        </button>
      )}
      <button type="button" class="link" onClick={() => void scene.thread.cancel(message.id)}>
        {words.cancel}
      </button>
    </span>
  )
}
