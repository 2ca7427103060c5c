// A line on which a test is the server: it sees each call, answers when it wants to, and tells what it wants. For what a
// real server does too seldom to be waited for: answers that cross, come late, or are older than what was told.
import { signal } from '@preact/signals-core'
import type { LinkState } from '../../widget/client/client.ts'
import type { Link } from '../../widget/client/link.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { createClient } from '../../widget/client/create-client.ts'
import { vi } from 'vitest'
import { problem } from '../../shared/problems.ts'
import type { ChangesEvent, ServerToClient, SyncAnswer } from '../../shared/events.ts'
import { ana } from '../widget-panel/fixtures/sample.ts'
import { createTestPage, type TestPage } from './support.ts'

export interface Asked {
  event: string
  body: unknown
  ok(answer?: object): Promise<void>
  fail(code?: 'unavailable' | 'not_found' | 'forbidden'): Promise<void>
}

export interface Line {
  client: ReturnType<typeof createClient>
  page: TestPage
  /** All calls from the first on; over HTTP: `GET /path`. */
  asked: Asked[]
  heard: Message[]
  /** Of these, those of one name. */
  calls(event: string): Asked[]
  /** The oldest call of that name that has no answer yet. */
  open(event: string): Asked
  tell<Name extends keyof ServerToClient>(name: Name, ...args: Parameters<ServerToClient[Name]>): void
  down(): void
  /** The line is up, also once more. */
  up(): Promise<boolean>
  usable(now: boolean): void
  isClosed(): boolean
  /** The answer leads on. */
  settle(): Promise<void>
}

export const synced = (more: Partial<SyncAnswer> = {}): SyncAnswer => ({
  cursor: 'c1',
  conversations: [],
  removed: [],
  unread: { version: 1, total: 0, conversations: 0, awaitingReply: 0 },
  full: false,
  ...more,
})

export const changes = (more: Partial<ChangesEvent>): ChangesEvent => ({ conversations: [], messages: [], removed: [], ...more })

/** As it is told to all: without what is this agent's own. */
export const broadcast = ({ readCount: _count, readSeq: _seq, unread: _unread, ...rest }: OwnConversation) => rest

/** With fake timers. */
export function openLine(page = createTestPage()): Line {
  const asked: Asked[] = []
  const waiting = new Set<Asked>()
  const heard: Message[] = []
  const handlers = new Map<string, ((...args: unknown[]) => void)[]>()
  let [isUsable, isClosed] = [true, false]
  let onUp: () => Promise<boolean> = async () => false
  const settle = async () => void (await vi.advanceTimersByTimeAsync(0))

  function hear(name: string, ...args: unknown[]): void {
    for (const handler of handlers.get(name) ?? []) handler(...args)
  }

  function ask(event: string, body: unknown): Promise<never> {
    return new Promise((resolve) => {
      const answer = async (given: object) => {
        waiting.delete(one)
        resolve(given as never)
        await settle()
      }
      const one: Asked = {
        event,
        body,
        ok: (given = {}) => answer({ ok: true, ...given }),
        fail: (code = 'unavailable') => answer({ ok: false, error: problem(code, 'Refused by the test.') }),
      }
      asked.push(one)
      waiting.add(one)
    })
  }

  const link = {
    state: signal<LinkState>('online'),
    problem: signal(null),
    socket: {
      leads: signal(true),
      connected: () => isUsable,
      on: (name: string, handler: (...args: unknown[]) => void) => void handlers.set(name, [...(handlers.get(name) ?? []), handler]),
    },
    http: (method: string, path: string, body?: object) => ask(`${method} ${path.replace(/\?.*/, '')}`, body ?? path),
    call: ask,
    usable: () => isUsable,
    claims: () => ({ sub: ana.id, name: ana.name, org: 'default', role: 'agent', exp: 0 }),
    reconnect() {},
    close() {
      isClosed = true
    },
  } as unknown as Link
  const client = createClient({
    origin: 'https://chat.example',
    page,
    onMessage: (message) => heard.push(message),
    open(up) {
      onUp = up
      return link
    },
  })
  return {
    client,
    page,
    asked,
    heard,
    calls: (event) => asked.filter((one) => one.event === event),
    open(event) {
      const found = [...waiting].find((one) => one.event === event)
      if (!found) throw new Error(`Nobody waits for ${event}; waiting: ${[...waiting].map((one) => one.event).join(', ')}.`)
      return found
    },
    tell: hear,
    down: () => hear('down', null),
    up: () => onUp(),
    usable(now) {
      isUsable = now
    },
    isClosed: () => isClosed,
    settle,
  }
}

/** Up, and caught up with this. */
export async function upWith(line: Line, answer = synced()): Promise<void> {
  void line.up()
  await line.settle()
  await line.open('sync').ok(answer)
}

/** The inbox on this line, with what the server answers. */
export async function openInbox(line: Line, items: readonly OwnConversation[] = [], nextCursor: string | null = null) {
  const { inbox } = line.client
  await line.settle()
  await line.open('conversations:list').ok({ items, nextCursor })
  return inbox
}

/** A thread on this line, whole: with these messages, and a conversation that is known. */
export async function openWhole(line: Line, conversation: OwnConversation, messages: readonly Message[], hasMore = false) {
  const thread = line.client.openThread(conversation.id)
  await line.settle()
  if (!line.client.conversation(conversation.id).value) {
    await line.open(`GET /api/conversations/${conversation.id}`).ok(conversation)
  }
  await line.open('messages:list').ok({ items: messages, hasMore })
  await line.open('GET /api/messages').ok({ items: [] })
  return thread
}
