// The host's data of the record, for the forms of templates.
import { useEffect, useState } from 'preact/hooks'
import { textsOf } from '../../../shared/known-values.ts'
import type { Coordination } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

/** Empty until it is there, and where there is none. */
export function useRecordData(coordinationId: string | null): Readonly<Record<string, string>> {
  const { client } = useShared()
  const [data, setData] = useState<Readonly<Record<string, string>>>({})
  useEffect(() => {
    let current = true
    if (coordinationId !== null)
      void client.http<Coordination>('GET', `/api/coordinations/${encodeURIComponent(coordinationId)}`).then((answer) => {
        if (current && answer.ok) setData(textsOf(answer.data ?? {}))
      })
    return () => {
      current = false
    }
  }, [client, coordinationId])
  return data
}
