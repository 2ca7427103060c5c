// One contact: who it is, what they want no more of, their records and threads, and everything said. From here it is corrected, exported,
// erased.
import { useEffect, useState } from 'preact/hooks'
import type { Contact } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Back } from '../back.tsx'
import { goTo } from '../go.ts'
import { contactAddress, contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'
import { EditContact } from './edit-contact.tsx'
import { EraseContact } from './erase-contact.tsx'
import { Facts } from './facts.tsx'
import { nameOf } from './name-of.ts'
import { Said } from './said.tsx'
import { Threads } from './threads.tsx'

type Doing = 'edit' | 'erase' | null

interface ViewProps extends ContactProps {
  id: string
  isEditing: boolean
}

export function ContactView({ id, isEditing, ...props }: ViewProps) {
  const { api, words } = props
  const [contact, setContact] = useState<Contact | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [doing, setDoing] = useState<Doing>(isEditing ? 'edit' : null)
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

  async function run(act: () => Promise<void>): Promise<void> {
    setProblem(null)
    try {
      await act()
    } catch (wrong) {
      setProblem(wrong)
    }
  }
  if (contact === null) return problem === null ? <Loading /> : <Problem error={problem} />
  const name = nameOf(contact, words)
  return (
    <article class="contact">
      <header class="page-head">
        <Back href="#/contacts">{words.back}</Back>
        <h1>{name}</h1>
        <div class="page-actions">
          <Button onClick={() => setDoing('edit')}>{words.edit}</Button>
          <Button onClick={() => void run(() => api.download(`${contactPath(id)}/export`, {}, `contact-${id}.json`))}>
            {words.export}
          </Button>
          <Button kind="danger" onClick={() => setDoing('erase')}>
            {words.erase.action}
          </Button>
        </div>
      </header>
      {said !== '' && <Notice kind="good">{said}</Notice>}
      <Problem error={problem} />
      {contact.conflict !== null && (
        <Notice kind="caution" actions={<a href={contactAddress(contact.conflict)}>{words.conflictOpen}</a>}>
          {words.conflict}
        </Notice>
      )}
      {doing === 'edit' ? (
        <EditContact
          {...props}
          contact={contact}
          onCancel={() => setDoing(null)}
          onSaved={(saved) => {
            setContact(saved)
            setDoing(null)
            setSaid(words.saved)
          }}
        />
      ) : (
        <Facts words={words} contact={contact} />
      )}
      <Threads {...props} id={id} />
      <Said {...props} id={id} />
      {doing === 'erase' && (
        <EraseContact {...props} contact={contact} onClose={() => setDoing(null)} onErased={() => goTo('#/contacts')} />
      )}
    </article>
  )
}
