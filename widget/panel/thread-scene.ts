// What the parts of one open conversation share: its messages, what stands in the composer's place, and the text in it.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Message, OwnConversation, Template } from '../../shared/model.ts'
import type { Thread } from '../client/client.ts'

/** What stands where one writes. */
export type Mode =
  | { at: 'text' }
  | { at: 'note' }
  | { at: 'templates' }
  | { at: 'form'; template: Template; variables: Readonly<Record<string, string>> }
  | { at: 'contact'; field: 'name' | 'number' }

export interface Scene {
  thread: Thread
  conversation: ReadonlySignal<OwnConversation | undefined>
  mode: Signal<Mode>
  text: Signal<string>
  note: Signal<string>
  /** The newest message there was when the draft began: the collision guard. */
  draftSince: number | null
  /** Rises when the agent sent: the transcript goes to its end. */
  sends: Signal<number>
  /** The message that is quoted with the next text. */
  replyTo: Signal<Message | null>
  /** Puts the text into the composer and the focus there. */
  edit(text: string): void
  /** Rises when the composer should take the focus. */
  focus: Signal<number>
}

export function createScene(thread: Thread, conversation: ReadonlySignal<OwnConversation | undefined>, draft: string): Scene {
  const mode = signal<Mode>({ at: 'text' })
  const kept = thread.draft.read()
  const text = signal(kept === '' ? draft : kept)
  const focus = signal(0)
  return {
    thread,
    conversation,
    mode,
    text,
    note: signal(''),
    draftSince: text.peek() === '' ? null : lastSeq(thread),
    sends: signal(0),
    replyTo: signal<Message | null>(null),
    focus,
    edit(next) {
      mode.value = { at: 'text' }
      text.value = next
      focus.value++
    },
  }
}

export function lastSeq(thread: Thread): number {
  return thread.messages.peek().findLast((message) => message.seq !== null)?.seq ?? 0
}

export const SceneContext = createContext<Scene | null>(null)

export function useScene(): Scene {
  const scene = useContext(SceneContext)
  if (scene === null) throw new Error('This part stands outside of a thread.')
  return scene
}
