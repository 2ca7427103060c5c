// Campaigns over the API of a whole server: each recipient gets one message, or it is said why not; and supervisors are told.
// Of the purpose `service`, which is allowed at any time of day.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CampaignEvent } from '../../shared/events.ts'
import type { CampaignRecipient, CampaignShown, Preflight } from '../../shared/campaigns.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { until } from '../support/until.ts'

/** Each case has numbers of its own. */
let used = 0
const numbers = (count: number) => Array.from({ length: count }, () => `+549115${String(5_800_000 + ++used)}`)
const stores: [string, string | undefined][] = [
  ['SQLite', undefined],
  ...(serverUrl === undefined ? [] : [['MongoDB', serverUrl] as [string, string]]),
]

describe.each(stores)('on %s', (_, mongoUrl) => {
  let hilo: TestHilo
  let boss: TestAgent
  beforeAll(async () => {
    hilo = await startHilo(mongoUrl === undefined ? {} : { mongoUrl })
    boss = hilo.agent({ sub: 'boss', name: 'Sol Paz', role: 'supervisor' })
  }, 60_000)
  afterAll(() => hilo.close())

  const draft = async (body: object): Promise<CampaignShown> => {
    const whole = { name: 'Aviso', channel: 'sms', text: 'Hola {{nombre}}', variables: { nombre: 'vecina' }, purpose: 'service', ...body }
    const made = await boss.call<{ campaign: CampaignShown }>('POST', '/api/campaigns', whole)
    expect(made.status, made.text).toBe(201)
    return made.body.campaign
  }
  const step = (id: string, name: string, by = boss) => by.call<{ campaign: CampaignShown }>('POST', `/api/campaigns/${id}/${name}`)
  const start = async (id: string) => {
    const started = await step(id, 'start')
    expect(started.status, started.text).toBe(200)
  }
  const read = async (id: string) => (await boss.call<CampaignShown>('GET', `/api/campaigns/${id}`)).body
  const when = (id: string, wanted: (campaign: CampaignShown) => boolean) =>
    until(
      async () => {
        const campaign = await read(id)
        return wanted(campaign) && campaign
      },
      { timeoutMs: 30_000, what: 'the campaign' },
    )
  const recipients = async (id: string): Promise<CampaignRecipient[]> =>
    (await boss.call<{ items: CampaignRecipient[] }>('GET', `/api/campaigns/${id}/recipients?limit=100`)).body.items
  const sentTo = (number: string) =>
    hilo.simulator
      .ledger()
      .accepted.filter(({ to }) => to.endsWith(number))
      .map(({ body }) => body)
  const template = (name: string, over: object = {}) =>
    hilo.server.parts.store.changeTemplate(
      'default',
      { name, language: 'es' },
      () => ({
        ...{ name, language: 'es', body: 'Hola {{nombre}}, novedades', type: 'text', buttons: 0, defaults: {}, source: 'twilio' },
        ...{ whatsapp: { contentSid: `HX${randomBytes(16).toString('hex')}`, variables: ['nombre'] }, status: 'approved' },
        ...{ category: 'UTILITY', quality: null, rejection: null, gone: false, ...over },
      }),
      Date.now(),
    )

  test('a bulk send reaches each number once, says which are none, and is the same one when it is repeated', async () => {
    const [a, b, c] = numbers(3) as [string, string, string]
    const body = { channel: 'sms', to: [a, { to: b, text: 'Para vos' }, c, a, '12'], text: 'Cortamos el agua', clientBatchId: `agua-${a}` }
    const sent = await boss.call<{ campaign: CampaignShown; accepted: number; rejected: object[] }>('POST', '/api/messages/bulk', body)
    expect(sent.status, sent.text).toBe(202)
    expect(sent.body).toMatchObject({ accepted: 3, rejected: [{ to: '12', code: 'invalid_phone' }], campaign: { firstSlice: null } })
    const { id } = sent.body.campaign
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 3)
    const again = await boss.call<{ campaign: CampaignShown }>('POST', '/api/messages/bulk', body)
    expect([again.status, again.body.campaign.id]).toEqual([202, id])
    expect((await boss.call('POST', '/api/messages/bulk', { ...body, text: 'Otra cosa' })).body).toMatchObject({ code: 'conflict' })
    expect([sentTo(a), sentTo(b), sentTo(c)]).toEqual([['Cortamos el agua'], ['Para vos'], ['Cortamos el agua']])
    expect((await read(id)).counts).toMatchObject({ delivered: 3, skipped: 1, pending: 0, answered: 0 })
    await hilo.simulator.phone(b).write('Gracias', { channel: 'sms' })
    expect(await when(id, ({ counts }) => counts.answered === 1)).toMatchObject({ counts: { delivered: 3 } })
    const found = await boss.call<{ items: { author: object }[] }>('GET', `/api/messages?campaignId=${id}`)
    expect(found.body.items).toHaveLength(3)
    expect(found.body.items[0]?.author).toMatchObject({ type: 'campaign', id })
  })

  test('the first slice waits for a look, and supervisors are told how it goes', async () => {
    const live = await boss.connect()
    const events: CampaignEvent[] = []
    live.socket.on('campaign', (event: CampaignEvent) => events.push(event))
    const agent = await hilo.agent().connect()
    const overheard: unknown[] = []
    agent.socket.on('campaign', (event: unknown) => overheard.push(event))
    const phones = numbers(7)
    const { id } = await draft({ audience: { type: 'phones', phones: [...phones, phones[0]] }, firstSlice: 3 })
    await start(id)
    const paused = await when(id, ({ status, counts }) => status === 'paused' && counts.delivered === 3)
    expect(paused).toMatchObject({ pause: { reason: 'look' }, counts: { pending: 4, delivered: 3 }, listing: false })
    await until(() => events.some((event) => event.id === id && event.status === 'paused' && event.counts.delivered === 3))
    expect((await step(id, 'resume')).status).toBe(200)
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 7)
    expect(phones.map(sentTo)).toEqual(phones.map(() => ['Hola vecina']))
    await until(() => events.some((event) => event.id === id && event.counts.delivered === 7))
    expect(overheard).toEqual([])
    live.close()
    agent.close()
  })

  test('of two supervisors who start it at once one does, and what has ended does not start again', async () => {
    const phones = numbers(2)
    const { id } = await draft({ audience: { type: 'phones', phones } })
    const other = hilo.agent({ sub: 'other', role: 'supervisor' })
    const both = await Promise.all([step(id, 'start'), step(id, 'start', other)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 2)
    for (const name of ['start', 'resume', 'pause', 'cancel']) expect((await step(id, name)).body, name).toMatchObject({ code: 'conflict' })
    expect(phones.map(sentTo)).toEqual([['Hola vecina'], ['Hola vecina']])
  })

  test('who opts out in the middle gets nothing, and who is canceled neither', async () => {
    const [first, out, last] = numbers(3) as [string, string, string]
    const phones = [first, out, last]
    const { id } = await draft({ audience: { type: 'phones', phones }, firstSlice: 1, maxPerSecond: 1 })
    await start(id)
    await when(id, ({ status }) => status === 'paused')
    const [gone] = (await recipients(id)).filter(({ status }) => status !== 'pending')
    const left = phones.filter((one) => one !== gone?.to)
    for (const to of left.slice(0, 1)) expect((await boss.call('POST', '/api/opt-outs', { channel: 'sms', to })).status).toBe(200)
    await step(id, 'resume')
    await when(id, ({ status }) => status === 'done')
    const refused = (await recipients(id)).find(({ to }) => to === left[0])
    expect(refused).toMatchObject({ status: 'skipped', reason: 'opted_out', messageId: null })
    expect(sentTo(left[0] ?? '')).toEqual([])
    const canceled = await draft({ audience: { type: 'phones', phones: numbers(3) }, firstSlice: 1 })
    await start(canceled.id)
    await when(canceled.id, ({ status }) => status === 'paused')
    expect((await step(canceled.id, 'cancel')).body.campaign.status).toBe('canceled')
    expect((await when(canceled.id, ({ counts }) => counts.delivered === 1)).counts).toMatchObject({ skipped: 2, pending: 0 })
  })

  test('a pause in a burst stops it within seconds, and each is reached once when it goes on', async () => {
    const phones = numbers(60)
    const { id } = await draft({ audience: { type: 'phones', phones }, maxPerSecond: 20, firstSlice: null })
    await start(id)
    await until(() => phones.some((one) => sentTo(one).length > 0))
    expect((await step(id, 'pause')).body.campaign).toMatchObject({ status: 'paused', pause: { reason: 'asked' } })
    const rested = await when(id, ({ counts }) => counts.queued + counts.sent === 0)
    expect(rested.counts.pending).toBeGreaterThan(0)
    const soFar = phones.filter((one) => sentTo(one).length > 0).length
    expect(soFar).toBe(rested.counts.delivered)
    await step(id, 'resume')
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 60)
    expect(phones.flatMap(sentTo)).toHaveLength(60)
    const times = hilo.simulator.ledger().accepted.filter(({ to }) => phones.some((one) => to.endsWith(one)))
    expect(times).toHaveLength(60)
  })

  test('nobody is a list, too: an audience without anybody is done at once, an upload without anybody does not start', async () => {
    const { id } = await draft({ audience: { type: 'tag', tag: 'nadie' } })
    await start(id)
    expect(await when(id, ({ status }) => status === 'done')).toMatchObject({ counts: { pending: 0, skipped: 0 } })
    const upload = await draft({ audience: { type: 'upload' } })
    expect((await step(upload.id, 'start')).body).toMatchObject({ code: 'validation_failed' })
  })

  test('recipients that are brought have their own words, are listed once, and only to a draft', async () => {
    const [a, b] = numbers(2) as [string, string]
    const { id } = await draft({ audience: { type: 'upload' }, firstSlice: null })
    const bring = (list: object[]) =>
      boss.call<{ added: number; rejected: object[] }>('PUT', `/api/campaigns/${id}/recipients`, { recipients: list })
    expect((await bring([{ to: a, variables: { nombre: 'Ana' } }, { to: b, name: 'Luz Paz' }, { to: 'x' }])).body).toMatchObject({
      ...{ added: 3, rejected: [{ index: 2, to: 'x', code: 'invalid_phone' }] },
    })
    expect((await bring([{ to: a.replace('+', '') }])).body).toMatchObject({ added: 0, rejected: [] })
    expect((await boss.call<Preflight>('POST', `/api/campaigns/${id}/preflight`)).body).toMatchObject({
      ...{ ready: 2, later: 0, doubles: 0, skipped: { invalid_phone: 1 }, truncated: false },
    })
    await start(id)
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 2)
    expect([sentTo(a), sentTo(b)]).toEqual([['Hola Ana'], ['Hola vecina']])
    const list = (query: string) =>
      boss.call<{ items: CampaignRecipient[]; nextCursor: string | null }>('GET', `/api/campaigns/${id}/recipients?${query}`)
    const skipped = (await list('status=skipped')).body
    expect(skipped).toMatchObject({ items: [{ to: 'x', reason: 'invalid_phone', action: 'fix_number', error: null }], nextCursor: null })
    const page = (await list('status=delivered&arm=0&limit=1')).body
    const next = (await list(`status=delivered&arm=0&limit=1&cursor=${page.nextCursor}`)).body
    expect([...page.items, ...next.items].map(({ to, action }) => [to, action]).toSorted()).toEqual([
      [a, null],
      [b, null],
    ])
    expect((await list('status=failed')).body.items).toEqual([])
    expect((await list('arm=1')).body.items).toEqual([])
    for (const wrong of ['status=gone', 'arm=2', 'arm=0&cursor=x']) expect((await list(wrong)).status, wrong).toBe(422)
    expect((await bring([{ to: a }])).body).toMatchObject({ code: 'conflict' })
  })

  test('records with a value are written to in their threads, each client once', async () => {
    const [a, b, c] = numbers(3) as [string, string, string]
    const save = (id: string, phone: string, plan: string) =>
      boss.call('PUT', `/api/coordinations/${id}`, { title: 'Boda', contact: { name: 'Ana', phone }, data: { plan } })
    const one = (n: number) => `${a.slice(-6)}-${n}`
    for (const [n, phone, plan] of [
      [1, a, `oro${a}`],
      [2, a, `oro${a}`],
      [3, b, `oro${a}`],
      [4, c, 'plata'],
    ] as const)
      await save(one(n), phone, plan)
    const { id } = await draft({ audience: { type: 'field', field: 'plan', value: `oro${a}` } })
    expect((await boss.call<Preflight>('POST', `/api/campaigns/${id}/preflight`)).body).toMatchObject({ ready: 2, doubles: 1 })
    await start(id)
    await when(id, ({ status, counts }) => status === 'done' && counts.delivered === 2)
    expect([a, b, c].map((phone) => sentTo(phone).length)).toEqual([1, 1, 0])
    expect((await recipients(id)).map(({ coordinationId }) => coordinationId).toSorted()).toEqual([one(1), one(3)])
  })

  test('a template that loses its approval, or is counted otherwise, pauses its campaign; half of all get the other one', async () => {
    const name = `novedades_${randomBytes(3).toString('hex')}`
    await template(name)
    await template(`${name}_b`)
    const phones = numbers(12)
    const use = (which: string) => ({ name: which, variables: { nombre: 'Ana' } })
    const { id } = await draft({
      ...{ channel: 'whatsapp', text: undefined, template: use(name), templateB: use(`${name}_b`) },
      ...{ audience: { type: 'phones', phones }, firstSlice: 2, maxPerSecond: 1 },
    })
    await start(id)
    await when(id, ({ pause }) => pause?.reason === 'look')
    await template(name, { status: 'paused' })
    expect((await step(id, 'resume')).body).toMatchObject({ code: 'template_not_approved' })
    await template(name)
    await step(id, 'resume')
    await template(name, { category: 'MARKETING' })
    expect((await when(id, ({ status }) => status === 'paused')).pause).toMatchObject({
      reason: 'category',
      detail: expect.stringContaining('MARKETING'),
    })
    await step(id, 'resume')
    await template(`${name}_b`, { status: 'disabled' })
    expect((await when(id, ({ status }) => status === 'paused')).pause).toMatchObject({ reason: 'template' })
    const seen = await recipients(id)
    expect(seen.filter(({ status }) => status === 'skipped')).toEqual([])
    const { arms = [], counts } = await read(id)
    expect(arms).toHaveLength(2)
    expect(arms[0] && arms[1] && arms[0].pending + arms[1].pending).toBe(counts.pending)
  })

  test('a look ahead says what it costs by the dated rates, and of how many none is known', async () => {
    const phones = numbers(3)
    const { id } = await draft({ audience: { type: 'phones', phones }, text: `${'Hola vecina, '.repeat(13)}chau` })
    const ahead = async () => (await boss.call<Preflight>('POST', `/api/campaigns/${id}/preflight`)).body
    expect(await ahead()).toMatchObject({
      ready: 3,
      cost: { amount: null, currency: 'USD', unknown: 3, estimated: true, missing: ['SMS to AR'] },
    })
    const own = {
      currency: 'ARS',
      asOf: '2026-11-01',
      source: 'Factura de octubre',
      items: [{ channel: 'sms', country: 'AR', category: null, amount: 90.5 }],
    }
    expect((await boss.call('PUT', '/api/rates', own)).body).toEqual({ ...own, estimated: false })
    expect((await boss.call('GET', '/api/rates')).body).toEqual({ ...own, estimated: false })
    // Two segments each.
    expect((await ahead()).cost).toEqual({ amount: 543, currency: 'ARS', asOf: '2026-11-01', estimated: false, unknown: 0, missing: [] })
    const agent = hilo.agent()
    for (const method of ['GET', 'PUT'] as const)
      expect((await agent.call(method, '/api/rates', method === 'PUT' ? own : undefined)).body, method).toMatchObject({ code: 'forbidden' })
    const twice = { ...own, items: [...own.items, ...own.items] }
    expect((await boss.call('PUT', '/api/rates', twice)).body).toMatchObject({ code: 'validation_failed' })
    expect((await boss.call('PUT', '/api/rates', { ...own, items: [] })).body).toMatchObject({ currency: 'USD', estimated: true })
  })

  test('they are for those who answer for all clients', async () => {
    const body = { channel: 'sms', to: numbers(1), text: 'Hola' }
    for (const claims of [{}, { role: 'supervisor', coordinations: ['ev-1'] }, { role: 'agent' }])
      expect((await hilo.agent(claims).call('POST', '/api/messages/bulk', body)).body, JSON.stringify(claims)).toMatchObject({
        code: 'forbidden',
      })
    expect((await hilo.agent({ sub: 'host', role: 'service' }).call('POST', '/api/messages/bulk', body)).status).toBe(202)
    expect((await boss.call('GET', '/api/campaigns/never-was')).body).toMatchObject({ code: 'not_found' })
    const listed = await boss.call<{ items: CampaignShown[]; nextCursor: string | null }>('GET', '/api/campaigns?limit=2')
    expect(listed.body.items).toHaveLength(2)
    expect(listed.body.nextCursor).not.toBeNull()
  })
})
