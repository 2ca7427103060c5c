// Messages and conversations over HTTP: sent, listed, exported, moved; the shapes that hosts build on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact, Coordination, LogThread, Message, OwnConversation, Unread } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { type Served, serve, tokenOf } from './serve.ts'

interface Written {
  message: Message
  conversation: OwnConversation
}
interface List<Item> {
  items: Item[]
  nextCursor: string | null
}

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const record = (id: string, phone: string, over: object = {}) =>
  hilo.call<{ coordination: Coordination }>('PUT', `/api/coordinations/${id}`, {
    body: { title: `Evento ${id}`, contact: { name: 'Sofía', phone }, ...over },
  })
const messageOf = async (id: string) => (await hilo.call<Message>('GET', `/api/messages/${id}`)).body
const conversationsOf = async (query: string) => (await hilo.call<List<OwnConversation>>('GET', `/api/conversations?${query}`)).body.items

describe('a send', () => {
  it('is accepted, goes out through the SDK, and comes back delivered', async () => {
    const sent = await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to: '+54 9 11 4450-0101', text: 'hola' } })
    expect(sent.status).toBe(202)
    expect(sent.body.message).toMatchObject({
      status: 'queued',
      direction: 'outbound',
      text: 'hola',
      seq: 1,
      author: { id: 'agent-7', name: 'Ana Díaz' },
    })
    expect(sent.body.conversation).toMatchObject({ channel: 'sms', unread: 0, contact: { phone: '+5491144500101' } })
    await until(async () => (await messageOf(sent.body.message.id)).status === 'delivered', { what: 'the delivery' })
    expect(hilo.simulator.ledger().accepted.filter(({ body }) => body === 'hola')).toHaveLength(1)
  })

  it('repeated with the same clientMessageId answers 200 and the first message', async () => {
    const body = { channel: 'sms', to: '+5491144500102', text: 'uno', clientMessageId: 'c-1' }
    const first = await hilo.call<Written>('POST', '/api/messages', { body })
    const again = await hilo.call<Written>('POST', '/api/messages', { body })
    expect([first.status, again.status]).toEqual([202, 200])
    expect(again.body.message).toMatchObject({ id: first.body.message.id, text: 'uno' })
  })

  it('that waits answers with a SID', async () => {
    const body = { channel: 'sms', to: '+5491144500103', text: 'espero', wait: 'sent' }
    const sent = await hilo.call<Written>('POST', '/api/messages', { body })
    expect(sent.body.message.twilioSid).toMatch(/^SM[0-9a-f]{32}$/)
  })

  it('of free text on WhatsApp is refused until the client writes', async () => {
    const body = { channel: 'whatsapp', to: '+5491144500104', text: 'hola' }
    const refused = await hilo.call('POST', '/api/messages', { body })
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'window_closed', templates: expect.any(Array) })
    await hilo.receive('+5491144500104', 'soy yo')
    expect((await hilo.call('POST', '/api/messages', { body })).status).toBe(202)
  })

  it('for later can be canceled, and not twice into the thread', async () => {
    const sendAt = new Date(Date.now() + 3600_000).toISOString()
    const sent = await hilo.call<Written>('POST', '/api/messages', {
      body: { channel: 'sms', to: '+5491144500105', text: 'luego', sendAt },
    })
    expect(sent.body.message).toMatchObject({ status: 'scheduled', seq: null })
    const path = `/api/messages/${sent.body.message.id}/cancel`
    const canceled = await Promise.all([1, 2, 3].map(() => hilo.call<{ message: Message }>('POST', path)))
    for (const { status, body } of canceled) expect([status, body.message.status]).toEqual([200, 'canceled'])
  })

  it('is held for a moment, a minute at most, and neither a note nor a plan is', async () => {
    const to = { channel: 'sms', to: '+5491144500108' }
    const send = (body: object) => hilo.call<Written & { code: string }>('POST', '/api/messages', { body: { ...to, ...body } })
    const sendAt = new Date(Date.now() + 3600_000).toISOString()
    for (const wrong of [{ undoFor: 0 }, { undoFor: 61 }, { undoFor: 1.5 }, { undoFor: '5' }, { undoFor: 5, sendAt }])
      expect((await send({ text: 'a', ...wrong })).body.code, JSON.stringify(wrong)).toBe('validation_failed')
    expect((await send({ note: 'a', undoFor: 5 })).body.code).toBe('validation_failed')
    const held = await send({ text: 'un momento', undoFor: 60, clientMessageId: 'held-1' })
    expect(held.body.message).toMatchObject({ status: 'scheduled', seq: null })
    expect((await send({ text: 'un momento', undoFor: 60, clientMessageId: 'held-1' })).status).toBe(200)
    await hilo.call('POST', `/api/messages/${held.body.message.id}/cancel`)
  })

  it('for later is changed in one step, keeps its time unless told another, and not once it is out', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    const sendAt = at(3600_000)
    const sent = await hilo.call<Written>('POST', '/api/messages', {
      body: { channel: 'sms', to: '+5491144500107', text: 'a las 9', sendAt },
    })
    const { id } = sent.body.message
    const change = (body: unknown) => hilo.call<{ message: Message; code: string }>('PATCH', `/api/messages/${id}`, { body })
    expect((await change({ text: 'a las 10' })).body.message).toMatchObject({ id, text: 'a las 10', status: 'scheduled', dueAt: sendAt })
    const later = at(7200_000)
    expect((await change({ sendAt: later })).body.message).toMatchObject({ text: 'a las 10', dueAt: later })
    const asTemplate = { template: { name: 'appointment_reminder', variables: { date: 'lunes', time: '10' } } }
    expect((await change(asTemplate)).body.message).toMatchObject({ type: 'template', dueAt: later })
    for (const wrong of [{}, { text: ' ' }, { text: 'a', ...asTemplate }, { sendAt: 'mañana' }, { sendAt: at(400 * 24 * 3600_000) }])
      expect((await change(wrong)).body.code).toBe('validation_failed')
    expect((await change({ template: { name: 'nunca' } })).body.code).toBe('template_not_approved')
    expect((await change({ text: 'ya', sendAt: at(-1000) })).status).toBe(200)
    await until(async () => (await messageOf(id)).status === 'delivered', { what: 'the message that was brought forward' })
    const late = await change({ text: 'tarde' })
    expect([late.status, late.body]).toMatchObject([409, { code: 'conflict', message: { id, text: 'ya' } }])
    expect((await hilo.call('PATCH', '/api/messages/none', { body: { text: 'x' } })).status).toBe(404)
  })

  it('with `assign` takes the conversation where it is nobody’s, and leaves a colleague’s alone', async () => {
    const send = (body: object) => hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to: '+5491144500110', ...body } })
    expect((await send({ note: 'una nota', assign: true })).body.conversation.assignee).toBeNull()
    expect((await send({ text: 'sin tomarla' })).body.conversation.assignee).toBeNull()
    const { conversation } = (await send({ text: 'la tomo', assign: true })).body
    expect(conversation.assignee).not.toBeNull()
    const colleague = { assigneeId: 'agent-luis' }
    await hilo.call('PATCH', `/api/conversations/${conversation.id}`, { body: colleague })
    expect((await send({ text: 'es de Luis', assign: true })).body.conversation.assignee?.id).toBe('agent-luis')
  })

  it('that failed is retried as a new message, and only that', async () => {
    const to = '+5491144500106'
    const note = await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to, note: 'solo para el equipo' } })
    const refused = await hilo.call('POST', `/api/messages/${note.body.message.id}/retry`)
    expect([refused.status, refused.body.code]).toEqual([409, 'not_retryable'])
    hilo.simulator.phone(to).set({ blocked: true })
    const sent = await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to, text: 'a' } })
    const { id } = sent.body.message
    await until(async () => (await messageOf(id)).status === 'failed', { what: 'the failure' })
    const retried = await hilo.call<Written>('POST', `/api/messages/${id}/retry`)
    expect(retried.status).toBe(202)
    expect(retried.body.message).toMatchObject({ retryOf: id, text: 'a' })
    expect(retried.body.message.id).not.toBe(id)
    expect((await messageOf(id)).putAway, 'nothing is left to do about it').toBe(true)
  })

  it('that failed is among what failed until it is sent again or put away; what has not failed cannot be put away', async () => {
    const to = '+5491144500109'
    hilo.simulator.phone(to).set({ blocked: true })
    const sent = async (text: string) => (await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to, text } })).body
    const { message, conversation } = await sent('a')
    const again = (await sent('b')).message
    await until(async () => (await messageOf(again.id)).status === 'failed', { what: 'the failures' })
    hilo.simulator.phone(to).set({ blocked: false })
    const arrived = (await sent('c')).message
    await until(async () => (await messageOf(arrived.id)).status === 'delivered', { what: 'the one that arrives' })
    const failures = async () =>
      (await hilo.call<OwnConversation>('GET', `/api/conversations/${conversation.id}`)).body.failures.map((one) => one.messageId)
    const listed = async () => (await conversationsOf('failed=true&automated=true')).some((one) => one.id === conversation.id)
    expect([await failures(), await listed()]).toEqual([[message.id, again.id], true])
    await hilo.call('POST', `/api/messages/${message.id}/retry`)
    expect(await failures()).toEqual([again.id])
    const putAway = (id: string) => hilo.call<{ message: Message; code: string }>('POST', `/api/messages/${id}/put-away`)
    for (const turn of ['once', 'twice'])
      expect((await putAway(again.id)).body.message, turn).toMatchObject({ id: again.id, status: 'failed', putAway: true })
    expect([await failures(), await listed()]).toEqual([[], false])
    expect((await putAway(arrived.id)).body.code).toBe('conflict')
    expect((await putAway('none')).status).toBe(404)
  })
})

