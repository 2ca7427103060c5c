// Read by every part of the panel: the connection, how it is shown, the clock, and where it is. One per mount.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { createContext, type VNode } from 'preact'
import { useContext } from 'preact/hooks'
import { fill, plural, type Zone } from '../locales/format.ts'
import type { Plural, Words } from '../locales/words.ts'
import type { Client } from '../client/client.ts'
import type { Appearance, Context, Frame, HostRecord, PanelOptions, Target } from '../client/panel.ts'
import type { Attached } from './attached.ts'
import type { Refusal } from './problem-text.ts'
import type { Take } from './voice/take.ts'
import { nameRecords } from './name-records.ts'
import { watchSignals } from './watch-signals.ts'

const TICK_MS = 10_000

watchSignals()

export type View =
  | { at: 'inbox' }
  | { at: 'new' }
  | { at: 'settings' }
  | { at: 'finding'; target: Target; problem: Refusal | null }
  | { at: 'thread'; conversationId: string; target: Target }
  /** Who one talks to there. */
  | { at: 'person'; conversationId: string }
  /** What will go for its record, and when. */
  | { at: 'plan'; conversationId: string }

/** The inbox as it was left: filter and search live in the client, these are the panel's own. */
export interface InboxMemory {
  /** Key of the chosen filter. */
  filter: string
  /** Nobody chose it: who waits is shown first, and all where nobody does. */
  isFresh: boolean
  search: Signal<string>
  scrollTop: number
  activeId: string | null
}

/** Said in a round's line: a colleague was first, it was sent, or the next one could not be asked for. */
export type RoundWord = { kind: 'first'; by: string; name: string } | { kind: 'sent'; name: string; id: string } | { kind: 'failed' }

/** On the way through all who wait. */
export interface Round {
  /** The conversation it stands at. */
  current: string | null
  /** By conversation, since when the client waited as the round came by. */
  passed: Readonly<Record<string, string>>
  ahead: readonly { id: string; name: string }[]
  left: number
  words: readonly RoundWord[]
  isDone: boolean
}

export interface Shared {
  client: Client
  appearance: Signal<Appearance>
  context: Signal<Context>
  /** The server's clock, a step every ten seconds; what needs a finer one has a timer of its own. */
  now: Signal<number>
  words: ReadonlySignal<Words>
  zone: ReadonlySignal<Zone>
  view: Signal<View>
  inbox: InboxMemory
  /** By conversation. */
  attached: Map<string, Attached>
  /** At the foot for a while: what was just done, and what undoes it. */
  done: Signal<VNode | null>
  /** By conversation, the voice message that was recorded there and not sent yet. */
  takes: Map<string, Take>
  /** What was pressed to open it; it stays in sight. */
  pressed: Element | null
  /** Opened by nobody's hand: the focus stays in the page. */
  isQuiet: boolean
  /** Full screen: the page behind is covered. */
  full: Signal<boolean>
  frame: Signal<Frame>
  /** The side of the window where it stands; null: the launcher's. */
  side: Signal<'left' | 'right' | null>
  /** The list and the thread stand side by side. */
  panes: Signal<boolean>
  onDock: PanelOptions['onDock']
  round: Signal<Round | null>
  /** Set for one thread in the page's flow: no inbox to go back to, no closing. */
  inline: boolean
  go(view: View): void
  find(target: Target): void
  close(): void
  /** The host's page of a record. */
  record: HostRecord
  /** The error while it was drawn, and how it is drawn again; null: none. */
  fault: Signal<{ error: unknown; again(): void } | null>
  /** For a screen reader, one text at a time. */
  announce(text: string): void
  announced: Signal<string>
  startClock(): () => void
}

export interface SharedOptions {
  appearance: Appearance
  context: Context
  inline: boolean
  onClose(): void
  onDock: PanelOptions['onDock']
  record: HostRecord
}

export function createShared(client: Client, { appearance: first, context: about, inline, onClose, ...host }: SharedOptions): Shared {
  const appearance = signal(first)
  const serverNow = () => Date.now() - client.clockSkewMs.peek()
  const now = signal(serverNow())
  const view = signal<View>({ at: 'inbox' })
  const announced = signal('')
  const filter = signal('awaiting')
  const waiting: string[] = []
  let speaking: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  function speak(): void {
    const next = waiting.shift()
    if (next !== undefined) announced.value = next
    speaking = next === undefined ? undefined : setTimeout(speak, 1000)
  }

  const shared: Shared = {
    client,
    appearance,
    context: signal(about),
    now,
    words: computed(() => {
      const { words, recordWord } = appearance.value
      const own = recordWord ? { ...words, record: recordWord.one, records: recordWord.many } : words
      return nameRecords(own, own.record, own.records)
    }),
    zone: computed(() => ({ locale: appearance.value.locale, timezone: client.ready.value?.timezone ?? 'UTC' })),
    view,
    inbox: {
      get filter() {
        return filter.value
      },
      set filter(key) {
        filter.value = key
      },
      isFresh: true,
      search: signal(''),
      scrollTop: 0,
      activeId: null,
    },
    attached: new Map(),
    done: signal(null),
    takes: new Map(),
    pressed: null,
    isQuiet: false,
    full: signal(false),
    frame: signal<Frame>({ width: null, isDocked: false }),
    side: signal(null),
    panes: signal(false),
    round: signal<Round | null>(null),
    fault: signal(null),
    inline,
    go(next) {
      turn++
      view.value = next
    },
    find(target) {
      const mine = ++turn
      view.value = { at: 'finding', target, problem: null }
      const { coordinationId, title, phone, name, channel } = target
      const asked = {
        ...(coordinationId ? { coordinationId } : {}),
        ...(title ? { title } : {}),
        ...(phone ? { phone } : {}),
        ...(name ? { name } : {}),
        ...(channel ? { channel } : {}),
      }
      void client.find(asked).then((answer) => {
        if (mine !== turn) return
        view.value = answer.ok
          ? { at: 'thread', conversationId: answer.conversation.id, target }
          : { at: 'finding', target, problem: answer.error }
      })
    },
    close: onClose,
    ...host,
    announced,
    announce(text) {
      waiting.push(text)
      if (speaking === undefined) speak()
    },
    startClock() {
      now.value = serverNow()
      const timer = setInterval(() => {
        now.value = serverNow()
      }, TICK_MS)
      return () => {
        clearInterval(timer)
        clearTimeout(speaking)
        speaking = undefined
        waiting.length = 0
        announced.value = ''
      }
    },
  }
  return shared
}

export const SharedContext = createContext<Shared | null>(null)

/** With the words of the moment and short forms of what fills them. */
export function useShared() {
  const shared = useContext(SharedContext)
  if (shared === null) throw new Error('This part stands outside of a panel.')
  const words = shared.words.value
  const zone = shared.zone.value
  return {
    ...shared,
    words,
    zone,
    say: (text: string, values: Readonly<Record<string, string | number>>) => fill(text, values),
    count: (forms: Plural, n: number, values?: Readonly<Record<string, string | number>>) => plural(zone.locale, forms, n, values),
    me: shared.client.ready.value?.agent.id ?? null,
  }
}
