// What an organization sets up for itself: who may, what holds from then on, and who hears of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OrganizationState } from '../../shared/organization.ts'
import type { Problem } from '../../shared/problems.ts'
import { connect } from '../realtime/live.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const path = '/api/organization'
let hilo: TestHilo
let ana: TestAgent
let boss: TestAgent
let host: TestAgent
beforeAll(async () => {
  hilo = await startHilo({
    env: { TIMEZONE: 'America/Lima', DEFAULT_COUNTRY: 'PE', SEND_LIMIT_PER_CONTACT_HOUR: '2', RETENTION_DAYS: '90' },
  })
  ana = hilo.agent()
  boss = hilo.agent({ sub: 'boss', role: 'supervisor' })
  host = hilo.agent({ sub: 'host', role: 'service' })
})
afterAll(() => hilo.close())

const read = async () => (await ana.call<OrganizationState>('GET', path)).body
const change = (body: object, by = boss, headers: Record<string, string> = {}) => by.call<OrganizationState>('PATCH', path, body, headers)

describe('an organization’s settings', () => {
  test('are those of the server until they are set, and read by everybody in it', async () => {
    const answer = await ana.call<OrganizationState>('GET', path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('etag')).toBe('"0"')
    expect(answer.body).toMatchObject({ timezone: 'America/Lima', defaultCountry: 'PE', retentionDays: 90, rev: 0, updatedAt: null })
    expect(answer.body.limits).toMatchObject({ agentsPerContactHour: 2 })
  })

  test('are changed by supervisors and the host alone, field by field', async () => {
    const refused = await change({ name: 'Mía' }, ana)
    expect([refused.status, (refused.body as unknown as Problem).code]).toEqual([403, 'forbidden'])
    expect((await change({ name: 'Salón Sol', calendars: { collection: { preset: 'ley2300' } } })).status).toBe(200)
    const { body } = await change({ senderName: 'Sol' }, host)
    expect(body).toMatchObject({ name: 'Salón Sol', senderName: 'Sol', calendars: { collection: { perDay: 1, oneChannelAWeek: true } } })
    expect(await read()).toEqual(body)
  })

  test('say everything that is wrong, and where, and change nothing then', async () => {
    const before = await read()
    const { status, body } = await change({ name: 'Otra', timezone: 'Lima', fallback: { collection: true } })
    expect(status).toBe(422)
    expect((body as unknown as Problem).issues).toEqual([
      { path: 'timezone', message: 'is no IANA time zone such as America/Bogota' },
      { path: 'fallback.collection', message: 'is never sent by SMS in place of WhatsApp' },
    ])
    expect(await read()).toEqual(before)
  })

  test('that somebody changed meanwhile are not written over', async () => {
    const { rev } = await read()
    expect((await change({ name: 'Una', rev })).body.rev).toBe(rev + 1)
    for (const late of [await change({ name: 'Dos', rev }), await change({ name: 'Dos' }, boss, { 'if-match': `"${rev}"` })]) {
      expect([late.status, (late.body as unknown as Problem).code]).toEqual([409, 'conflict'])
    }
    expect((await change({ name: 'Dos' }, boss, { 'if-match': '"nonsense"' })).status).toBe(409)
    const told = await change({ name: 'Tres' }, boss, { 'if-match': `"${rev + 1}"` })
    expect([told.status, told.headers.get('etag')]).toEqual([200, `"${rev + 2}"`])
    const together = await Promise.all(['a', 'b', 'c'].map((name) => change({ name, rev: rev + 2 })))
    expect(together.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  test('hold at once: the limit of an hour, the country of a number, the channel that is off', async () => {
    const to = '+51987600001'
    await hilo.simulator.phone(to).write('hola')
    const { id: conversationId } = await hilo.conversation(to)
    for (const text of ['uno', 'dos']) await ana.send({ conversationId, text })
    const send = (body: object) => ana.call<Problem>('POST', '/api/messages', body)
    expect((await send({ conversationId, text: 'tres' })).body.code).toBe('limit_reached')
    await change({ limits: { agentsPerContactHour: 50 } })
    expect((await send({ conversationId, text: 'tres' })).status).toBe(202)
    await change({ defaultCountry: 'CO' })
    await ana.send({ channel: 'sms', to: '300 6000001', text: 'hola' })
    expect((await hilo.conversation('+573006000001')).channel).toBe('sms')

    const page = await connect(hilo.url, ana.token)
    await change({ channels: { whatsapp: false } })
    const off = await send({ conversationId, text: 'cuatro' })
    expect([off.status, off.body.code]).toEqual([409, 'no_sender'])
    const told = await until(() => page.all<{ channel: string; ready: boolean; reason: string }[]>('channels').at(-1))
    expect(told[0]).toMatchObject({ channel: 'whatsapp', ready: false, reason: 'WhatsApp is switched off for this organization.' })
    await change({ channels: { whatsapp: true } })
    expect((await send({ conversationId, text: 'cuatro' })).status).toBe(202)
    page.socket.close()
  })

  test('are told to every page where they change what it shows', async () => {
    const page = await connect(hilo.url, ana.token)
    await change({ retentionDays: 91 })
    await change({ timezone: 'America/Bogota', locale: 'en', name: 'Salón Sol', senderName: 'Sol' })
    await until(() => page.all('organization').length > 0)
    const names = { organizationName: 'Salón Sol', senderName: 'Sol' }
    const place = { timezone: 'America/Bogota', otherTimezones: ['Etc/GMT+5'], locale: 'en', ...names }
    expect(page.all('organization')).toEqual([place])
    await change({ senderName: null })
    await until(() => page.all('organization').length > 1)
    expect(page.all('organization')[1]).toEqual({ ...place, senderName: null })
    const later = await connect(hilo.url, ana.token)
    expect(later.all('ready')).toMatchObject([{ timezone: 'America/Bogota', locale: 'en' }])
    for (const live of [page, later]) live.socket.close()
  })

  test('its names fill the blanks of templates: the one towards clients, else its own', async () => {
    const body = 'Te escribe {{empresa}}, de {{organizacion}}.'
    await boss.call('PUT', '/api/templates/presentacion', { language: 'es', body })
    const said = async () => {
      const sent = { channel: 'sms', to: '+5491144500999', template: { name: 'presentacion' } }
      const answer = await ana.call<{ message: { text: string } } & Problem>('POST', '/api/messages', sent)
      return answer.body.code ?? answer.body.message.text
    }
    await change({ name: 'Salón Sol S.A.', senderName: 'Sol', limits: null })
    expect(await said()).toBe('Te escribe Sol, de Salón Sol S.A..')
    await change({ senderName: null })
    expect(await said()).toBe('Te escribe Salón Sol S.A., de Salón Sol S.A..')
    await change({ name: null })
    expect(await said()).toBe('template_variables_missing')
    await change({ name: 'Salón Sol' })
  })

  test('are there again after a restart', async () => {
    const before = await read()
    await hilo.restart()
    expect(await read()).toEqual(before)
    const page = await connect(hilo.url, ana.token)
    expect(page.all('ready')).toMatchObject([{ timezone: 'America/Bogota' }])
    page.socket.close()
  })
})
