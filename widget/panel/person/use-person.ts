// Loads a person, as far as this agent may see: the contact, its records, its conversations.
import { useEffect, useState } from 'preact/hooks'
import type { Contact, Coordination, OwnConversation } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

const MOST = 50

export interface Person {
  contact: Contact
  records: Coordination[]
  conversations: OwnConversation[]
}

/** Null: not there yet; `missing`: it could not be had. */
export function usePerson({ id, phone }: OwnConversation['contact']): [Person | null | 'missing', (contact: Contact) => void] {
  const { client } = useShared()
  const [person, setPerson] = useState<Person | null | 'missing'>(null)
  useEffect(() => {
    let current = true
    const list = async <One>(path: string, query: Record<string, string>): Promise<One[]> => {
      const answer = await client.http<{ items?: One[] }>('GET', `${path}?${new URLSearchParams({ ...query, limit: String(MOST) })}`)
      return answer.ok ? (answer.items ?? []) : []
    }
    void Promise.all([
      client.http<Contact>('GET', `/api/contacts/${encodeURIComponent(id)}`),
      phone === null ? [] : list<Coordination>('/api/coordinations', { phone }),
      list<OwnConversation>('/api/conversations', { contactId: id, automated: 'true' }),
    ]).then(([contact, records, conversations]) => {
      if (current) setPerson(contact.ok ? { contact, records, conversations } : 'missing')
    })
    return () => {
      current = false
    }
  }, [client, id, phone])
  return [person, (contact) => setPerson((before) => (before === null || before === 'missing' ? before : { ...before, contact }))]
}
