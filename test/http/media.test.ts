// Files from agents: uploaded or named by their address, sent by HTTP and by sockets, and what is refused.
import { randomBytes, randomUUID } from 'node:crypto'
import { connect as dial } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadPictureMaker } from '../../server/media/picture-maker.ts'
import { bytesOf } from '../../server/simulator/camera-roll.ts'
import { applyStatus } from '../../server/outbox/apply-status.ts'
import { sendOtherFormat } from '../../server/outbox/other-format.ts'
import { failureOf } from '../../server/twilio/errors.ts'
import type { Message } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { jpeg, m4a, mp4, opus, pdf, png } from '../media/samples.ts'
import { openOrigin, type Origin } from '../media/origin.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const maker = await loadPictureMaker()

type Written = { message: Message; messages?: Message[] }
const phone = '+5491155660001'
let hilo: TestHilo
let ana: TestAgent
let origin: Origin
let to: { conversationId: string }

beforeAll(async () => {
  origin = await openOrigin((request, response) => {
    if (request.url === '/away') response.writeHead(404).end()
    else if (request.url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
    else if (request.url === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
    else response.writeHead(200, { 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="recibo.pdf"' }).end(pdf)
  })
  hilo = await startHilo({
    given: { mediaLine: { lookup: async () => ['93.184.216.34'], connect: () => dial(origin.port, '127.0.0.1') } },
  })
  ana = hilo.agent()
  await hilo.simulator.phone(phone).write('hola')
  to = { conversationId: (await hilo.conversation(phone)).id }
})
afterAll(async () => {
  await hilo.close()
  await origin.close()
})
beforeEach(() => hilo.simulator.phone(phone).write('sigo acá'))

async function upload(bytes: Buffer, name: string, type: string, by = ana) {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), name)
  const answer = await fetch(`${hilo.url}/api/media`, { method: 'POST', headers: { authorization: `Bearer ${by.token}` }, body: form })
  return { status: answer.status, body: (await answer.json()) as { id: string; contentType: string; size: number } & Problem }
}
const idOf = async (bytes: Buffer, name: string, type: string) => ({ id: (await upload(bytes, name, type)).body.id })
const post = (body: object, by = ana) =>
  by.call<Written & Problem>('POST', '/api/messages', { ...to, clientMessageId: randomUUID(), ...body })
const isOver = (id: string) => hilo.messageWhen(id, ({ status }) => status === 'delivered' || status === 'failed')
const onPhone = () => hilo.simulator.phone(phone).messages('whatsapp')

describe('an upload', () => {
  test('is kept as what its bytes are, under the name that it came with', async () => {
    const { status, body } = await upload(jpeg(40, 30), 'torta.png', 'image/png')
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      contentType: 'image/jpeg',
      size: jpeg(40, 30).length,
      filename: 'torta.png.jpg',
      width: 40,
      height: 30,
    })
  })

  test('that no channel sends, that is empty, or that is no form, is refused by name', async () => {
    expect((await upload(Buffer.from('<svg onload="x()"/>'), 'x.png', 'image/png')).body.code).toBe('unsupported_media')
    expect((await upload(Buffer.alloc(0), 'x.png', 'image/png')).body.code).toBe('validation_failed')
    expect((await ana.call<Problem>('POST', '/api/media', { file: 'x' })).body.code).toBe('unsupported_media')
  })

  test('is of its organization: an id that was changed is none', async () => {
    const { id } = await idOf(png(), 'a.png', 'image/png')
    for (const wrong of [`x${id}`, id.slice(0, -1), 'never', id.replace('.', '..')]) {
      const { status, body } = await post({ media: [{ id: wrong }] })
      expect([status, body.issues?.[0]?.path]).toEqual([422, 'media.0.id'])
    }
  })
})

