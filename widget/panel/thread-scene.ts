// Shared by the parts of one open conversation: its messages, what stands in the composer's place, and the text in it.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Message, OwnConversation, Template } from '../../shared/model.ts'
import type { SendMessage } from '../../shared/requests.ts'
import type { Thread } from '../client/client.ts'
import { type Attached, newAttached } from './attached.ts'
import type { Refusal } from './problem-text.ts'

/** Of a template that does not go now: when, and the plan that becomes it. */
export interface Later {
  sendAt?: string
  plan?: Message
}

/** When a text shall go, and what else goes then where it cannot. */
export type When = { sendAt: string } & Pick<SendMessage, 'planB'>

/** The modes of the place where one writes. */
export type Mode =
  | { at: 'text' }
  | { at: 'note' }
  | { at: 'voice' }
  | ({ at: 'templates' } & Later)
  | ({ at: 'form'; template: Template; variables: Readonly<Record<string, string>> } & Later)
  | { at: 'move'; message: Message }
  | { at: 'contact'; field: 'name' | 'number' }

/** A planned message that is being changed. Until it is saved the plan stays as it was. */
export interface PlanEdit {
  message: Message
  text: Signal<string>
  /** When it shall go. */
  at: Signal<string>
  planB: Signal<NonNullable<When['planB']> | null>
  pick(when: When): void
  /** Why it could not be saved. */
  refusal: Signal<Refusal | null>
  save(): Promise<void>
}

export interface Scene {
  thread: Thread
  conversation: ReadonlySignal<OwnConversation | undefined>
  mode: Signal<Mode>
  text: Signal<string>
  note: Signal<string>
  attached: Attached
  /** The newest message there was when the draft began: the collision guard. */
  draftSince: number | null
  /** Rises when the agent sent: the transcript goes to its end. */
  sends: Signal<number>
  /** The message that is quoted with the next text. */
  replyTo: Signal<Message | null>
  plan: Signal<PlanEdit | null>
  /** Puts the text into the composer, before what stands there, and the focus. */
  edit(text: string): void
  /** Rises when the composer should take the focus. */
  focus: Signal<number>
}

export function createScene(
  thread: Thread,
  conversation: ReadonlySignal<OwnConversation | undefined>,
  draft: string,
  allAttached: Map<string, Attached>,
): Scene {
  const mode = signal<Mode>({ at: 'text' })
  const kept = thread.draft.read()
  const text = signal(kept === '' ? draft : kept)
  const focus = signal(0)
  const plan = signal<PlanEdit | null>(null)
  const attached = allAttached.get(thread.conversationId) ?? newAttached()
  allAttached.set(thread.conversationId, attached)
  return {
    thread,
    conversation,
    mode,
    text,
    note: signal(''),
    attached,
    draftSince: text.peek() === '' ? null : lastSeq(thread),
    sends: signal(0),
    replyTo: signal<Message | null>(null),
    focus,
    plan,
    edit(next) {
      mode.value = { at: 'text' }
      plan.value = null
      text.value = [next, text.peek()].filter(Boolean).join('\n')
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
