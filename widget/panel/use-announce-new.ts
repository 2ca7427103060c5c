// Says to a screen reader what arrived, and that one of ours did not, while the focus stays where it is.
import { useEffect, useRef } from 'preact/hooks'
import type { OwnConversation } from '../../shared/model.ts'
import { contactName } from './contact-name.ts'
import { messageKind } from './message-kind.ts'
import { useShared } from './shared-state.ts'
import { useScene } from './thread-scene.ts'

export function useAnnounceNew(conversation: OwnConversation): void {
  const { words, me, announce } = useShared()
  const messages = useScene().thread.messages.value
  const newest = useRef<number | null>(null)
  const failed = useRef(new Set<string>())

  useEffect(() => {
    const before = newest.current
    newest.current = messages.findLast((message) => message.seq !== null)?.seq ?? before ?? 0
    for (const message of messages) {
      if (message.status === 'failed' && !failed.current.has(message.id)) {
        failed.current.add(message.id)
        if (before !== null && message.direction === 'outbound') announce(`${words.failed} ${message.text}`)
      }
      if (before === null || message.seq === null || message.seq <= before || message.author.id === me) continue
      const name = message.direction === 'inbound' ? contactName(conversation.contact) : message.author.name
      announce(`${name}: ${message.text || (messageKind(words, message.type)?.word ?? '')}`)
    }
  }, [messages])
}
