// One contact: who it is, what they want no more of, their records and threads, and everything said. From here it is corrected.
import { useEffect, useState } from 'preact/hooks'
import type { Contact } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Back } from '../back.tsx'
import { contactAddress, contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'
import { EditContact } from './edit-contact.tsx'
import { Facts } from './facts.tsx'
import { nameOf } from './name-of.ts'
import { Said } from './said.tsx'
import { Threads } from './threads.tsx'

interface ViewProps extends ContactProps {
  id: string
  isEditing: boolean
}

export function ContactView({ id, isEditing, ...props }: ViewProps) {
  const { api, words } = props
  const [contact, setContact] = useState<Contact | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [isOpen, setIsOpen] = useState(isEditing)
  const [said, setSaid] = useState('')

  useEffect(() => {
    let isGone = false
    api.get<Contact>(contactPath(id)).then(
      (found) => isGone || setContact(found),
      (wrong: unknown) => isGone || setProblem(wrong),
    )
    return () => {
      isGone = true
    }
  }, [api, id])

  if (contact === null) return problem === null ? <Loading /> : <Problem error={problem} />
  const name = nameOf(contact, words)
  return (
    <article class="contact">
      <header class="page-head">
        <Back href="#/contacts">{words.back}</Back>
        <h1>{name}</h1>
        <div class="page-actions">
          <Button onClick={() => setIsOpen(true)}>{words.edit}</Button>
        </div>
      </header>
      {said !== '' && <Notice kind="good">{said}</Notice>}
      <Problem error={problem} />
      {contact.conflict !== null && (
        <Notice kind="caution" actions={<a href={contactAddress(contact.conflict)}>{words.conflictOpen}</a>}>
          {words.conflict}
        </Notice>
      )}
      {isOpen ? (
        <EditContact
          {...props}
          contact={contact}
          onCancel={() => setIsOpen(false)}
          onSaved={(saved) => {
            setContact(saved)
            setIsOpen(false)
            setSaid(words.saved)
          }}
        />
      ) : (
        <Facts words={words} contact={contact} />
      )}
      <Threads {...props} id={id} />
      <Said {...props} id={id} />
    </article>
  )
}
