// Requests of integrators who mean well: numbers as they were copied, marks that nobody sees, a plus that nobody encoded,
// ids that hold our own separators. Either it is understood, or it is said where it is wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact, Coordination, Message, OwnConversation } from '../../shared/model.ts'
import { type Served, serve, tokenOf } from './serve.ts'

interface Written {
  message: Message
  conversation: OwnConversation
}
type Items = { items: OwnConversation[] }

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const issuesOf = async (method: string, path: string, body: unknown) => {
  const answer = await hilo.call<{ code: string; issues: { path: string }[] }>(method, path, { body })
  expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed'])
  return answer.body.issues.map((issue) => issue.path)
}
const record = { title: 'Boda', contact: { name: 'Sofía', phone: '+5491144500900' } }

describe('a number', () => {
  it('in a query whose plus was not encoded is the same number', async () => {
    await hilo.receive('+14155550199', 'hello')
    for (const phone of ['+14155550199', '%2B14155550199'])
      expect((await hilo.call<Items>('GET', `/api/conversations?phone=${phone}`)).body.items, phone).toHaveLength(1)
    const plain = await hilo.call('GET', '/api/whatsapp/conversations/+14155550199/messages')
    expect(plain.status).toBe(200)
  })

  it('in the forms of its country finds the contact that wrote with it', async () => {
    await hilo.receive('+5491144500901', 'hola')
    for (const phone of ['5491144500901', '+54 9 11 4450-0901', '\u202a+54\u00a09 11 4450\u20110901\u202c', '0054 9 11 4450 0901']) {
      const found = await hilo.call<Items>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)
      expect(found.body.items, phone).toHaveLength(1)
    }
  })
})

describe('a contact’s number', () => {
  it('that is corrected stays the preferred one, unless it is said otherwise', async () => {
    await hilo.receive('+5491144500920', 'hola')
    const [contact] = (await hilo.call<{ items: Contact[] }>('GET', '/api/contacts?q=%2B5491144500920')).body.items
    const correct = async (addresses: object[]) =>
      (await hilo.call<{ contact: Contact }>('PATCH', `/api/contacts/${contact?.id}`, { body: { addresses } })).body.contact.addresses
        .filter((one) => one.preferred)
        .map((one) => one.address)
    expect(await correct([{ channel: 'whatsapp', phone: '+5491144500921' }])).toEqual(['+5491144500921'])
    expect(await correct([{ channel: 'sms', phone: '+5491144500922' }])).toEqual(['+5491144500921'])
    expect(await correct([{ channel: 'sms', phone: '+5491144500923', preferred: true }])).toEqual(['+5491144500923'])
  })

  it('is one for each channel, and one of them is preferred', async () => {
    const path = '/api/contacts/any'
    const [a, b] = [
      { channel: 'sms', phone: '+5491144500924' },
      { channel: 'sms', phone: '+5491144500925' },
    ]
    expect(await issuesOf('PATCH', path, { addresses: [a, b] })).toEqual(['addresses'])
    const both = [
      { ...a, preferred: true },
      { ...b, channel: 'whatsapp', preferred: true },
    ]
    expect(await issuesOf('PATCH', path, { addresses: both })).toEqual(['addresses'])
  })
})

describe('a time', () => {
  it('in a query whose plus was not encoded is the same time', async () => {
    for (const plus of ['+', '%2B'])
      expect((await hilo.call('GET', `/api/messages?from=2026-01-01T00:00:00${plus}03:00&to=2036-01-01T00:00:00${plus}03:00`)).status).toBe(
        200,
      )
    expect((await hilo.call('GET', '/api/messages?from=yesterday')).status).toBe(422)
  })

  it('of a record needs its offset, and no seconds', async () => {
    const startsAt = async (given: string) => {
      const saved = await hilo.call<{ coordination: Coordination }>('PUT', '/api/coordinations/at', {
        body: { ...record, startsAt: given },
      })
      return saved.body.coordination?.startsAt
    }
    expect(await startsAt('2026-12-05T21:30-03:00')).toBe('2026-12-06T00:30:00.000Z')
    expect(await startsAt('2026-12-06T06:00:00.123456+05:30')).toBe('2026-12-06T00:30:00.123Z')
    for (const wrong of ['2026-12-05', '2026-12-05T21:30', '2026-02-30T10:00Z', '5/12/2026', ''])
      expect(await issuesOf('PUT', '/api/coordinations/at', { ...record, startsAt: wrong }), wrong).toEqual(['startsAt'])
  })

  it('zone that does not exist is refused before a plan is made with it', async () => {
    for (const timezone of ['Mars/Olympus', '+03:00'])
      expect(await issuesOf('PUT', '/api/coordinations/tz', { ...record, timezone })).toEqual(['timezone'])
    expect((await hilo.call('PUT', '/api/coordinations/tz', { body: { ...record, timezone: 'America/Sao_Paulo' } })).status).toBe(201)
  })
})

