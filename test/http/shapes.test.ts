// Every call once, as a host would make it: its status and its answer are what the route table, and so the OpenAPI
// document, says; nothing is missing, and nothing is there that is not said.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allRoutes } from '../../server/http/routes/all-routes.ts'
import type { Message, OwnConversation, Upload } from '../../shared/model.ts'
import { pdf } from '../media/samples.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const phone = '+5491144501001'
const tried = new Set<string>()
let hilo: TestHilo
let ana: TestAgent

beforeAll(async () => {
  hilo = await startHilo()
  ana = hilo.agent()
})
afterAll(() => hilo.close())

/** Paths of all fields in a value; of lists those of their items. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [`${path}.${name}`, ...fieldsOf(inner, `${path}.${name}`)])
}

async function call<T = unknown>(method: string, path: string, body?: object | string, by = ana, headers = {}): Promise<T> {
  const plain = path.split('?')[0] ?? ''
  const route = allRoutes.find(
    (one) => one.method === method.toLowerCase() && new RegExp(`^${one.path.replace(/:\w+/g, '[^/]+')}$`).test(plain),
  )
  if (!route) throw new Error(`There is no ${method} ${path}.`)
  tried.add(`${route.method} ${route.path}`)
  const answer = await by.call<T>(method, path, body, headers)
  const what = `${method} ${path}: ${answer.text.slice(0, 200)}`
  expect(Object.keys(route.answers), what).toContain(String(answer.status))
  const shape = route.answers[answer.status] ?? null
  if (shape === null) expect(answer.text, what).toBe('')
  else {
    const parsed = shape.safeParse(answer.body)
    expect(parsed.error?.issues, what).toBeUndefined()
    expect(new Set(fieldsOf(answer.body)), what).toEqual(new Set(fieldsOf(parsed.data)))
  }
  return answer.body
}

it('answers every call as its description says', async () => {
  const contact = { name: 'Sofía', phone, channel: 'sms', externalId: 'c-1', phones: { whatsapp: phone, sms: phone } }
  const agent = { id: 'ana', name: 'Ana' }
  const data = { total: 1, pagado: true, nota: null, link: 'x' }
  await call('PUT', '/api/coordinations/ev-1', {
    title: 'Boda',
    contact,
    startsAt: '2026-12-01T10:00-03:00',
    timezone: 'America/Lima',
    agent,
    data,
  })
  await call('PUT', '/api/coordinations', [{ id: 'ev-2', title: 'Cumple', contact: { name: 'Luz', phone: '+5491144501002' } }])
  await hilo.simulator.phone(phone).write('hola')
  const thread = await hilo.conversation(phone)
  const to = { conversationId: thread.id }

  type Written = { message: Message; conversation: OwnConversation }
  const { message } = await call<Written>('POST', '/api/messages', { ...to, text: 'clave', wait: 'sent', sensitive: true, expiresIn: 60 })
  await call('POST', '/api/messages', { ...to, template: { name: 'appointment_reminder', variables: { date: 'hoy', time: '10' } } })
  await call('POST', '/api/messages', { ...to, note: 'llamar', replyToId: message.id })
  const sendAt = new Date(Date.now() + 3600_000).toISOString()
  const later = await call<Written>('POST', '/api/messages', { ...to, text: 'luego', sendAt })
  await call('GET', '/api/messages?status=scheduled')
  await call('GET', `/api/messages/${later.message.id}`)
  await call('PATCH', `/api/messages/${later.message.id}`, { text: 'más tarde' })
  await call('POST', `/api/messages/${later.message.id}/cancel`)
  hilo.simulator.phone(phone).set({ refuseWith: 21211 })
  const failed = await ana.send({ ...to, text: 'falla' })
  await hilo.messageWhen(failed.id, (one) => one.status === 'failed')
  await call('POST', `/api/messages/${failed.id}/retry`)
  await call('POST', `/api/messages/${failed.id}/put-away`)
  const form = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n${pdf}\r\n--x--\r\n`
  const file = await call<Upload>('POST', '/api/media', form, ana, { 'content-type': 'multipart/form-data; boundary=x' })
  await call('POST', '/api/messages', { ...to, text: 'el archivo', media: [{ id: file.id }] })
  await hilo.simulator.phone(phone).write('foto', { media: ['photo'] })
  const picture = await until(async () => (await hilo.messages(thread.id)).find(({ media }) => media[0]?.state === 'ready'))
  await call('POST', `/api/media/${picture.media[0]?.id}/retry`)
  const { undoId } = await call<{ undoId: string }>('POST', '/api/messages/move', { ids: [message.id], coordinationId: 'ev-2' })
  await call('POST', '/api/messages/move/undo', { undoId })
  await call('POST', '/api/coordinations/ev-2/ask-filing', {})

  for (const query of ['', '?unread=true&sort=waiting', '?failed=1', '?assignee=none&automated=true'])
    await call('GET', `/api/conversations${query}`)
  await call('GET', '/api/conversations/counts')
  await call('POST', '/api/conversations', { channel: 'sms', to: '+5491144501003', name: 'Nueva' })
  await call('GET', `/api/conversations/${thread.id}`)
  await call('PATCH', `/api/conversations/${thread.id}`, { status: 'snoozed', snoozedUntil: sendAt, assigneeId: 'me', tags: ['vip'] })
  await call('GET', `/api/conversations/${thread.id}/messages?after=0`)
  await call('POST', `/api/conversations/${thread.id}/read`, { seq: 1 })
  await call('GET', '/api/unread?coordinations=ev-1,ev-2')
  await call('GET', '/api/sync')

  await call('GET', '/api/contacts?q=sof')
  await call('GET', `/api/contacts/${thread.contact.id}`)
  await call('PATCH', `/api/contacts/${thread.contact.id}`, { attributes: { vip: 'sí' }, tags: ['novia'] })
  for (const path of [
    `/api/contacts/${thread.contact.id}/messages`,
    '/api/coordinations/ev-1/messages',
    '/api/coordinations/ev-1',
    '/api/coordinations?q=boda',
  ])
    await call('GET', path)

  for (const path of [
    '/api/me',
    '/api/me/settings',
    '/api/me/push',
    '/api/agents',
    '/api/status',
    '/api/organization',
    '/api/templates',
    '/api/templates/order_delivery',
  ])
    await call('GET', path)
  const boss = hilo.agent({ sub: 'boss', role: 'supervisor' })
  await call('PUT', '/api/templates/saludo', { language: 'es', body: 'Hola {{nombre}}', defaults: { nombre: 'Ana' } }, boss)
  const day = { at: { relativeTo: 'startsAt', offset: '-P1D' }, purpose: 'reminder', template: 'saludo', when: { total: { gt: 0 } } }
  const startsAt = new Date(Date.now() + 240 * 3600_000).toISOString()
  await call('PUT', '/api/coordinations/ev-3', { title: 'Turno', contact, startsAt, data })
  await call('PUT', '/api/automations/dia', day, boss)
  await call('PUT', '/api/automations/pago', { on: 'payment.received', template: { name: 'saludo', language: 'es' } }, boss)
  for (const path of ['/api/automations', '/api/automations/dia', '/api/coordinations/ev-3/plan']) await call('GET', path)
  await call('POST', '/api/automations/preview', { automation: day, until: startsAt, coordinationIds: ['ev-3'] }, boss)
  await call('POST', '/api/automations/pago/run', { coordinationIds: ['ev-3', 'none'] }, boss)
  await call('POST', '/api/coordinations/ev-3/events', { type: 'payment.received', data: { monto: 10, nota: null } })
  const [planned] = (await call<{ items: { key: string }[] }>('GET', '/api/coordinations/ev-3/plan')).items
  await call('POST', '/api/coordinations/ev-3/plan', { key: planned?.key, action: 'restore' })
  await call('DELETE', '/api/automations/dia', undefined, boss)
  await call('DELETE', '/api/templates/saludo', undefined, boss)
  await call('POST', '/api/templates/sync', undefined, boss)
  const asked = { language: 'es', category: 'UTILITY', body: 'Hola {{nombre}}, te esperamos hoy.', samples: { nombre: 'Ana' } }
  await call('POST', '/api/templates/aviso/submit', asked, boss)
  await call('PATCH', '/api/organization', { name: 'Salón Sol', holidays: [{ date: '2027-05-01', name: 'Trabajo' }] }, boss)
  await call('PATCH', '/api/me/settings', { quiet: { from: '22:00', to: '07:00' } })
  await call('PUT', '/api/me/presence', { presence: 'away' })
  const host = hilo.agent({ sub: 'host', role: 'service' })
  await call('PUT', '/api/agents', [{ id: 'luis', name: 'Luis' }], host)
  await call('PUT', '/api/agents/luis', { name: 'Luis Paz' }, host)
  const keys = { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) }
  await call('POST', '/api/me/push', { endpoint: 'https://push.example.com/1', keys, page: 'https://host.example.com/reservas' })
  await call('DELETE', '/api/me/push', { endpoint: 'https://push.example.com/1' })

  await call('POST', '/api/opt-outs', { channel: 'sms', to: '+5491144501077' }, host)
  await call(
    'POST',
    '/api/opt-outs/import',
    [
      { channel: 'sms', to: '+5491144501078', scope: 'marketing' },
      { channel: 'sms', to: '12' },
    ],
    host,
  )
  await call('GET', '/api/opt-outs', undefined, host)

  const list = { 'content-type': 'text/csv' }
  await call('POST', '/api/contacts/import', 'phone,name\n+5491144501081,Eva\n12,X\n', host, list)
  await call('POST', '/api/opt-outs/import', 'phone\n+5491144501082\n12\n', host, list)
  const clients = [{ externalId: 'cl-1', name: 'Eva', addresses: [{ channel: 'sms', phone: '+5491144501083' }] }, { name: 'X' }]
  const { ids } = await call<{ ids: string[] }>('PUT', '/api/contacts', clients, host)
  const twice = [{ name: 'Eva', addresses: [{ channel: 'whatsapp', phone: '+5491144501084' }] }]
  const other = (await call<{ ids: string[] }>('PUT', '/api/contacts', twice, host)).ids[0]
  const { undoId: mergeId } = await call<{ undoId: string }>('POST', `/api/contacts/${other}/merge`, { into: ids[0] }, host)
  await call('POST', '/api/contacts/merge/undo', { undoId: mergeId }, host)
  await call('GET', `/api/contacts/${thread.contact.id}/export`, undefined, host)
  await call('DELETE', `/api/contacts/${ids[0]}`, undefined, host)

  await call('POST', '/api/messages/retry', { filter: { channel: 'sms' }, dryRun: true }, host)
  await call('POST', '/api/messages/bulk', { channel: 'sms', to: ['+5491144501091', '12'], text: 'Hola' }, host)
  const upload = {
    name: 'Aviso',
    channel: 'sms',
    text: 'Hola {{nombre}}',
    purpose: 'service',
    audience: { type: 'upload' },
    startAt: '2099-01-01T10:00',
  }
  const keyed = { 'idempotency-key': 'campaign-1' }
  const { campaign } = await call<{ campaign: { id: string } }>('POST', '/api/campaigns', upload, boss, keyed)
  await call('POST', '/api/campaigns', upload, boss, keyed)
  const listed = [{ to: '+5491144501092', variables: { nombre: 'Ana' } }, { to: 'x' }, { to: '+5491144501093' }]
  await call('PUT', `/api/campaigns/${campaign.id}/recipients`, { recipients: listed }, boss)
  await call('PUT', `/api/campaigns/${campaign.id}/recipients`, 'phone,name\n+5491144501094,Eva\n12,X\n', boss, list)
  await call('POST', `/api/campaigns/${campaign.id}/preflight`, undefined, boss)
  for (const step of ['start', 'pause', 'resume', 'cancel']) await call('POST', `/api/campaigns/${campaign.id}/${step}`, undefined, boss)
  for (const path of ['/api/campaigns', `/api/campaigns/${campaign.id}`, `/api/campaigns/${campaign.id}/recipients`])
    await call('GET', path, undefined, boss)

  const rates = {
    currency: 'USD',
    asOf: '2026-11-01',
    source: 'ours',
    items: [{ channel: 'sms', country: 'AR', category: null, amount: 0.07 }],
  }
  await call('PUT', '/api/rates', rates, boss)
  await call('GET', '/api/rates', undefined, boss)

  await call('PUT', '/api/webhooks/crm', { url: 'https://crm.example.com/hilo', events: ['action'] }, host)
  await call('GET', '/api/webhooks/crm', undefined, host)
  await call('GET', '/api/webhooks', undefined, host)
  await hilo.simulator.phone(phone).write('otra')
  await call('PUT', '/api/webhooks/crm', { url: 'https://crm.example.com/hilo', events: ['message.received'] }, host)
  await hilo.simulator.phone(phone).write('y otra')
  const told = await until(
    async () =>
      (await call<{ items: { id: string; answer: object | null }[] }>('GET', '/api/webhooks/crm/deliveries', undefined, host)).items[0],
  )
  await call('POST', `/api/webhooks/crm/deliveries/${told.id}/replay`, {}, host)
  await call('DELETE', '/api/webhooks/crm', undefined, host)

  await call('POST', '/api/whatsapp/send', { to: phone, message: 'hola' })
  for (const path of ['/api/whatsapp/conversations', `/api/whatsapp/conversations/${phone}/messages`, '/api/whatsapp/unread-count'])
    await call('GET', path)

  expect(allRoutes.map((route) => `${route.method} ${route.path}`).filter((name) => !tried.has(name))).toEqual([])
})