describe('the inbox', () => {
  it('lists, filters and counts what a client wrote', async () => {
    await record('ev-inbox', '+5491144500201')
    await hilo.receive('+5491144500201', 'primera')
    await hilo.receive('+5491144500201', 'segunda')
    const [conversation] = await conversationsOf('coordinationId=ev-inbox')
    expect(conversation).toMatchObject({
      unread: 2,
      inboundCount: 2,
      coordination: { id: 'ev-inbox', title: 'Evento ev-inbox' },
      window: { open: true },
    })
    const id = conversation?.id ?? ''
    for (const query of [
      'phone=%2B5491144500201',
      'q=evento+EV-INBOX',
      'unread=true&coordinationId=ev-inbox',
      'awaiting=1&phone=91144500201',
      'channel=whatsapp&phone=9+11+4450-0201',
    ])
      expect(
        (await conversationsOf(query)).map((one) => one.id),
        query,
      ).toContain(id)
    for (const query of ['channel=sms', 'status=closed', 'assignee=me', 'unfiled=true', 'tag=vip', 'phone=%2B5491144500299'])
      expect(
        (await conversationsOf(query)).map((one) => one.id),
        query,
      ).not.toContain(id)

    const unread = await hilo.call<Unread>('GET', '/api/unread?coordinations=ev-inbox,ev-none')
    expect(unread.body.byCoordination).toEqual({ 'ev-inbox': 2, 'ev-none': 0 })
    const thread = await hilo.call<{ items: Message[]; hasMore: boolean }>('GET', `/api/conversations/${id}/messages?limit=1`)
    expect(thread.body).toMatchObject({ items: [{ seq: 2, text: 'segunda' }], hasMore: true })
    const before = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${id}/messages?before=2`)
    expect(before.body.items.map(({ text }) => text)).toEqual(['primera'])

    const read = await hilo.call('POST', `/api/conversations/${id}/read`, { body: { seq: 1 } })
    expect(read.body).toEqual({ unread: 1, readCount: 1, readSeq: 1 })
    const other = await hilo.call<OwnConversation>('GET', `/api/conversations/${id}`, { token: tokenOf({ sub: 'agent-8', name: 'Beto' }) })
    expect(other.body.unread).toBe(2)
    expect((await hilo.call('POST', `/api/conversations/${id}/read`, { body: { seq: '1' } })).status).toBe(422)
  })

  it('changes state, assignee and tags, and files', async () => {
    await hilo.receive('+5491144500202', 'hola')
    const [unfiled] = await conversationsOf('phone=%2B5491144500202')
    expect(unfiled?.coordinationId).toBeNull()
    const patch = (body: object) => hilo.call<{ conversation: OwnConversation }>('PATCH', `/api/conversations/${unfiled?.id}`, { body })
    expect((await patch({ assigneeId: 'agent-7', tags: ['vip', 'vip'] })).body.conversation).toMatchObject({
      assignee: { id: 'agent-7', name: 'Ana Díaz' },
      tags: ['vip'],
    })
    expect(await conversationsOf('assignee=me&tag=vip')).toHaveLength(1)
    expect((await patch({ status: 'closed' })).body.conversation).toMatchObject({ status: 'closed', unread: 0, awaitingReplySince: null })
    await record('ev-filed', '+5491144500202')
    expect((await patch({ coordinationId: 'ev-filed' })).body.conversation).toMatchObject({ coordinationId: 'ev-filed' })
    expect((await patch({})).status).toBe(422)
  })

  it('opens a conversation without sending anything', async () => {
    const body = { channel: 'sms', to: '+5491144500203', coordinationId: 'ev-open', name: 'Martín' }
    const first = await hilo.call<{ conversation: OwnConversation }>('POST', '/api/conversations', { body })
    const again = await hilo.call<{ conversation: OwnConversation }>('POST', '/api/conversations', { body })
    expect(first.body.conversation).toMatchObject({ lastSeq: 0, contact: { name: 'Martín' }, coordinationId: 'ev-open' })
    expect(again.body.conversation.id).toBe(first.body.conversation.id)
  })

  it('syncs what changed since a cursor', async () => {
    const first = await hilo.call<{ cursor: string; full: boolean }>('GET', '/api/sync')
    expect(first.body.full).toBe(true)
    await hilo.receive('+5491144500204', 'nuevo')
    const next = await hilo.call<{ conversations: OwnConversation[]; full: boolean; unread: Unread }>(
      'GET',
      `/api/sync?since=${encodeURIComponent(first.body.cursor)}`,
    )
    expect(next.body.full).toBe(false)
    expect(next.body.conversations.map(({ contact }) => contact.phone)).toContain('+5491144500204')
  })
})

describe('moving', () => {
  it('takes a message to another record’s thread and puts it back once', async () => {
    await record('ev-a', '+5491144500301')
    await hilo.receive('+5491144500301', 'es del otro')
    await record('ev-b', '+5491144500301')
    const [from] = await conversationsOf('coordinationId=ev-a')
    const id = (await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${from?.id}/messages`)).body.items[0]?.id ?? ''
    const moved = await hilo.call<{ moved: Message[]; undoId: string }>('POST', '/api/messages/move', {
      body: { ids: [id], coordinationId: 'ev-b' },
    })
    expect(moved.body.moved).toMatchObject([{ id, coordinationId: 'ev-b' }])
    const undone = await hilo.call<{ moved: Message[] }>('POST', '/api/messages/move/undo', { body: { undoId: moved.body.undoId } })
    expect(undone.body.moved).toMatchObject([{ id, coordinationId: 'ev-a', seq: 1 }])
    const twice = await hilo.call('POST', '/api/messages/move/undo', { body: { undoId: moved.body.undoId } })
    expect([twice.status, twice.body.code]).toEqual([409, 'conflict'])
  })

  it('takes all of a conversation that can be moved, on however many pages; nothing there is a conflict', async () => {
    const phone = '+5491144500302'
    await hilo.receive(phone, 'primero')
    const [from] = await conversationsOf(`phone=${encodeURIComponent(phone)}`)
    const path = `/api/conversations/${from?.id}/messages`
    for (let n = 0; n < 101; n++) await hilo.call('POST', '/api/messages', { body: { conversationId: from?.id, note: `nota ${n}` } })
    await record('ev-whole', phone)
    const body = { conversationId: from?.id, coordinationId: 'ev-whole' }
    const moved = await hilo.call<{ moved: Message[]; undoId: string }>('POST', '/api/messages/move', { body })
    expect(moved.body.moved).toHaveLength(102)
    expect(moved.body.moved[0]).toMatchObject({ text: 'primero', seq: 1, arrived: { from: null, undoId: moved.body.undoId } })
    expect((await hilo.call('POST', '/api/messages/move', { body })).body.code).toBe('conflict')
    await hilo.call('POST', '/api/messages/move/undo', { body: { undoId: moved.body.undoId } })
    const back = await hilo.call<{ items: Message[] }>('GET', `${path}?after=0&limit=2`)
    expect(back.body.items).toMatchObject([{ text: 'primero', seq: 1 }, { text: 'nota 0' }])
    for (const both of [{ coordinationId: 'ev-whole' }, { ...body, ids: ['x'] }])
      expect((await hilo.call('POST', '/api/messages/move', { body: both })).body.code).toBe('validation_failed')
  })

  it('a message that needs no answer is put away and brought back by the conversation’s `answered`', async () => {
    const phone = '+5491144500303'
    await hilo.receive(phone, '¡Gracias!')
    const [thread] = await conversationsOf(`phone=${encodeURIComponent(phone)}`)
    const set = async (answered: boolean) =>
      (await hilo.call<{ conversation: OwnConversation }>('PATCH', `/api/conversations/${thread?.id}`, { body: { answered } })).body
        .conversation
    expect(await set(true)).toMatchObject({ status: 'open', awaitingReplySince: null, unread: 0 })
    expect(await set(false)).toMatchObject({ status: 'open', awaitingReplySince: thread?.awaitingReplySince, unread: 1 })
  })
})

