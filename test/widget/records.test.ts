// Conversations by `rev`, and the agent's own numbers, which only rise.
import { describe, expect, test } from 'vitest'
import type { Conversation, OwnConversation } from '../../shared/model.ts'
import { createRecords } from '../../widget/client/records.ts'

function conversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    channel: 'whatsapp',
    sender: '+14155238886',
    contact: { id: 'k1', name: 'Ana', phone: '+5491154823391', address: '+5491154823391' },
    coordinationId: null,
    coordination: null,
    status: 'open',
    snoozedUntil: null,
    assignee: null,
    inboundCount: 3,
    answeredCount: 0,
    awaitingReplySince: null,
    window: { open: true, expiresAt: null },
    optedOut: false,
    canReply: true,
    hint: null,
    lastMessage: null,
    failures: [],
    lastSeq: 3,
    activityAt: '2026-11-20T10:00:00.000Z',
    tags: [],
    rev: 5,
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    ...change,
  }
}
const own = (change: Partial<OwnConversation> = {}): OwnConversation => ({
  ...conversation(change),
  readCount: 0,
  readSeq: 0,
  unread: 3,
  ...change,
})

describe('records', () => {
  test('a lower rev changes nothing, whatever else it says', () => {
    const records = createRecords()
    records.apply(own({ rev: 5, tags: ['new'] }))
    records.apply(conversation({ rev: 4, tags: ['old'] }))
    expect(records.get('c1')).toMatchObject({ rev: 5, tags: ['new'] })
    records.apply(conversation({ rev: 6, tags: ['newer'] }))
    expect(records.get('c1')).toMatchObject({ rev: 6, tags: ['newer'] })
  })

  test('a broadcast keeps what this agent has read', () => {
    const records = createRecords()
    records.apply(own({ readCount: 2, readSeq: 2 }))
    expect(records.get('c1')?.unread).toBe(1)
    records.apply(conversation({ rev: 6, inboundCount: 4 }))
    expect(records.get('c1')).toMatchObject({ unread: 2, readCount: 2, readSeq: 2 })
    records.apply(conversation({ rev: 7, inboundCount: 4, answeredCount: 4 }))
    expect(records.get('c1')?.unread).toBe(0)
  })

  test('own numbers rise also with an older conversation, and never fall', () => {
    const records = createRecords()
    records.apply(conversation({ rev: 6 }))
    records.apply(own({ rev: 5, readCount: 3, readSeq: 3 }))
    expect(records.get('c1')).toMatchObject({ rev: 6, readCount: 3, unread: 0 })
    records.read({ conversationId: 'c1', readCount: 1, readSeq: 1 })
    records.apply(own({ rev: 7, readCount: 2, readSeq: 2 }))
    expect(records.get('c1')).toMatchObject({ rev: 7, readCount: 3, readSeq: 3 })
  })

  test('a cursor that comes before its conversation counts when it comes', () => {
    const records = createRecords()
    records.read({ conversationId: 'c1', readCount: 3, readSeq: 3 })
    expect(records.get('c1')).toBeUndefined()
    records.apply(conversation())
    expect(records.get('c1')).toMatchObject({ unread: 0, readSeq: 3 })
  })

  test('more answers than messages leave nothing unread, and what left and comes again is as the server says', () => {
    const records = createRecords()
    records.apply(own({ inboundCount: 2, answeredCount: 3 }))
    expect(records.get('c1')?.unread).toBe(0)
    records.apply(own({ rev: 6, readCount: 3, readSeq: 3 }))
    records.remove('c1')
    records.apply(own({ rev: 7 }))
    expect(records.get('c1')).toMatchObject({ unread: 3, readSeq: 0 })
  })

  test('each of the own numbers rises by itself', () => {
    const records = createRecords()
    records.apply(own({ rev: 6, readCount: 1, readSeq: 1 }))
    records.read({ conversationId: 'c1', readCount: 1, readSeq: 2 })
    expect(records.get('c1')).toMatchObject({ readCount: 1, readSeq: 2 })
    records.apply(own({ rev: 5, readCount: 3, readSeq: 2 }))
    expect(records.get('c1')).toMatchObject({ rev: 6, readCount: 3, unread: 0 })
  })

  test('watchers hear of real changes alone', () => {
    const records = createRecords()
    const heard: (number | undefined)[] = []
    const end = records.watch((_id, now) => heard.push(now?.rev))
    records.apply(own({ rev: 5 }))
    records.apply(conversation({ rev: 4 }))
    records.read({ conversationId: 'c1', readCount: 0, readSeq: 0 })
    records.remove('c1')
    records.remove('c1')
    end()
    records.apply(own({ rev: 9 }))
    expect(heard).toEqual([5, undefined])
  })
})
