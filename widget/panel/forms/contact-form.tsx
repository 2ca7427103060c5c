// The client's name and number, corrected by the agent.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isBlank } from '../../../shared/is-blank.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatPhone } from '../../locales/format-phone.ts'
import { Icon } from '../icon.tsx'
import { problemText } from '../problem-text.ts'
import { useFormWords } from './form-words.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { NumberField } from './number-field.tsx'

export function ContactForm({ conversation, field }: { conversation: OwnConversation; field: 'name' | 'number' }) {
  const { client, words } = useShared()
  const own = useFormWords()
  const { mode } = useScene()
  const { contact, channel } = conversation
  const shownPhone = formatPhone(contact.phone ?? contact.address)
  const [name, setName] = useState(contact.name)
  const [phone, setPhone] = useState(shownPhone)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => (form.current?.elements.namedItem(field) as HTMLInputElement | null)?.select(), [field])
  const leave = () => (mode.value = { at: 'text' })

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    const patch = {
      ...(!isBlank(name) && name !== contact.name ? { name: name.trim() } : {}),
      ...(phone.trim() !== shownPhone ? { phone: { channel, phone: phone.replaceAll('\u00a0', ' ').trim() } } : {}),
    }
    if (Object.keys(patch).length === 0) return void leave()
    setBusy(true)
    setProblem('')
    const answer = await client.renameContact(contact.id, patch)
    setBusy(false)
    if (answer.ok) leave()
    else setProblem(problemText(words, answer.error))
  }

  return (
    <form class="picker" ref={form} noValidate onSubmit={save}>
      <div class="formhead">
        <button type="button" class="ib" aria-label={words.back} onClick={leave}>
          <Icon name="back" />
        </button>
        {field === 'number' ? own.fixNumber : own.editContact}
      </div>
      <div class="form">
        <label>
          {words.name}
          <input
            class="field"
            name="name"
            maxLength={120}
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <NumberField name="number" number={phone} problem={problem} onChange={setPhone} />
      </div>
      <div class="actbar">
        <button type="button" class="btn quiet" onClick={leave}>
          {words.cancel}
        </button>
        <button type="submit" class="btn primary" disabled={busy || phone.trim() === ''}>
          {words.save}
        </button>
      </div>
    </form>
  )
}
