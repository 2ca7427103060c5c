// The records of one client, that of the page first where it is his; null until they are known.
import { useEffect, useState } from 'preact/hooks'
import type { Coordination, OwnConversation } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

const MOST = 5
const SHOWN = 3

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
      const own = (answer?.ok ? answer.items : []).map(({ id, title, startsAt, status }) => ({
        id,
        title,
        startsAt,
        isOpen: status === 'active',
      }))
      // Perhaps under another number of his.
      if (hint && !own.some((one) => one.id === hint.coordinationId))
        own.push({ id: hint.coordinationId, title: hint.title, startsAt: null, isOpen: false })
      const rank = ({ id, isOpen }: (typeof own)[number]) => (id === page ? 0 : id === hint?.coordinationId ? 1 : isOpen ? 2 : 3)
      const others = own.filter((one) => one.id !== coordinationId)
      setRecords(others.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN))
    }
    void load()
    return () => {
      current = false
    }
  }, [phone, page, coordinationId, hint?.coordinationId])
  return records
}
