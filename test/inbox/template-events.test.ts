// What Twilio tells of templates by Event Streams: signed, once, and never backwards.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Template } from '../../shared/model.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, startHilo, type TestHilo } from '../support/hilo.ts'

const SID = 'HXb5b62575e6e4ff6129ad7c8efe1f983e'
let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())
beforeEach(async () => {
  const fresh = { status: 'approved', category: 'UTILITY', quality: null, rejection: null, toldAt: {} } as const
  await hilo.server.parts.store.changeTemplate(
    'default',
    { name: 'appointment_reminder', language: 'en' },
    (one) => one && { ...one, ...fresh },
    1,
  )
})

const event = (kind: string, currentValue: string, minute: number, over: object = {}) => ({
  ...{ specversion: '1.0', type: 'com.twilio.messaging.template.approval.updated', id: `EV${kind}${minute}` },
  data: {
    ...{ type: kind, accountSid, dateUpdated: `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`, channel: 'whatsapp' },
    template: { sid: SID, friendlyName: 'sample', language: 'en', previousValue: 'x', currentValue },
  },
  ...over,
})

async function post(body: string, { token = authToken, hashed = body, signed = true } = {}): Promise<number> {
  const path = `/webhooks/twilio/events?bodySHA256=${createHash('sha256').update(hashed).digest('hex')}`
  const signature = signRequest(token, `https://inbox.example.com${path}`, {})
  const headers = { 'content-type': 'application/json', ...(signed ? { 'x-twilio-signature': signature } : {}) }
  return (await fetch(hilo.url + path, { method: 'POST', headers, body })).status
}
const tell = (...events: object[]) => post(JSON.stringify(events))
const kept = async () => (await hilo.agent().call<Template>('GET', '/api/templates/appointment_reminder')).body
const rev = async () => (await hilo.server.parts.store.templatesNamed('default', 'appointment_reminder'))[0]?.rev

describe('events of templates', () => {
  test('change status, category and quality, several in one list', async () => {
    const list = [event('status_update', 'paused', 1), event('category_update', 'marketing', 1), event('quality_update', 'YELLOW', 1)]
    expect(await tell(...list)).toBe(200)
    expect(await kept()).toMatchObject({ approved: false, status: 'paused', category: 'MARKETING', quality: 'yellow' })
  })

  test('told again change nothing, and late ones do not undo newer ones', async () => {
    await tell(event('status_update', 'paused', 5))
    const before = await rev()
    expect(await tell(event('status_update', 'paused', 5), event('status_update', 'approved', 3))).toBe(200)
    expect([await rev(), (await kept()).status]).toEqual([before, 'paused'])
    await tell(event('status_update', 'approved', 6))
    expect((await kept()).approved).toBe(true)
  })

  test('of other types, contents, accounts and words are ignored', async () => {
    const before = await rev()
    const foreign = {
      type: 'status_update',
      accountSid: 'AC9',
      dateUpdated: '2026-11-20T11:00:00Z',
      template: { sid: SID, currentValue: 'paused' },
    }
    const unknown = { ...foreign, accountSid, template: { sid: 'HX0', currentValue: 'paused' } }
    expect(
      await tell(
        event('status_update', 'paused', 7, { type: 'com.twilio.messaging.message.sent' }),
        event('status_update', 'on_holiday', 7),
        event('direct_send_abuse_update', 'paused', 7),
        event('status_update', 'paused', 7, { data: foreign }),
        event('status_update', 'paused', 7, { data: unknown }),
        event('status_update', 'paused', 7, { data: null }),
      ),
    ).toBe(200)
    expect(await post('null')).toBe(200)
    expect(await rev()).toBe(before)
  })

  test('with a wrong or missing signature, or another body than was signed, are 403, and what is no JSON 400', async () => {
    const body = JSON.stringify([event('status_update', 'paused', 8)])
    expect(await post(body, { token: 'another' })).toBe(403)
    expect(await post(body, { signed: false })).toBe(403)
    expect(await post(body, { hashed: '[]' })).toBe(403)
    expect(await post('[{')).toBe(400)
    expect((await kept()).status).toBe('approved')
  })
})
