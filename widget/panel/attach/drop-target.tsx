// Over a thread while files are dragged above it: where they go, if one can write there.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { give } from '../attached.ts'
import { contactName } from '../contact-name.ts'
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useAttachWords } from './attach-words.ts'

/** Above it a browser says so several times a second. */
const GONE_MS = 1500

export function DropTarget({ conversation, onLeave }: { conversation: OwnConversation; onLeave(): void }) {
  const { say } = useShared()
  const own = useAttachWords()
  const { attached, mode, plan } = useScene()
  const place = useRef<HTMLDivElement>(null)
  const gone = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [hasText, setHasText] = useState(false)

  function wait(): void {
    clearTimeout(gone.current)
    gone.current = setTimeout(onLeave, GONE_MS)
  }
  useLayoutEffect(() => {
    // A form, or the reason why not, may stand in the place of the text.
    const text = place.current?.parentElement?.querySelector('.composer textarea')
    setHasText(!!text && mode.peek().at === 'text' && plan.peek() === null)
    wait()
    return () => clearTimeout(gone.current)
  }, [])

  function onOver(event: DragEvent): void {
    wait()
    if (event.dataTransfer) event.dataTransfer.dropEffect = hasText ? 'copy' : 'none'
  }
  function onDrop(event: DragEvent): void {
    event.preventDefault()
    // Else the thread takes it for one more that is dragged above it.
    event.stopPropagation()
    if (hasText) give(attached, event.dataTransfer?.files ?? [])
    onLeave()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: where files are dropped; the button beside the text is for all else
    <div ref={place} class="droptarget" onDragOver={onOver} onDragLeave={onLeave} onDrop={onDrop}>
      {hasText && (
        <span>
          <Icon name="attach" />
          {say(own.dropHere, { name: contactName(conversation.contact) })}
        </span>
      )}
    </div>
  )
}
