// Merges another contact into this one: looked for, seen beside it, and undone where it was the wrong one.
import { useState } from 'preact/hooks'
import type { Contact } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { SearchField } from '../search-field.tsx'
import { usePages } from '../use-pages.ts'
import { contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'
import { nameOf, numbersOf } from './name-of.ts'

export interface Merged {
  undoId: string
  /** Of the one that went. */
  name: string
}

interface MergeProps extends ContactProps {
  contact: Contact
  onMerged(merged: Merged): void
  onClose(): void
}

export function MergeContact({ api, words, contact, onMerged, onClose }: MergeProps) {
  // Doubles mostly have the same name.
  const [q, setQ] = useState(contact.name.trim())
  const [other, setOther] = useState<Contact | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { merge } = words
  const found = usePages(q, (cursor) => api.get<{ items: Contact[]; nextCursor: string | null }>('/api/contacts', { q, cursor, limit: 20 }))
  const others = found.items?.filter(({ id }) => id !== contact.id) ?? []
  const name = nameOf(contact, words)

  async function go(): Promise<void> {
    if (other === null) return
    setIsBusy(true)
    setProblem(null)
    try {
      const { undoId } = await api.send<{ undoId: string }>('POST', `${contactPath(contact.id)}/merge`, { from: other.id })
      onMerged({ undoId, name: nameOf(other, words) })
    } catch (wrong) {
      setProblem(wrong)
      setIsBusy(false)
    }
  }

  return (
    <Dialog
      title={merge.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" isDisabled={other === null} isBusy={isBusy} onClick={() => void go()}>
            {isBusy ? merge.going : merge.go}
          </Button>
        </>
      }
    >
      <p>{fill(merge.lead, { name })}</p>
      <Field label={merge.search}>{(control) => <SearchField label={merge.search} control={control} value={q} onChange={setQ} />}</Field>
      {found.items !== null && others.length === 0 && <p class="muted">{merge.nobody}</p>}
      {others.length > 0 && (
        <Choice
          legend={merge.goes}
          value={other?.id ?? ''}
          options={others.map((one) => ({ value: one.id, label: nameOf(one, words), hint: numbersOf(one) }))}
          onChange={(id) => setOther(others.find((one) => one.id === id) ?? null)}
        />
      )}
      {other !== null && (
        <p>
          {merge.keeps}: <b>{name}</b> <span class="muted num">{numbersOf(contact)}</span>
        </p>
      )}
      <Problem error={problem ?? found.error} />
    </Dialog>
  )
}
