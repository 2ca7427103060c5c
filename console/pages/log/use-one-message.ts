// The message that the address names: of the list where it is there, else asked for.
import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../shared/model.ts'
import type { Api } from '../../api.ts'

interface One {
  message: Message | null
  error: unknown
  put(message: Message): void
}

export function useOneMessage(api: Api, id: string | null, listed: readonly Message[] | null): One {
  const [found, setFound] = useState<Message | null>(null)
  const [error, setError] = useState<unknown>(null)
  const inList = listed?.find((one) => one.id === id) ?? null
  // While the list itself is still on its way it may bring it.
  const isAsked = id !== null && inList === null && listed !== null
  useEffect(() => {
    setError(null)
    if (!isAsked) return
    let isGone = false
    api.get<Message>(`/api/messages/${encodeURIComponent(id)}`).then(
      (message) => isGone || setFound(message),
      (wrong: unknown) => isGone || setError(wrong),
    )
    return () => {
      isGone = true
    }
  }, [api, id, isAsked])
  return { message: inList ?? (found?.id === id ? found : null), error, put: setFound }
}
