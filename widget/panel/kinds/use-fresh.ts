// The media of a message with addresses that serve: they are valid for a day or two, and a page may be open for longer.
import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

/** Null: it is none of the server's yet. `refresh`: one of them could not be loaded. Asked once: where it is no better then, it stays as it is. */
export function useFresh(message: Message | null): { media: Message['media'] | null; refresh(): void } {
  const { id, rev, media = null } = message ?? {}
  const { client } = useShared()
  const [fresh, setFresh] = useState<Message['media'] | null>(null)
  const [asked, setAsked] = useState(false)
  useEffect(() => setFresh(null), [rev])
  return {
    media: fresh ?? media,
    refresh() {
      if (asked || id === undefined) return
      setAsked(true)
      void client.http<Message>('GET', `/api/messages/${encodeURIComponent(id)}`).then((answer) => {
        if (answer.ok && answer.media) setFresh(answer.media)
      })
    },
  }
}
