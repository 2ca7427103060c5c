// What clients send beside words, on its whole way: from their phone through Twilio's hands into the agent's thread.
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { bytesOf, type Shot } from '../../server/simulator/camera-roll.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const ANA = '+5491144501001'
let hilo: TestHilo
beforeEach(async () => {
  hilo = await startHilo()
})
afterEach(() => hilo.close())

/** The last message of the thread once nothing of it is on its way any more. */
async function settled(phone = ANA): Promise<Message> {
  const { id } = await hilo.conversation(phone)
  return until(async () => {
    const last = (await hilo.messages(id)).at(-1)
    return last && last.media.length > 0 && last.media.every(({ state }) => state !== 'pending') ? last : null
  })
}

/** As a browser of the widget does: by the address alone. The test's server is elsewhere than its public name. */
const load = (url: string, headers: Record<string, string> = {}) =>
  fetch(hilo.server.url + url.replace(/^https:\/\/[^/]+/, ''), { headers })
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('what a client sends arrives', () => {
  test.each<[shot: Shot, contentType: string]>([
    ['photo', 'image/jpeg'],
    ['sticker', 'image/webp'],
    ['voice', 'audio/ogg'],
    ['video', 'video/mp4'],
    ['document', 'application/pdf'],
  ])('M1, M4, M14: a %s is fetched with our password, and served by a signed address to who has none', async (shot, contentType) => {
    await hilo.simulator.phone(ANA).write('mirá', { media: [shot] })
    const message = await settled()
    expect(message).toMatchObject({ type: 'media', text: 'mirá', media: [{ state: 'ready', contentType, size: bytesOf(shot).length }] })
    const answer = await load(message.media[0]?.url ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(contentType)
    expect(hashOf(new Uint8Array(await answer.arrayBuffer()))).toBe(hashOf(bytesOf(shot)))
  })

  test('M2 two pictures of one MMS keep their order, and say how large they are', async () => {
    await hilo.simulator.phone(ANA).write('', { channel: 'sms', media: ['photo', 'cake'] })
    expect((await settled()).media).toMatchObject([
      { state: 'ready', width: 1200, height: 900 },
      { state: 'ready', width: 900, height: 1200 },
    ])
  })

  test('M17 a contact card becomes its contacts, those without a number too, and can be downloaded', async () => {
    await hilo.simulator.phone(ANA).write('', { media: ['contacts'] })
    const message = await settled()
    expect(message).toMatchObject({
      type: 'contacts',
      contacts: [
        { name: 'Marta Pereyra', phones: ['+54 9 11 4450-1777'] },
        { name: 'Julián Sosa', phones: [] },
      ],
      media: [{ state: 'ready', contentType: 'text/vcard' }],
    })
    const answer = await load(message.media[0]?.url ?? '')
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    expect(await answer.text()).toBe(bytesOf('contacts').toString('utf8'))
  })

  test('who looks is told when it is there, by the address that a list gives', async () => {
    const live = await hilo.agent().connect()
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'] })
    const told = await until(() => live.changes.flatMap(({ messages }) => messages).find(({ media }) => media[0]?.state === 'ready'))
    const first = live.changes.flatMap(({ messages }) => messages)[0]
    expect(first).toMatchObject({ text: 'mirá', media: [{ state: 'pending', url: '' }] })
    expect(told.media).toEqual((await settled()).media)
    live.close()
  })

  test('where it was fetched from is in no answer and no log', async () => {
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'] })
    const message = await settled()
    const agent = hilo.agent()
    const answers = await Promise.all(
      [`/api/messages/${message.id}`, '/api/messages', `/api/conversations/${message.conversationId}/messages`].map((path) =>
        agent.call('GET', path),
      ),
    )
    for (const { text } of answers) {
      expect(text).not.toMatch(/2010-04-01|ME[0-9a-f]{10}|[0-9a-f]{64}/)
      expect(text).toContain('/media/')
    }
    expect(hilo.log()).not.toContain('/Media/ME')
  })
})

const from = (fields: Record<string, string>) => hilo.simulator.phone(ANA).write('hola', { fields: { NumMedia: '1', ...fields } })

describe('what cannot be fetched', () => {
  test('M7 an address of our own network is not asked, and the text is kept', async () => {
    await from({ MediaUrl0: 'http://169.254.169.254/latest/meta-data', MediaContentType0: 'image/png' })
    expect(await settled()).toMatchObject({ text: 'hola', media: [{ state: 'blocked', reason: 'address', url: '' }] })
  })

  test('an address that is none is kept as failed, not refused', async () => {
    const { httpStatus } = await from({ MediaUrl0: 'no es nada', MediaContentType0: 'image/png' })
    expect(httpStatus).toBe(200)
    expect(await settled()).toMatchObject({ text: 'hola', media: [{ state: 'failed' }] })
  })

  test('M8, M9: what is away three times has failed, and is fetched when an agent asks again', async () => {
    hilo.simulator.faults.set({ readError500: 1 })
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'] })
    const failed = await settled()
    expect(failed).toMatchObject({ text: 'mirá', media: [{ state: 'failed', url: '' }] })
    hilo.simulator.faults.set({ readError500: 0 })
    const id = failed.media[0]?.id ?? ''
    const asked = await hilo.agent().call<{ message: Message }>('POST', `/api/media/${id}/retry`)
    expect([asked.status, asked.body.message.media[0]?.state]).toEqual([202, 'pending'])
    const ready = await until(async () => {
      const message = await hilo.message(failed.id)
      return message.media[0]?.state === 'ready' ? message : null
    })
    const again = await hilo.agent().call<{ message: Message }>('POST', `/api/media/${id}/retry`)
    expect([again.status, again.body.message]).toEqual([202, ready])
  })

  test('only who may see the message asks again', async () => {
    await from({ MediaUrl0: 'no es nada' })
    const id = (await settled()).media[0]?.id ?? ''
    const scoped = hilo.agent({ sub: 'agent-2', coordinations: ['ev-1'] })
    for (const path of [id, `${id}1`, 'x', '-0']) expect((await scoped.call('POST', `/api/media/${path}/retry`)).status).toBe(404)
    expect((await hilo.agent().call('POST', `/api/media/${id}1/retry`)).status).toBe(404)
  })
})

describe('nothing is lost', () => {
  test('what was on its way when the server stopped is fetched by the one that comes after, and shown once', async () => {
    hilo.simulator.faults.set({ readHang: 1 })
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'] })
    await hilo.restart()
    hilo.simulator.faults.set({ readHang: 0 })
    await until(async () => (await hilo.messages((await hilo.conversation(ANA)).id)).length > 0)
    const message = await settled()
    expect(message).toMatchObject({ text: 'mirá', media: [{ state: 'ready' }] })
    expect(await hilo.messages(message.conversationId)).toHaveLength(1)
  })

  test('a message that only Twilio’s list tells of brings its media', async () => {
    await hilo.close()
    hilo = await startHilo({ given: { polls: true } })
    hilo.simulator.faults.set({ lostWebhooks: 1 })
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'] })
    hilo.simulator.faults.set({ lostWebhooks: 0 })
    await until(async () => (await hilo.agent().call<{ items: unknown[] }>('GET', '/api/conversations')).body.items.length > 0)
    expect(await settled()).toMatchObject({ type: 'media', text: 'mirá', media: [{ state: 'ready', contentType: 'image/jpeg' }] })
  })

  test('a webhook that names no address is fetched by Twilio’s list', async () => {
    await hilo.simulator.phone(ANA).write('mirá', { media: ['photo'], fields: { MediaUrl0: null, MediaContentType0: null } })
    expect(await settled()).toMatchObject({ media: [{ state: 'ready', contentType: 'image/jpeg' }] })
  })
})