describe('a record', () => {
  it('is not saved under an id that its body contradicts', async () => {
    expect(await issuesOf('PUT', '/api/coordinations/one', { ...record, id: 'other' })).toEqual(['id'])
    expect((await hilo.call('PUT', '/api/coordinations/one', { body: { ...record, id: 'one' } })).status).toBe(201)
  })

  it('of more than a thousand asked for at once is refused rather than left out', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index).join()
    const unread = await hilo.call<{ byCoordination: object }>('GET', `/api/unread?coordinations=${ids(1000)}`)
    expect(Object.keys(unread.body.byCoordination)).toHaveLength(1000)
    expect((await hilo.call('GET', `/api/unread?coordinations=${ids(1001)}`)).status).toBe(422)
  })
})

describe('text', () => {
  it('that shows nothing is empty: as a message, a note, a title, a name, a tag', async () => {
    const unseen = '\u200b\u2060\u3164'
    const to = { channel: 'sms', to: '+5491144500902' }
    expect(await issuesOf('POST', '/api/messages', { ...to, text: unseen })).toEqual(['text'])
    expect(await issuesOf('POST', '/api/messages', { ...to, note: unseen })).toEqual(['note'])
    expect(await issuesOf('PUT', '/api/coordinations/u', { ...record, title: unseen })).toEqual(['title'])
    expect(await issuesOf('PUT', '/api/coordinations/u', { title: 'x', contact: { name: unseen, phone: '+5491144500903' } })).toEqual([
      'contact.name',
    ])
    const { conversation } = (await hilo.call<Written>('POST', '/api/conversations', { body: to })).body
    expect(await issuesOf('PATCH', `/api/conversations/${conversation.id}`, { tags: ['vip', unseen] })).toEqual(['tags.1'])
  })

  it('loses NUL and half signs wherever it is kept, and nothing else: emoji, direction and form stay', async () => {
    const title = 'e\u0301 \u200fשלום 👨‍👩‍👧'
    const saved = await hilo.call<{ coordination: Coordination }>('PUT', '/api/coordinations/nul', {
      body: {
        title: `${title}\u0000`,
        contact: { name: 'A\ud800na', phone: '+5491144500904', externalId: 'c\u0000-1' },
        agent: { id: 'a\u0000', name: 'B\u0000' },
        data: { link: 'x\u0000y' },
      },
    })
    expect(saved.body.coordination).toMatchObject({
      title,
      contact: { name: 'Ana', externalId: 'c-1' },
      agent: { id: 'a', name: 'B' },
      data: { link: 'xy' },
    })
    await hilo.receive('+5491144500904', 'hola')
    const [contact] = (await hilo.call<{ items: Contact[] }>('GET', '/api/contacts?q=%2B5491144500904')).body.items
    const patched = await hilo.call<{ contact: Contact }>('PATCH', `/api/contacts/${contact?.id}`, {
      body: { attributes: { vip: 's\u0000í', 'a.b': '1', $where: 'x' } },
    })
    expect(patched.body.contact.attributes).toEqual({ vip: 'sí', 'a.b': '1', $where: 'x' })
    expect(await issuesOf('PATCH', `/api/contacts/${contact?.id}`, { attributes: { 'a\u0000': '1' } })).toHaveLength(1)
  })

  it('of a template’s values loses them too', async () => {
    const template = { name: 'appointment_reminder', variables: { date: '2\u0000 de\ud800 mayo', time: '10:30' } }
    const sent = await hilo.call<Written>('POST', '/api/messages', { body: { channel: 'whatsapp', to: '+5491144500905', template } })
    expect(sent.body.message.text).toContain('2 de mayo')
    expect(sent.body.message.template?.variables).toEqual({ date: '2 de mayo', time: '10:30' })
  })
})

