// At the foot of the panel for eight seconds: what was done, and what undoes it. Control Z does, too, where nothing is written.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { isField } from '../own-events.ts'
import { useShared } from '../shared-state.ts'
import { useFollowWords } from './follow-words.ts'

const UNDO_MS = 8000

interface DoneProps {
  said: string
  /** Answers why it could not be. */
  undo: (() => Promise<string | null>) | null
  /** By this browser's clock. */
  at: number
  onLeave(): void
}

export function Done({ said: text, undo, at, onLeave }: DoneProps) {
  const { words } = useShared()
  const own = useFollowWords()
  const [said, setSaid] = useState<string | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const pressed = useRef(false)

  function leave(): void {
    const root = place.current?.getRootNode() as ShadowRoot | undefined
    if (place.current?.contains(root?.activeElement ?? null)) place.current.closest<HTMLElement>('.panel')?.focus()
    onLeave()
  }

  async function press(): Promise<void> {
    if (undo === null || pressed.current) return
    pressed.current = true
    // The timer may be late: in a tab behind others, or where the computer slept.
    const problem = Date.now() - at > UNDO_MS ? own.tooLate : await undo()
    if (problem === null) leave()
    else setSaid(problem)
  }

  // The key counts from when the offer is seen.
  useLayoutEffect(() => {
    const timer = setTimeout(leave, UNDO_MS)
    const panel = place.current?.closest('.panel')
    function onKeyDown(event: Event): void {
      const { key, ctrlKey, metaKey, target } = event as KeyboardEvent
      if (key !== 'z' || !(ctrlKey || metaKey) || (isField(target) && (target as HTMLTextAreaElement).value !== '')) return
      event.preventDefault()
      void press()
    }
    panel?.addEventListener('keydown', onKeyDown)
    return () => {
      clearTimeout(timer)
      panel?.removeEventListener('keydown', onKeyDown)
    }
  }, [said])

  return (
    <div class="strip done" role="status" ref={place}>
      <Icon name={said !== null || undo === null ? 'alert' : 'tick'} />
      <span class="grow">{said ?? text}</span>
      {said === null && undo !== null && (
        <button type="button" class="link" aria-keyshortcuts="Control+Z" onClick={() => void press()}>
          {words.undo}
        </button>
      )}
    </div>
  )
}
