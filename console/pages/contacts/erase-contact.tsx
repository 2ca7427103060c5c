// Asks before a person is erased: what goes, what stays, and the name written by hand, since nothing brings it back.
import { useState } from 'preact/hooks'
import { foldText } from '../../../shared/fold-text.ts'
import type { Contact } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'

interface EraseProps extends ContactProps {
  contact: Contact
  onErased(): void
  onClose(): void
}

export function EraseContact({ api, words, contact, onErased, onClose }: EraseProps) {
  const [typed, setTyped] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { erase } = words
  const name = contact.name.trim() || (contact.addresses[0]?.phone ?? contact.id)
  const isSure = foldText(typed.trim()) === foldText(name)

  async function go(): Promise<void> {
    setIsBusy(true)
    setProblem(null)
    try {
      await api.send('DELETE', contactPath(contact.id))
      onErased()
    } catch (wrong) {
      setProblem(wrong)
      setIsBusy(false)
    }
  }

  return (
    <Dialog
      title={fill(erase.title, { name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" isDisabled={!isSure} isBusy={isBusy} onClick={() => void go()}>
            {isBusy ? erase.going : erase.go}
          </Button>
        </>
      }
    >
      <p>{erase.lead}</p>
      <ul class="goes">
        {erase.goes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <p class="muted">{erase.stays}</p>
      <Field label={fill(erase.type, { name })}>
        {(control) => (
          <input {...control} class="field" value={typed} autocomplete="off" onInput={(event) => setTyped(event.currentTarget.value)} />
        )}
      </Field>
      <Problem error={problem} />
    </Dialog>
  )
}