describe('a send with files', () => {
  test('reaches the phone with its caption, and everybody in the thread is shown it by an address that serves it', async () => {
    const media = [await idOf(png(), 'a.png', 'image/png')]
    const { status, body } = await post({ text: 'Mirá', media })
    expect(status).toBe(202)
    expect(body.message).toMatchObject({
      type: 'media',
      text: 'Mirá',
      media: [{ contentType: 'image/png', filename: 'a.png', state: 'ready', width: 4 }],
    })
    expect((await isOver(body.message.id)).status).toBe('delivered')
    expect(onPhone().at(-1)).toMatchObject({ body: 'Mirá', mediaTypes: ['image/png'] })
    const shown = (await hilo.messages(to.conversationId)).at(-1)
    const file = await fetch(shown?.media[0]?.url.replace('https://inbox.example.com', hilo.url) ?? '')
    expect(Buffer.from(await file.arrayBuffer())).toEqual(png())
  })

  test.skipIf(maker === null)('of a large picture has a small one beside it', async () => {
    const photo = Buffer.concat([bytesOf('photo'), randomBytes(60_000)])
    const { body } = await post({ media: [await idOf(photo, 'salon.jpg', 'image/jpeg')] })
    const [item] = (await hilo.messages(to.conversationId)).find(({ id }) => id === body.message.id)?.media ?? []
    expect(item?.preview).toMatch(/\/media\/.*size=preview/)
    const here = (url = '') => url.replace('https://inbox.example.com', hilo.url)
    const small = await fetch(here(item?.preview))
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp'])
    const bytes = Buffer.from(await small.arrayBuffer())
    expect(bytes.length).toBeLessThan(photo.length / 2)
    const whole = await fetch(here(item?.url))
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(photo)
    expect((await isOver(body.message.id)).status).toBe('delivered')
  })

  test('O4: becomes several messages where WhatsApp takes one file each: in order, with nothing between, each with its words', async () => {
    const before = onPhone().length
    const media = [
      await idOf(pdf, 'a.pdf', 'application/pdf'),
      await idOf(mp4, 'b.mp4', 'video/mp4'),
      await idOf(jpeg(), 'c.jpg', 'image/jpeg'),
    ]
    const [{ body }] = await Promise.all([post({ text: 'Todo junto', media }), ...[1, 2, 3].map((n) => post({ text: `otra ${n}` }))])
    const all = body.messages ?? []
    expect(all.map(({ text, media }) => [text, media[0]?.contentType])).toEqual([
      ['Todo junto', undefined],
      ['', 'application/pdf'],
      ['', 'video/mp4'],
      ['', 'image/jpeg'],
    ])
    expect(all.map(({ seq }) => (seq ?? 0) - (all[0]?.seq ?? 0))).toEqual([0, 1, 2, 3])
    for (const { id } of all) expect((await isOver(id)).status).toBe('delivered')
    const sids = new Set((await Promise.all(all.map(({ id }) => hilo.message(id)))).map(({ twilioSid }) => twilioSid))
    await until(() => onPhone().length === before + 7)
    const arrived = hilo.simulator.ledger().accepted.filter(({ sid }) => sids.has(sid))
    const urls = arrived.flatMap(({ mediaUrls }) => mediaUrls)
    const served = await Promise.all(urls.map((url) => fetch(url.replace('https://inbox.example.com', hilo.url))))
    expect(
      urls.every((url) => url.startsWith('https://inbox.example.com/media/')),
      'anybody reaches them',
    ).toBe(true)
    expect(served.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
      [200, 'application/pdf'],
      [200, 'video/mp4'],
      [200, 'image/jpeg'],
    ])
    expect(arrived.map(({ mediaUrls, body }) => [body, mediaUrls.length])).toEqual([
      ['Todo junto', 0],
      ['', 1],
      ['', 1],
      ['', 1],
    ])
  })

  test('is one send under its clientMessageId, also over the socket; with another file it is a conflict', async () => {
    const live = await ana.connect()
    const [first, other] = [await idOf(pdf, 'a.pdf', 'application/pdf'), await idOf(png(5, 5), 'b.png', 'image/png')]
    const body = { ...to, text: 'Va', media: [first], clientMessageId: randomUUID() }
    const sent = await ana.call<Written & Problem>('POST', '/api/messages', body)
    const again = await live.ask<Written>('message:send', body)
    expect(again).toMatchObject({ ok: true, messages: sent.body.messages?.map(({ id }) => ({ id })) })
    for (const changed of [{ media: [other] }, { media: undefined }, { text: undefined }, { media: [first, other] }])
      expect(await live.ask<Written>('message:send', { ...body, ...changed })).toMatchObject({ ok: false, error: { code: 'conflict' } })
    live.close()
  })

  test('O16: is refused as a whole: one file of a wrong type, and nothing goes', async () => {
    const good = await idOf(png(), 'a.png', 'image/png')
    const gif = await idOf(
      Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex'),
      'a.gif',
      'image/gif',
    )
    const count = (await hilo.messages(to.conversationId)).length
    const { body } = await post({ text: 'x', media: [good, gif] })
    expect(body).toMatchObject({ code: 'unsupported_media', issues: [{ path: 'media.1.id' }] })
    expect((await post({ media: [] })).status).toBe(422)
    expect((await post({ media: Array.from({ length: 21 }, () => good) })).status).toBe(422)
    expect((await post({ media: [good], sensitive: true })).body.issues?.[0]?.path).toBe('sensitive')
    expect((await post({ media: [good], note: 'x' })).status).toBe(422)
    expect(await hilo.messages(to.conversationId)).toHaveLength(count)
  })

  test('O16: a file larger than the channel sends of its type is named before anything is sent; on another channel it goes', async () => {
    const large = await idOf(Buffer.concat([pdf, Buffer.alloc(500 * 1024)]), 'plano.pdf', 'application/pdf')
    const media = [await idOf(png(), 'a.png', 'image/png'), large]
    const before = hilo.simulator.ledger().accepted.length
    const { status, body } = await ana.call<Written & Problem>('POST', '/api/messages', {
      channel: 'sms',
      to: '+12125550124',
      text: 'hola',
      media,
    })
    expect([status, body.code, body.issues]).toEqual([
      415,
      'unsupported_media',
      [{ path: 'media.1.id', message: 'is larger than SMS sends' }],
    ])
    expect(body.detail).toContain('larger than SMS sends')
    const path = `/api/conversations?automated=true&phone=${encodeURIComponent('+12125550124')}`
    const threads = (await ana.call<{ items: { lastMessage: unknown }[] }>('GET', path)).body.items
    expect(threads.filter(({ lastMessage }) => lastMessage !== null)).toEqual([])
    expect(hilo.simulator.ledger().accepted).toHaveLength(before)
    expect((await isOver((await post({ media: [large] })).body.message.id)).status).toBe('delivered')
  })

  test('goes by SMS only where SMS has files', async () => {
    const media = [await idOf(png(), 'a.png', 'image/png'), await idOf(m4a, 'b.m4a', 'audio/mp4')]
    const send = (address: string) =>
      ana.call<Written & Problem>('POST', '/api/messages', { channel: 'sms', to: address, text: 'hola', media })
    expect((await send(phone)).body).toMatchObject({ code: 'unsupported_media' })
    const { body } = await send('+12125550123')
    expect(body.message.media).toHaveLength(2)
    expect((await isOver(body.message.id)).status).toBe('delivered')
  })

  test('needs an open window', async () => {
    const media = [await idOf(png(), 'a.png', 'image/png')]
    const { body } = await ana.call<Problem>('POST', '/api/messages', { channel: 'whatsapp', to: '+5491155660002', media })
    expect(body.code).toBe('window_closed')
  })

  test('by an address is kept first, so that agents see what the client got', async () => {
    const { body } = await post({ media: [{ url: 'http://files.example.com/invoice' }] })
    expect(body.message.media).toMatchObject([{ contentType: 'application/pdf', filename: 'recibo.pdf', size: pdf.length }])
    expect((await isOver(body.message.id)).status).toBe('delivered')
    expect(JSON.stringify(await hilo.messages(to.conversationId))).not.toContain('files.example.com')
  })

  test.each([
    ['http://files.example.com/away', 'validation_failed'],
    ['http://files.example.com/page', 'unsupported_media'],
    ['http://files.example.com/inside', 'validation_failed'],
    ['http://127.0.0.1:1/x', 'validation_failed'],
    ['http://[::1]/x', 'validation_failed'],
    ['file:///etc/passwd', 'validation_failed'],
  ])('by an address that leads to nothing for us (%s) says so', async (url, code) => {
    const { body } = await post({ media: [{ url }] })
    expect(body).toMatchObject({ code, issues: [{ path: 'media.0.url' }] })
  })

  test('that is planned goes in its order when it is due; one that is taken back does not', async () => {
    const media = [await idOf(pdf, 'p.pdf', 'application/pdf'), await idOf(png(6, 6), 'p.png', 'image/png')]
    const sendAt = new Date(Date.now() + 600).toISOString()
    const { body } = await post({ text: 'Planeado', media, sendAt })
    const [words, document, picture] = body.messages ?? []
    expect([words, document, picture].map((one) => one?.status)).toEqual(['scheduled', 'scheduled', 'scheduled'])
    expect((await ana.call('POST', `/api/messages/${document?.id}/cancel`)).status).toBe(200)
    const [first, last] = [await isOver(words?.id ?? ''), await isOver(picture?.id ?? '')]
    expect([first.status, last.status]).toEqual(['delivered', 'delivered'])
    expect(last.seq).toBeGreaterThan(first.seq ?? 0)
    expect((await hilo.message(document?.id ?? '')).status).toBe('canceled')
  })

  test('that failed is tried again with the same file', async () => {
    hilo.simulator.phone(phone).set({ refuseWith: 63019 })
    const { body } = await post({ media: [await idOf(png(7, 7), 'r.png', 'image/png')] })
    expect((await isOver(body.message.id)).error).toMatchObject({ code: 63019, action: 'retry' })
    hilo.simulator.phone(phone).set({ refuseWith: null })
    const retried = await ana.call<Written>('POST', `/api/messages/${body.message.id}/retry`)
    expect(retried.body.message.media).toMatchObject([{ filename: 'r.png', width: 7 }])
    expect((await isOver(retried.body.message.id)).status).toBe('delivered')
  })
})

