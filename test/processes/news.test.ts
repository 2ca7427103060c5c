// What a process counts as told once it told its own sockets: the feed leaves out that alone.
import { describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { createKnown } from '../../server/processes/known.ts'
import { noteNews } from '../../server/processes/news.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type { Changes, ConversationState } from '../../server/store/records.ts'
import { createManualClock } from '../support/manual-clock.ts'

const agent = { type: 'agent', id: 'agent-ana', name: 'Ana Díaz' } as const
const machine = { type: 'automation', id: 'reminder', name: 'Recordatorio' } as const
const message = (rev: number, over: Partial<Message> = {}) =>
  ({ id: 'm', rev, conversationId: 'k', seq: 4, direction: 'outbound', author: agent, status: 'delivered', ...over }) as Message
const row = (rev: number) => ({ id: 'k', rev }) as ConversationState

describe('after a change is told here, the feed has to tell of the same state', () => {
  test.each<[what: string, knownRev: number | null, news: Changes['news'], message: Message, again: boolean]>([
    ['not of what all heard', null, 'entered', message(1), false],
    ['not of what all heard, whatever came before it', 1, 'other', message(4), false],
    ['not of how a message goes on whose last change was heard here', 1, 'progress', message(2), false],
    ['of how one goes on that never was heard to enter', null, 'progress', message(2), true],
    ['of how one goes on after a change that was not heard here: it may have been moved', 1, 'progress', message(3), true],
    ['not of what a client wrote', null, 'other', message(1, { direction: 'inbound', status: 'received' }), false],
    ['not of what a machine wrote: viewers alone hear of it', null, 'entered', message(1, { author: machine }), false],
    ['not of a plan as it was made', null, 'entered', message(1, { seq: null, status: 'scheduled' }), false],
  ])('%s', (_, knownRev, news, told, again) => {
    const known = createKnown(createManualClock())
    if (knownRev !== null) known.note('m', knownRev)
    noteNews(known, { kind: 'changes', changes: { ...noChanges('org-1'), news, messages: [told] } })
    expect(known.isNews('m', told.rev)).toBe(again)
    expect(known.isNews('m', told.rev + 1)).toBe(true)
  })

  test('of a row that only viewers were told of, after a change of it that was not heard here', () => {
    const known = createKnown(createManualClock())
    const tellRow = (rev: number, author: Message['author']) =>
      noteNews(known, {
        kind: 'changes',
        changes: { ...noChanges('org-1'), news: 'progress', conversations: [row(rev)], messages: [message(2, { author })] },
      })
    tellRow(3, agent)
    expect(known.isNews('k', 3)).toBe(false)
    tellRow(4, machine)
    expect(known.isNews('k', 4)).toBe(false)
    tellRow(6, machine)
    expect(known.isNews('k', 6)).toBe(true)
  })
})
