// The checks that a send has to pass, and those that it does not.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
let serial = 0
beforeAll(async () => {
  hilo = await serve({ SEND_LIMIT_PER_CONTACT_HOUR: '1' })
})
afterAll(() => hilo.close())

const newPhone = () => `+54911445009${10 + serial++}`
const send = (body: Record<string, unknown>, token = tokenOf()) =>
  hilo.call<{ message: Message; conversation: OwnConversation } & Problem>('POST', '/api/messages', { body, token })

it('keys belong to their agent: two agents may have the same one', async () => {
  const to = { channel: 'sms', to: newPhone(), note: 'uno', clientMessageId: 'same' }
  const ids = []
  for (const sub of ['ana', 'eva', 'a|b', 'a%7Cb', 'ana']) ids.push((await send(to, tokenOf({ sub }))).body.message.id)
  expect(new Set(ids).size).toBe(4)
  expect(ids.at(-1)).toBe(ids[0])
})

it('what is quoted stands in the same thread', async () => {
  const [own, other] = await Promise.all(
    [newPhone(), newPhone()].map(async (to) => (await send({ channel: 'sms', to, note: 'uno' })).body.message),
  )
  const quoting = (replyToId: string | undefined) => send({ conversationId: own?.conversationId, note: 'dos', replyToId })
  expect((await quoting(own?.id)).status).toBe(202)
  expect(await quoting(other?.id)).toMatchObject({ status: 422, body: { issues: [{ path: 'replyToId' }] } })
  expect(await quoting('none')).toMatchObject({ status: 422 })
})

it('a note leaves nothing: neither the hourly limit nor the window hold it up', async () => {
  const to = { channel: 'sms', to: newPhone() }
  expect((await send({ ...to, text: 'uno' })).status).toBe(202)
  expect((await send({ ...to, text: 'dos' })).body.code).toBe('limit_reached')
  expect((await send({ ...to, note: 'para el equipo' })).status).toBe(202)
  const closed = { channel: 'whatsapp', to: newPhone() }
  expect((await send({ ...closed, text: 'uno' })).body.code).toBe('window_closed')
  expect((await send({ ...closed, note: 'para el equipo' })).status).toBe(202)
})

it('a plan is at most a year ahead', async () => {
  const plan = (days: number) =>
    send({ channel: 'sms', to: newPhone(), text: 'x', sendAt: new Date(Date.now() + days * 24 * 3600_000).toISOString() })
  expect((await plan(365)).status).toBe(202)
  expect(await plan(367)).toMatchObject({ status: 422, body: { issues: [{ path: 'sendAt' }] } })
})

it.each([
  ['coordinationId', 'ev-other'],
  ['channel', 'whatsapp'],
])('beside a conversation another %s is refused, not ignored', async (path, other) => {
  const { conversation } = (await send({ channel: 'sms', to: newPhone(), note: 'uno', coordinationId: 'ev-own' })).body
  const own = { coordinationId: 'ev-own', channel: 'sms' }
  expect((await send({ conversationId: conversation.id, note: 'dos', ...own })).status).toBe(202)
  expect(await send({ conversationId: conversation.id, note: 'tres', ...own, [path]: other })).toMatchObject({
    status: 422,
    body: { issues: [{ path }] },
  })
})
