// Which list a conversation belongs to, decided here as the server does, and how one is found or made for a record or a number.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'
import { belongs } from '../../widget/client/belongs.ts'
import type { Client } from '../../widget/client/client.ts'
import { ana, beto, conversation, ready } from '../widget-panel/fixtures/sample.ts'
import { type Line, openLine } from './scripted-line.ts'

const one = conversation({ id: 'c', name: 'C', channel: 'whatsapp', coordinationId: 'ev-1', assignee: ana, tags: ['vip'], unread: 1 })

test.each<[ConversationQuery, Partial<OwnConversation>, boolean | null]>([
  [{}, {}, true],
  [{ channel: 'whatsapp' }, {}, true],
  [{ channel: 'sms' }, {}, false],
  [{ status: 'open' }, {}, true],
  [{ status: 'closed' }, {}, false],
  [{ assignee: 'me' }, {}, true],
  [{ assignee: 'me' }, { assignee: beto }, false],
  [{ assignee: 'me' }, { assignee: null }, false],
  [{ assignee: ana.id }, {}, true],
  [{ assignee: beto.id }, {}, false],
  [{ assignee: 'none' }, { assignee: null }, true],
  [{ assignee: 'none' }, {}, false],
  [{ coordinationId: 'ev-1' }, {}, true],
  [{ coordinationId: 'ev-2' }, {}, false],
  [{ contactId: 'contact-c' }, {}, true],
  [{ contactId: 'contact-d' }, {}, false],
  [{ tag: 'vip' }, {}, true],
  [{ tag: 'new' }, {}, false],
  [{ unread: true }, {}, true],
  [{ unread: 'true' }, { unread: 0 }, false],
  [{ unread: '1' }, { unread: 0 }, false],
  [{ unread: '0' }, { unread: 0 }, true],
  [{ awaiting: true }, { awaitingReplySince: one.createdAt }, true],
  [{ awaiting: true }, {}, false],
  [{ unfiled: true }, { coordinationId: null }, true],
  [{ unfiled: true }, {}, false],
  [{ failed: true }, { failures: [{ messageId: 'm', error: { code: null, reason: 'carrier', message: '', action: 'retry' } }] }, true],
  [{ failed: true }, { failures: [] }, false],
  // Of an older server.
  [{ failed: true }, { failures: undefined }, false],
  [{ failed: true }, {}, false],
  [{}, { activityAt: null }, false],
  [{ automated: true }, { activityAt: null }, true],
  [{ automated: true }, {}, true],
  [{ q: 'boda' }, {}, null],
  [{ phone: '+541' }, {}, null],
  [{ q: 'boda', status: 'closed' }, {}, false],
] as never)('under %j one with %j: %s', (filter, change, expected) => {
  expect(belongs({ ...one, ...change }, filter, ana.id)).toBe(expected)
})

describe('found or made', () => {
  let line: Line
  beforeEach(() => {
    vi.useFakeTimers()
    line = openLine()
  })
  afterEach(() => {
    line.client.close()
    vi.useRealTimers()
  })
  const records = {
    'ev-1': { contact: { name: 'Ana', phone: '+541', channel: 'sms', phones: { sms: '+542', whatsapp: '+543' } } },
    'ev-2': { contact: { name: 'Eva', phone: '+544' } },
  } as const
  const [whatsapp, sms] = ready.channels

  /** The request that makes it, where there is none yet. */
  async function made(target: Parameters<Client['find']>[0], channels = ready.channels): Promise<unknown> {
    line.tell('ready', { ...ready, channels })
    void line.client.find(target)
    await line.settle()
    await line.open('conversations:list').ok({ items: [] })
    // Its chunk is fetched for the first one.
    await import('../../widget/client/make-conversation.ts')
    await line.settle()
    const path = `GET /api/coordinations/${target.coordinationId}`
    const record = records[target.coordinationId as keyof typeof records]
    if (line.calls(path).length > 0) await (record ? line.open(path).ok(record) : line.open(path).fail('not_found'))
    return line.calls('POST /api/conversations').at(-1)?.body
  }

  test.each<[string, Parameters<Client['find']>[0], object | undefined]>([
    [
      'a record, on the channel that it prefers, at that channel’s number',
      { coordinationId: 'ev-1' },
      { channel: 'sms', to: '+542', coordinationId: 'ev-1', name: 'Ana' },
    ],
    [
      'a record, on the channel that was asked for',
      { coordinationId: 'ev-1', channel: 'whatsapp' },
      { channel: 'whatsapp', to: '+543', coordinationId: 'ev-1', name: 'Ana' },
    ],
    [
      'a record, at the number and under the name that were given',
      { coordinationId: 'ev-1', phone: '+549', name: 'Otra' },
      { channel: 'sms', to: '+549', coordinationId: 'ev-1', name: 'Otra' },
    ],
    [
      'a record with one number, on the usual channel',
      { coordinationId: 'ev-2' },
      { channel: 'whatsapp', to: '+544', coordinationId: 'ev-2', name: 'Eva' },
    ],
    [
      'a record that nobody told of, with its number',
      { coordinationId: 'ev-9', phone: '+549' },
      { channel: 'whatsapp', to: '+549', coordinationId: 'ev-9' },
    ],
    ['a record that nobody told of, without a number', { coordinationId: 'ev-9' }, undefined],
    ['a number', { phone: '+549', name: 'Ana' }, { channel: 'whatsapp', to: '+549', name: 'Ana' }],
    ['a number by SMS', { phone: '+549', channel: 'sms' }, { channel: 'sms', to: '+549' }],
  ])('%s', async (_, target, expected) => {
    expect(await made(target)).toEqual(expected)
  })

  test('a record is asked for only where something of it is missing', async () => {
    await made({ coordinationId: 'ev-2', phone: '+549', channel: 'sms' })
    expect(line.calls('GET /api/coordinations/ev-2')).toEqual([])
  })

  test.each([
    ['both', [whatsapp, sms], 'whatsapp'],
    ['none yet', [], 'whatsapp'],
    ['SMS alone', [sms], 'sms'],
    ['WhatsApp that is not set up', [{ ...whatsapp, ready: false }, sms], 'sms'],
  ])('where there is %s, the usual channel', async (_, channels, expected) => {
    expect(await made({ phone: '+549' }, channels as typeof ready.channels)).toMatchObject({ channel: expected })
  })

  test('one that is there is taken, automated ones too; a list that fails is said, and nothing is made', async () => {
    const found = line.client.find({ coordinationId: 'ev-1', phone: '+541', channel: 'sms' })
    await line.settle()
    const list = line.open('conversations:list')
    expect(list.body).toEqual({ automated: true, limit: 1, coordinationId: 'ev-1', phone: '+541', channel: 'sms' })
    await list.ok({ items: [one] })
    expect(await found).toEqual({ ok: true, conversation: one })
    const failed = line.client.find({ phone: '+541' })
    await line.settle()
    await line.open('conversations:list').fail()
    expect(await failed).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(await line.client.find({})).toMatchObject({ ok: false, error: { code: 'validation_failed' } })
    expect(line.calls('POST /api/conversations')).toEqual([])
  })
})