describe('the log', () => {
  it('filters and pages', async () => {
    await record('ev-log', '+5491144500401')
    for (let n = 1; n <= 5; n++) await hilo.receive('+5491144500401', `registro ${n}`)
    const read = async (query: string) => (await hilo.call<List<Message>>('GET', `/api/messages?coordinationId=ev-log&${query}`)).body
    const first = await read('limit=2')
    expect(first.items.map(({ text }) => text)).toEqual(['registro 5', 'registro 4'])
    const second = await read(`limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)
    expect(second.items.map(({ text }) => text)).toEqual(['registro 3', 'registro 2'])
    expect((await read('direction=outbound')).items).toEqual([])
    expect((await read('author=contact&direction=inbound&channel=whatsapp&status=received')).items).toHaveLength(5)
    expect((await read('author=agent-7')).items).toEqual([])
    expect((await read('campaignId=none')).items).toEqual([])
    expect((await read(`from=${new Date(Date.now() + 60_000).toISOString()}`)).items).toEqual([])
  })

  it('exports as CSV, page by page, with quotes, line breaks and formulas made harmless', async () => {
    await record('ev-csv', '+5491144500402')
    for (let n = 0; n < 120; n++) await hilo.receive('+5491144500402', `línea ${n}`)
    await hilo.receive('+5491144500402', 'entrante única')
    await hilo.receive('+5491144500402', '=HYPERLINK("http://evil.example";"x")')
    await hilo.receive('+5491144500402', 'dos\r\nlíneas, y coma')
    await hilo.call('POST', '/api/messages', {
      body: { channel: 'whatsapp', to: '+5491144500402', coordinationId: 'ev-csv', text: 'una "salida"' },
    })
    const csv = await hilo.call('GET', '/api/messages?coordinationId=ev-csv', { headers: { accept: 'text/csv' } })
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(csv.headers.get('content-disposition')).toMatch(/messages\.csv/)
    expect(csv.text).toContain('una ""salida""')
    expect(csv.text).toContain('entrante única')
    expect(csv.text).toContain(`"'=HYPERLINK(""http://evil.example"";""x"")"`)
    expect(csv.text).toContain('"dos\r\nlíneas, y coma"')
    expect(csv.text.match(/línea \d+/g)).toHaveLength(120)
    expect(csv.text.split('\r\n')[0]).toMatch(/^id,createdAt,direction/)
  })

  it('says of each failure what to do, and sums the log by conversation, as JSON and as a table', async () => {
    const to = '+5491144500405'
    hilo.simulator.phone(to).set({ refuseWith: 30005 })
    const sent = await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'sms', to, text: 'hola' } })
    const { id, conversationId } = sent.body.message
    await until(async () => (await messageOf(id)).status === 'failed', { what: 'the failure' })
    const read = async (query: string) =>
      (await hilo.call<List<Message & { hint?: string }>>('GET', `/api/messages?conversationId=${conversationId}&${query}`)).body
    const { items } = await read('status=failed,canceled')
    expect(items.map((one) => [one.id, one.error?.action])).toEqual([[id, 'fix_number']])
    expect(items[0]?.hint).toMatch(/\w/)
    for (const query of ['error=30005', 'error=invalid_number', 'error=30005&status=failed,sent'])
      expect((await read(query)).items).toHaveLength(1)
    for (const query of ['error=30003', 'error=window', 'retryable=true', 'status=sent,read']) expect((await read(query)).items).toEqual([])
    const threads = (await hilo.call<List<LogThread>>('GET', `/api/messages?conversationId=${conversationId}&group=conversation`)).body
    expect(threads.items).toMatchObject([{ conversationId, messages: 1, outbound: 1, byStatus: { failed: 1 }, lastStatus: 'failed' }])
    const csv = await hilo.call('GET', `/api/messages?conversationId=${conversationId}&group=conversation&format=csv`)
    expect(csv.headers.get('content-disposition')).toMatch(/conversations\.csv/)
    expect(csv.text.split('\r\n')).toHaveLength(3)
    const lines = (await hilo.call('GET', `/api/messages?conversationId=${conversationId}&format=csv`)).text
    expect(lines).toContain(`,30005,`)
    expect(lines).toContain(',invalid_number,fix_number,')
    for (const wrong of ['status=failed,x', 'status=,', 'error=none', 'group=day', 'format=xml', 'retryable=false'])
      expect((await hilo.call('GET', `/api/messages?${wrong}`)).body.code, wrong).toBe('validation_failed')
  })

  it('exports with a byte order mark, so that a spreadsheet reads José and not JosÃ©', async () => {
    const answer = await fetch(`${hilo.url}/api/messages`, { headers: { authorization: `Bearer ${tokenOf()}`, accept: 'text/csv' } })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.subarray(3).toString()).toMatch(/^id,createdAt,/)
  })

  it('exports an author’s name as text, whatever it begins with', async () => {
    const token = tokenOf({ sub: 'agent-f', name: '=1+1' })
    const sent = { channel: 'sms', to: '+5491144500404', note: 'nota', coordinationId: 'ev-author' }
    expect((await hilo.call('POST', '/api/messages', { token, body: sent })).status).toBe(202)
    const csv = await hilo.call('GET', '/api/messages?coordinationId=ev-author', { headers: { accept: 'text/csv' } })
    expect(csv.text).toContain(",'=1+1,nota,")
  })

  it.each(['application/json', 'text/csv'])('answers a cursor of another list with 422, asked for %s', async (accept) => {
    for (const cursor of ['0', 'x', Buffer.from('[1]').toString('base64url')]) {
      const refused = await hilo.call('GET', `/api/messages?cursor=${cursor}`, { headers: { accept } })
      expect([refused.status, refused.body.code], cursor).toEqual([422, 'validation_failed'])
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    }
  })

  it('does not show the text of a sensitive message', async () => {
    const sent = await hilo.call<Written>('POST', '/api/messages', {
      body: { channel: 'sms', to: '+5491144500403', text: 'código 4711', sensitive: true, coordinationId: 'ev-sensitive' },
    })
    expect(sent.status).toBe(202)
    const log = await hilo.call<List<Message>>('GET', '/api/messages?coordinationId=ev-sensitive')
    expect(log.body.items).toHaveLength(1)
    const csv = await hilo.call('GET', '/api/messages?coordinationId=ev-sensitive', { headers: { accept: 'text/csv' } })
    for (const text of [log.text, csv.text]) expect(text).not.toContain('4711')
  })
})

describe('contacts and records', () => {
  it('are found, corrected and read', async () => {
    const saved = await record('ev-c', '+54 9 11 4450-0501', { startsAt: '2026-12-19T21:30:00-03:00', data: { saldo: 10 } })
    expect(saved.status).toBe(201)
    expect(saved.body.coordination).toMatchObject({
      id: 'ev-c',
      contact: { phone: '+5491144500501' },
      startsAt: '2026-12-20T00:30:00.000Z',
      status: 'active',
      data: { saldo: 10 },
    })
    expect((await record('ev-c', '+5491144500501', { status: 'done' })).status).toBe(200)
    expect((await hilo.call('GET', '/api/coordinations/ev-c')).body).toMatchObject({ status: 'done' })
    await record('ev-c', '+5491144500501')
    expect((await hilo.call<List<Coordination>>('GET', '/api/coordinations?q=evento%20ev-c')).body.items.map(({ id }) => id)).toContain(
      'ev-c',
    )
    expect((await hilo.call<List<Coordination>>('GET', '/api/coordinations?phone=91144500501')).body.items.map(({ id }) => id)).toEqual([
      'ev-c',
    ])

    await hilo.receive('+5491144500501', 'hola', { ProfileName: 'Sofi' })
    const [conversation] = await conversationsOf('coordinationId=ev-c')
    const contactId = conversation?.contact.id ?? ''
    const found = await hilo.call<List<Contact>>('GET', '/api/contacts?q=4450-0501')
    expect(found.status).toBe(200)
    const named = await hilo.call<{ contact: Contact }>('PATCH', `/api/contacts/${contactId}`, { body: { name: 'Sofía Herrera' } })
    expect(named.body.contact).toMatchObject({ id: contactId, name: 'Sofía Herrera' })
    expect((await conversationsOf('coordinationId=ev-c'))[0]?.contact.name).toBe('Sofía Herrera')
    const corrected = await hilo.call<{ contact: Contact }>('PATCH', `/api/contacts/${contactId}`, {
      body: { addresses: [{ channel: 'sms', phone: '9 11 4450-0502' }] },
    })
    expect(corrected.body.contact.addresses).toContainEqual(expect.objectContaining({ channel: 'sms', phone: '+5491144500502' }))
    const said = await hilo.call<List<Message>>('GET', `/api/contacts/${contactId}/messages`)
    expect(said.body.items.map(({ text }) => text)).toContain('hola')
    const history = await hilo.call<List<Message>>('GET', '/api/coordinations/ev-c/messages')
    expect(history.body.items.map(({ text }) => text)).toEqual(['hola'])
  })

  it('are saved many at once, all or none', async () => {
    const one = (id: string, phone = '+5491144500601') => ({ id, title: id, contact: { name: 'Ana', phone } })
    const saved = await hilo.call<{ coordinations: Coordination[]; created: number }>('PUT', '/api/coordinations', {
      body: [one('m-1'), one('m-2')],
    })
    expect([saved.status, saved.body.created, saved.body.coordinations.map(({ id }) => id)]).toEqual([200, 2, ['m-1', 'm-2']])
    const again = await hilo.call<{ results: object[] }>('PUT', '/api/coordinations', {
      body: [one('m-1'), { ...one('m-2'), title: 'otro' }, one('m-5')],
    })
    expect(again.body.results).toEqual([
      { id: 'm-1', created: false, changed: false },
      { id: 'm-2', created: false, changed: true },
      { id: 'm-5', created: true, changed: true },
    ])
    const wrong = await hilo.call('PUT', '/api/coordinations', { body: [one('m-3', 'y'), one('m-6'), one('m-4', 'x')] })
    expect([wrong.status, wrong.body]).toMatchObject([422, { issues: [{ path: '0.contact.phone' }, { path: '2.contact.phone' }] }])
    expect((await hilo.call('PUT', '/api/coordinations', { body: [one('m-3'), one('m-3')] })).status).toBe(422)
    expect((await hilo.call('GET', '/api/coordinations/m-3')).status).toBe(404)
    expect((await hilo.call('PUT', '/api/coordinations', { body: [] })).status).toBe(422)
  })
})

describe('the house', () => {
  it('says how it is', async () => {
    expect((await hilo.call('GET', '/healthz', { token: null })).status).toBe(200)
    expect((await hilo.call('GET', '/readyz', { token: null })).body).toEqual({ status: 'ready' })
    const status = await hilo.call<{ channels: { channel: string; ready: boolean }[] }>('GET', '/api/status')
    expect(status.body.channels).toMatchObject([
      { channel: 'whatsapp', ready: true, reason: null },
      { channel: 'sms', ready: true, reason: null },
    ])
    expect((await hilo.call<List<object>>('GET', '/api/templates')).body.items.length).toBeGreaterThan(0)
    const metrics = await hilo.call('GET', '/metrics', { token: null })
    expect(metrics.text).toMatch(/hilo_http_request_seconds_count\{method="GET",route="\/api\/status",status="200"\} \d/)
    expect(metrics.text).toMatch(/process_cpu_user_seconds_total/)
    expect(metrics.text).toMatch(/hilo_webhooks_total\{kind="message",status="200"\} \d/)
  })

  it('says that it is not ready where its store is gone', async () => {
    const other = await serve()
    try {
      await other.server.parts.store.close()
      const ready = await other.call('GET', '/readyz', { token: null })
      expect([ready.status, ready.body.code]).toEqual([503, 'unavailable'])
      expect((await other.call('GET', '/healthz', { token: null })).status).toBe(200)
    } finally {
      await other.close()
    }
  })

  it('runs without Twilio, says so, and answers sends with no_sender', async () => {
    const bare = await serve({
      TWILIO_ACCOUNT_SID: undefined,
      TWILIO_AUTH_TOKEN: undefined,
      TWILIO_WHATSAPP_NUMBER: undefined,
      TWILIO_PHONE_NUMBER: undefined,
      TWILIO_API_URL: undefined,
    })
    try {
      const sent = await bare.call('POST', '/api/messages', { body: { channel: 'sms', to: '+5491144500001', text: 'x' } })
      expect([sent.status, sent.body.code]).toEqual([409, 'no_sender'])
      const status = await bare.call<{ channels: { channel: string; ready: boolean; reason: string }[] }>('GET', '/api/status')
      expect(status.body.channels.map(({ channel, ready }) => [channel, ready])).toEqual([
        ['whatsapp', false],
        ['sms', false],
      ])
      expect((await bare.webhook('/webhooks/twilio/message', { Body: 'x' })).status).toBe(403)
    } finally {
      await bare.close()
    }
  })
})
