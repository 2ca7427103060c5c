// One contact: who it is, what they want no more of, their records and threads, and everything said. From here it is corrected, merged,
// exported, erased.
import { useEffect, useState } from 'preact/hooks'
import type { Contact } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
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
import { type Merged, MergeContact } from './merge-contact.tsx'
import { nameOf } from './name-of.ts'
import { Said } from './said.tsx'
import { Threads } from './threads.tsx'

type Doing = 'edit' | 'merge' | 'erase' | null

interface ViewProps extends ContactProps {
  id: string
  isEditing: boolean
}

export function ContactView({ id, isEditing, ...props }: ViewProps) {
  const { api, words } = props
  const [contact, setContact] = useState<Contact | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [doing, setDoing] = useState<Doing>(isEditing ? 'edit' : null)
  const [merged, setMerged] = useState<Merged | null>(null)
  const [said, setSaid] = useState('')
  const [turn, setTurn] = useState(0)

  useEffect(() => {
    let isGone = false
    api.get<Contact>(contactPath(id)).then(
      (found) => isGone || setContact(found),
      (wrong: unknown) => isGone || setProblem(wrong),
    )
    return () => {
      isGone = true
    }
  }, [api, id, turn])

  async function run(act: () => Promise<void>): Promise<void> {
    setProblem(null)
    try {
      await act()
    } catch (wrong) {
      setProblem(wrong)
    }
  }
  const undo = () =>
    run(async () => {
      await api.send('POST', '/api/contacts/merge/undo', { undoId: merged?.undoId })
      setMerged(null)
      setSaid(words.merge.undone)
      setTurn(turn + 1)
    })

  if (contact === null) return problem === null ? <Loading /> : <Problem error={problem} />
  const name = nameOf(contact, words)
  return (
    <article class="contact">
      <header class="page-head">
        <Back href="#/contacts">{words.back}</Back>
        <h1>{name}</h1>
        <div class="page-actions">
          <Button onClick={() => setDoing('edit')}>{words.edit}</Button>
          <Button onClick={() => setDoing('merge')}>{words.merge.action}</Button>
          <Button onClick={() => void run(() => api.download(`${contactPath(id)}/export`, {}, `contact-${id}.json`))}>
            {words.export}
          </Button>
          <Button kind="danger" onClick={() => setDoing('erase')}>
            {words.erase.action}
          </Button>
        </div>
      </header>
      {merged !== null && (
        <Notice
          kind="good"
          actions={
            <Button isSmall onClick={() => void undo()}>
              {words.merge.undo}
            </Button>
          }
        >
          {fill(words.merge.done, { name: merged.name })}
        </Notice>
      )}
      {merged === null && said !== '' && <Notice kind="good">{said}</Notice>}
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
      <Threads {...props} id={id} turn={turn} />
      <Said {...props} id={id} turn={turn} />
      {doing === 'erase' && (
        <EraseContact {...props} contact={contact} onClose={() => setDoing(null)} onErased={() => goTo('#/contacts')} />
      )}
      {doing === 'merge' && (
        <MergeContact
          {...props}
          contact={contact}
          onClose={() => setDoing(null)}
          onMerged={(done) => {
            setMerged(done)
            setDoing(null)
            setTurn(turn + 1)
          }}
        />
      )}
    </article>
  )
}