describe('a send', () => {
  const to = { channel: 'whatsapp', to: '+5491144500910' }

  it('of a template says when its values are longer than WhatsApp takes, not Twilio later', async () => {
    const template = (length: number) => ({ name: 'appointment_reminder', variables: { date: 'x'.repeat(length), time: '10:30' } })
    expect(await issuesOf('POST', '/api/messages', { ...to, template: template(1000) })).toEqual(['template.variables'])
    expect((await hilo.call('POST', '/api/messages', { body: { ...to, template: template(800) } })).status).toBe(202)
  })

  it('that cannot be what it says is refused: with files, a note for later, two contents, two targets, none', async () => {
    const sendAt = new Date(Date.now() + 3600_000).toISOString()
    expect(await issuesOf('POST', '/api/messages', { ...to, note: 'llamar', sendAt })).toEqual(['sendAt'])
    expect(await issuesOf('POST', '/api/messages', { ...to, note: 'mirá', media: [{ url: 'https://x.example.com/a.jpg' }] })).toEqual([
      'text',
    ])
    expect(await issuesOf('POST', '/api/messages', { ...to, note: 'a', text: 'b' })).toEqual(['text'])
    expect(await issuesOf('POST', '/api/messages', { ...to, conversationId: 'x', text: 'b' })).toEqual(['conversationId'])
    expect(await issuesOf('POST', '/api/messages', { text: 'b' })).toEqual(['conversationId'])
    expect(await issuesOf('POST', '/api/messages', { to: '+5491144500910', text: 'b' })).toEqual(['channel'])
  })
})

describe('an id', () => {
  it('of an agent that holds our separator is nobody else’s', async () => {
    const body = { channel: 'sms', to: '+5491144500906' }
    const sent: [string, string][] = [
      ['agent-1|x', 'y'],
      ['agent-1', 'x|y'],
      ['agent-1%7Cx', 'y'],
    ]
    for (const [sub, clientMessageId] of sent) {
      const answer = await hilo.call<Written>('POST', '/api/messages', {
        token: tokenOf({ sub }),
        body: { ...body, note: `de ${sub}`, clientMessageId },
      })
      expect([answer.status, answer.body.message.text]).toEqual([202, `de ${sub}`])
    }
  })

  it('of a message that two stores would not tell apart is refused', async () => {
    const body = { channel: 'sms', to: '+5491144500906', note: 'x' }
    for (const clientMessageId of ['a\ud800', 'a\u0000', ''])
      expect(await issuesOf('POST', '/api/messages', { ...body, clientMessageId })).toEqual(['clientMessageId'])
  })

  it('"me" gives a conversation to the caller, as it lists the caller’s', async () => {
    const { conversation } = (await hilo.call<Written>('POST', '/api/conversations', { body: { channel: 'sms', to: '+5491144500907' } }))
      .body
    const given = await hilo.call<Written>('PATCH', `/api/conversations/${conversation.id}`, { body: { assigneeId: 'me' } })
    expect(given.body.conversation.assignee).toEqual({ id: 'agent-7', name: 'Ana Díaz' })
    const mine = await hilo.call<Items>('GET', '/api/conversations?assignee=me&automated=true')
    expect(mine.body.items.map((one) => one.id)).toEqual([conversation.id])
  })
})

describe('a deletion', () => {
  it('answers 204 without a body, also of what is not there', async () => {
    const answer = await hilo.call('DELETE', '/api/me/push', { body: { endpoint: 'https://push.example.com/nobody' } })
    expect([answer.status, answer.text]).toEqual([204, ''])
  })
})

it('a record’s page that is no http(s) address is said by its field, in a list too, and the record is not kept', async () => {
  for (const url of ['javascript:alert(1)', '/eventos/1', 'https://ana:secreto@app.example.com', `https://a.example/${'x'.repeat(2000)}`]) {
    expect(await issuesOf('PUT', '/api/coordinations/ev-url', { ...record, url }), url).toEqual(['url'])
    expect(await issuesOf('PUT', '/api/coordinations', [{ ...record, id: 'ev-url', url }]), url).toEqual(['0.url'])
  }
  expect((await hilo.call('GET', '/api/coordinations/ev-url')).status).toBe(404)
  const url = 'https://app.example.com/eventos/1'
  expect((await hilo.call('PUT', '/api/coordinations/ev-url', { body: { ...record, url } })).status).toBe(201)
  expect((await hilo.call<Coordination>('GET', '/api/coordinations/ev-url')).body.url).toBe(url)
})
