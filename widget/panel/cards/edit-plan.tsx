// A planned message that is being changed: the line above its text, and the one step that saves it.
import { signal } from '@preact/signals-core'
import type { Message, PlanB } from '../../../shared/model.ts'
import { formatWhenLong } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { problemText, type Refusal } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { type PlanEdit, type Scene, useScene } from '../thread-scene.ts'
import { useCardWords } from './card-words.ts'

/** Its text is apart from the draft: after a reload it must not stand there as something that Enter sends at once. */
export function editPlan({ thread, plan, mode, focus }: Scene, message: Message): void {
  const refusal = signal<Refusal | null>(null)
  const edit: PlanEdit = {
    message,
    text: signal(message.text),
    at: signal(message.dueAt ?? message.createdAt),
    planB: signal(message.planB ? asked(message.planB) : null),
    refusal,
    pick({ sendAt, planB }) {
      edit.at.value = sendAt
      edit.planB.value = planB ?? null
      focus.value++
    },
    async save() {
      const planB = edit.planB.peek()
      const change = { text: edit.text.peek(), sendAt: edit.at.peek() }
      const answer = await thread.change(message.id, message.planB || planB ? { ...change, planB } : change)
      if (!answer.ok) refusal.value = answer.error
      else if (plan.peek() === edit) plan.value = null
    },
  }
  mode.value = { at: 'text' }
  plan.value = edit
  focus.value++
}

const asked = ({ template, sms }: PlanB) => ({ sms, ...(template ? { template } : {}) })

export function EditingLine({ edit, onChange }: { edit: PlanEdit; onChange(): void }) {
  const { words, zone, now, say } = useShared()
  const own = useCardWords()
  const { thread, plan, focus } = useScene()
  const refusal = edit.refusal.value
  const isPlanned = thread.messages.value.some((one) => one.id === edit.message.id && one.seq === null)
  const problem = !isPlanned || refusal?.code === 'conflict' ? own.planGone : refusal && problemText(words, refusal)
  return (
    <div class={problem ? 'modeline caution' : 'modeline'} role={problem ? 'alert' : undefined}>
      <Icon name="calendar" />
      <span class="grow">
        {problem ?? say(own.editingPlan, { t: formatWhenLong(zone, words, edit.at.value, now.value) })}{' '}
        {isPlanned && (
          <button type="button" class="link" onClick={onChange}>
            {own.changeTime}
          </button>
        )}
      </span>
      <button
        type="button"
        class="ib"
        aria-label={own.stopEditing}
        title={own.stopEditing}
        onClick={() => {
          plan.value = null
          focus.value++
        }}
      >
        <Icon name="close" class="s14" />
      </button>
    </div>
  )
}
