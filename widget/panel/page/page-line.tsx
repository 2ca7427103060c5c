// The host's page moved on to another record under an open thread: said quietly, with the way there.
import { useEffect, useState } from 'preact/hooks'
import type { Coordination } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import { useOwnWords } from '../own-words.ts'
import { useShared } from '../shared-state.ts'

const all = {
  es: { about: 'Esta página es de {title}', go: 'Ir' },
  en: { about: 'This page is about {title}', go: 'Go there' },
  pt: { about: 'Esta página é de {title}', go: 'Ir' },
}

export function PageLine({ coordinationId }: { coordinationId: string }) {
  const { client, say, find } = useShared()
  const own = useOwnWords(all)
  const [record, setRecord] = useState<Pick<Coordination, 'id' | 'title'> | null>(null)
  useEffect(() => {
    let current = true
    void client.http<Coordination>('GET', `/api/coordinations/${encodeURIComponent(coordinationId)}`).then((answer) => {
      // One that is not his to see, or not there, is no place to go.
      if (current && answer.ok) setRecord({ id: coordinationId, title: answer.title })
    })
    return () => {
      current = false
    }
  }, [client, coordinationId])
  if (record?.id !== coordinationId) return null
  return (
    <div class="strip" role="status">
      <Icon name="record" />
      <span class="cut">{say(own.about, { title: record.title })}</span>
      <button type="button" class="link" onClick={() => find({ coordinationId })}>
        {own.go}
      </button>
    </div>
  )
}
