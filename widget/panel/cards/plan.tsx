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
  const { name, variables = {} } = message.template ?? {}
  const template = client.templates.value.find((one) => one.name === name)
  function edit(): void {
    if (!template) editPlan(scene, message)
    else scene.mode.value = { at: 'form', template, variables, plan: message, ...(message.dueAt ? { sendAt: message.dueAt } : {}) }
  }
  return (
    <span class="under">
      <Icon name="calendar" />
      {words.scheduled}
      {(message.type === 'text' || template) && (
        <button type="button" class="link" onClick={edit}>
          {own.edit}
        </button>
      )}
      <button type="button" class="link" onClick={() => void scene.thread.cancel(message.id)}>
        {words.cancel}
      </button>
    </span>
  )
}
