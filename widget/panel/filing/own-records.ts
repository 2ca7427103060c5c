// The records of one client, that of the page first where it is his; null until they are known.
import { useEffect, useState } from 'preact/hooks'
import type { Coordination, OwnConversation } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

const MOST = 5

export interface OwnRecord {
  id: string
  title: string
  startsAt: string | null
}

export function useOwnRecords({ contact, coordinationId, hint }: OwnConversation): OwnRecord[] | null {
  const { client, context } = useShared()
  const page = context.value.coordinationId
  const [records, setRecords] = useState<OwnRecord[] | null>(null)
  const { phone } = contact
  useEffect(() => {
    let current = true
    async function load(): Promise<void> {
      const query = new URLSearchParams({ phone: phone ?? '', limit: String(MOST) })
      const answer = phone === null ? null : await client.http<{ items: Coordination[] }>('GET', `/api/coordinations?${query}`)
      if (!current) return
      const own: OwnRecord[] = answer?.ok ? answer.items.toSorted((a, b) => rank(a) - rank(b)) : []
      // Closed, and perhaps under another number of his.
      if (hint && !own.some((one) => one.id === hint.coordinationId))
        own.push({ id: hint.coordinationId, title: hint.title, startsAt: null })
      setRecords(own.filter((one) => one.id !== coordinationId))
    }
    const rank = ({ id, status }: Coordination) => (id === page ? 0 : status === 'active' ? 1 : 2)
    void load()
    return () => {
      current = false
    }
  }, [phone, page, coordinationId, hint?.coordinationId])
  return records
}