describe('a recording in two formats', () => {
  const recording = async (): Promise<{ id: string; other: string }> => ({
    id: (await idOf(opus, 'voz.ogg', 'audio/ogg')).id,
    other: (await idOf(m4a, 'voz.m4a', 'audio/mp4')).id,
  })
  const attempts = async () => (await hilo.messages(to.conversationId)).filter(({ media }) => media[0]?.contentType.startsWith('audio/'))
  const settle = async (id: string) => {
    const first = await isOver(id)
    const second = await until(async () => (await attempts()).find(({ retryOf }) => retryOf === id), { what: 'the second attempt' })
    return [first, await isOver(second.id)] as const
  }

  test.each([
    ['by a later report', { failWith: 63019 }],
    ['by its answer', { refuseWith: 63019 }],
  ])('that WhatsApp does not take, %s, goes once in the other one, linked to the first', async (_, how) => {
    hilo.simulator.phone(phone).set(how)
    const { body } = await post({ media: [await recording()] })
    const [first, second] = await settle(body.message.id)
    hilo.simulator.phone(phone).set({ failWith: null, refuseWith: null })
    expect(first).toMatchObject({ status: 'failed', putAway: true, error: { code: 63019 }, media: [{ contentType: 'audio/ogg' }] })
    expect(second).toMatchObject({ status: 'failed', author: first.author, media: [{ contentType: 'audio/mp4' }] })
    // Twilio says both again, and an agent asks for another attempt of the first: it is the one that there was.
    for (const one of [first, second])
      for (let times = 0; times < 2; times++)
        await applyStatus(hilo.server.parts, {
          ...{ orgId: 'default', messageId: one.id, twilioSid: one.twilioSid ?? 'SM1', status: 'failed', at: Date.now() },
          failure: one.error,
        })
    expect((await ana.call<Written>('POST', `/api/messages/${first.id}/retry`)).body.message.id).toBe(second.id)
    expect((await attempts()).filter(({ id, retryOf }) => [id, retryOf].includes(first.id))).toHaveLength(2)
    expect((await attempts()).filter(({ retryOf }) => retryOf === second.id)).toEqual([])
  })

  test('that the first report found before a crash, and the next one after it, goes once', async () => {
    hilo.simulator.phone(phone).set({ phoneOff: true })
    const { body } = await post({ media: [await recording()] })
    const sent = await hilo.messageWhen(body.message.id, ({ status }) => status === 'sent')
    // A process enters the second, and dies before it writes down that the first failed.
    await sendOtherFormat(hilo.server.parts, 'default', sent, failureOf(63019, null))
    const [second] = (await attempts()).filter(({ retryOf }) => retryOf === sent.id)
    await hilo.messageWhen(second?.id ?? '', ({ status }) => status === 'sent')
    await hilo.restart()
    await applyStatus(hilo.server.parts, {
      ...{ orgId: 'default', messageId: sent.id, twilioSid: sent.twilioSid ?? '', status: 'failed', at: Date.now() },
      failure: failureOf(63019, null),
    })
    hilo.simulator.phone(phone).set({ phoneOff: false })
    expect((await attempts()).filter(({ retryOf }) => retryOf === sent.id)).toHaveLength(1)
    expect(await isOver(second?.id ?? '')).toMatchObject({ status: 'delivered', media: [{ contentType: 'audio/mp4' }] })
  })

  test('needs both files; the same send again is the same message', async () => {
    const { id, other } = await recording()
    const none = await post({ media: [{ id, other: 'never' }] })
    expect([none.status, none.body.issues?.[0]?.path]).toEqual([422, 'media.0.other'])
    expect((await post({ media: [{ url: 'https://files.example.com/x', other }] })).status).toBe(422)
    const clientMessageId = randomUUID()
    const [first, again] = [
      await post({ media: [{ id, other }], clientMessageId }),
      await post({ media: [{ id, other }], clientMessageId }),
    ]
    expect([first.status, again.status, again.body.message.id]).toEqual([202, 200, first.body.message.id])
  })
})

test('where nobody outside reaches PUBLIC_URL, Twilio could not fetch: said before anything is sent', async () => {
  const alone = await startHilo({ env: { PUBLIC_URL: 'http://localhost:8080', TWILIO_API_URL: 'https://api.example.com' } })
  const agent = alone.agent()
  const { body } = await agent.call<Problem>('POST', '/api/messages', { channel: 'sms', to: '+12125550123', media: [{ id: 'x' }] })
  expect(body).toMatchObject({ code: 'no_public_url', status: 409 })
  await alone.close()
})
