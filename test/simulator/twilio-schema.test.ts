// Twilio's published description, replayed against the simulator: every operation of it that Hilo speaks, every field and
// every parameter.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { accountSid, authToken, client, ours, startWorld, type World } from './simulated-world.ts'
import { createParameters, faultsOf, needs, now, updates } from './twilio-schema.ts'

const service = 'MG00000000000000000000000000000001'
const messages = `/2010-04-01/Accounts/${accountSid}/Messages`
let world: World
let clock: ManualClock
beforeEach(async () => {
  clock = createManualClock(now)
  world = await startWorld({ clock, messagingServiceSid: service })
})
afterEach(() => world.close())

interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Headers
}

async function ask(method: string, path: string, form?: Readonly<Record<string, string>> | URLSearchParams): Promise<Answer> {
  const response = await fetch(world.url + path, {
    method,
    redirect: 'manual',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    ...(form === undefined ? {} : { body: new URLSearchParams(form as Record<string, string>) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), headers: response.headers }
}
const sms = { From: ours.sms, To: client, Body: 'hola' }
const create = async (form: Record<string, string> = sms) => (await ask('POST', `${messages}.json`, form)).body
const scheduled = { To: client, Body: 'hola', MessagingServiceSid: service, ScheduleType: 'fixed', SendAt: '2026-11-21T00:00:00Z' }
const pathOf = (message: Record<string, unknown>) => `${messages}/${String(message.sid)}`
const listed = (answer: Answer, key: string) => answer.body[key] as Record<string, unknown>[]
/** Without its entries. */
const envelope = (answer: Answer, key: string) => Object.fromEntries(Object.entries(answer.body).filter(([name]) => name !== key))

async function expectRefusal(asked: Promise<Answer>, status: number, code: number): Promise<void> {
  const { status: got, body } = await asked
  expect(faultsOf('refusal', body)).toEqual([])
  expect([got, body.status, body.code, body.more_info]).toEqual([status, status, code, `https://www.twilio.com/docs/errors/${code}`])
}

describe('a message', () => {
  test('is shown as published in every state, by create, fetch and list', async () => {
    await world.simulator.phone(client).write('hola')
    await world.simulator
      .phone(client)
      .write('', { fields: { NumMedia: '1', MediaUrl0: 'https://x.example.com/1', MediaContentType0: 'image/png' } })
    const whatsapp = { From: `whatsapp:${ours.whatsapp}`, To: `whatsapp:${client}`, Body: 'hola' }
    const forms: Record<string, string>[] = [
      sms,
      whatsapp,
      { ...whatsapp, Body: '', MediaUrl: 'https://example.com/a.jpg' },
      { From: whatsapp.From, To: whatsapp.To, ContentSid: 'HX5a1d0000000000000000000000000001' },
      { To: client, Body: 'hola', MessagingServiceSid: service },
      scheduled,
    ]
    const sids: unknown[] = []
    const statuses = new Set<unknown>()
    const look = async () => {
      const found = listed(await ask('GET', `${messages}.json?PageSize=1000`), 'messages')
      expect(found).toHaveLength(forms.length + 2)
      for (const one of found) {
        expect(faultsOf('message', one)).toEqual([])
        expect((await ask('GET', `${pathOf(one)}.json`)).body).toEqual(one)
        statuses.add(one.status)
      }
    }
    for (const form of forms) {
      const { status, body } = await ask('POST', `${messages}.json`, form)
      expect([status, ...faultsOf('message', body)]).toEqual([201])
      sids.push(body.sid)
      statuses.add(body.status)
    }
    await look()
    world.simulator.faults.set({ failWith: 30003 }, client)
    await clock.advance(2)
    await look()
    world.simulator.faults.set({ failWith: null }, client)
    const [canceled, failed] = [await create(scheduled), await create({ ...sms, Body: 'otra' })]
    forms.push({}, {})
    expect((await ask('POST', `${pathOf(canceled)}.json`, { Status: 'canceled' })).body).toMatchObject({ status: 'canceled' })
    await clock.advance(5_000)
    await look()
    world.simulator.phone(client).read()
    await clock.advance(86_400_000)
    await look()
    expect((await ask('GET', `${pathOf(failed)}.json`)).body.status).toBe('delivered')
    expect([...statuses].sort()).toEqual(['accepted', 'canceled', 'delivered', 'queued', 'received', 'scheduled', 'undelivered'])
  })

  test.each(Object.keys(createParameters))('takes the parameter %s, keeps it and shows it', async (name) => {
    const { right } = createParameters[name] ?? { right: '' }
    const content = name.startsWith('Content') && name !== 'ContentRetention'
    const body = content ? { From: `whatsapp:${ours.whatsapp}`, To: `whatsapp:${client}` } : sms
    const { From, ...rest } = body
    const form = { ...(needs[name]?.MessagingServiceSid === undefined ? { From, ...rest } : rest), ...needs[name], [name]: right }
    const { status } = await ask('POST', `${messages}.json`, form)
    expect(status).toBe(201)
    const [kept] = world.simulator.ledger().accepted
    const acted = {
      To: 'to',
      From: 'from',
      MessagingServiceSid: 'service',
      Body: 'body',
      StatusCallback: 'statusCallback',
      ContentSid: 'contentSid',
    }
    const shown =
      name === 'MediaUrl'
        ? kept?.mediaUrls[0]
        : name === 'ContentVariables'
          ? JSON.stringify(kept?.variables)
          : Object.hasOwn(acted, name)
            ? kept?.[acted[name as keyof typeof acted] as 'to']
            : kept?.parameters[name]
    expect(shown).toBe(right)
    expect(kept?.ignored).toEqual([])
    const page = (await (await fetch(`${world.url}/phone/api/ledger`)).json()) as { accepted: { parameters: object }[] }
    expect(page.accepted[0]?.parameters).toEqual(kept?.parameters)
  })

  const wrong = Object.entries(createParameters).flatMap(([name, { wrong: values = {} }]) =>
    Object.entries(values).map(([value, code]) => [code, name, value] as const),
  )
  test.each(wrong)('refused with %i: the parameter %s as %s', async (code, name, value) => {
    const content = name === 'ContentSid' || name === 'ContentVariables'
    const base = content ? { From: `whatsapp:${ours.whatsapp}`, To: `whatsapp:${client}` } : sms
    const { From, ...rest } = base
    const alone = needs[name]?.MessagingServiceSid === undefined
    await expectRefusal(
      ask('POST', `${messages}.json`, { ...(alone ? { From } : {}), ...rest, ...needs[name], [name]: value }),
      code === 21701 ? 404 : 400,
      code,
    )
    expect(world.simulator.ledger().accepted).toEqual([])
  })

  test('planned: without its time 35111, without a service 35118, at the edges of what can be planned', async () => {
    const { SendAt: _, ...without } = scheduled
    await expectRefusal(ask('POST', `${messages}.json`, without), 400, 35111)
    await expectRefusal(ask('POST', `${messages}.json`, { ...sms, ScheduleType: 'fixed', SendAt: scheduled.SendAt }), 400, 35118)
    for (const SendAt of ['2026-11-20T00:05:00Z', '2026-12-25T00:00:00Z'])
      expect((await create({ ...scheduled, SendAt })).status).toBe('scheduled')
  })

  test('what is no parameter of Twilio’s is ignored, and named', async () => {
    const { status, body } = await ask('POST', `${messages}.json`, { ...sms, Nada: 'x', body: 'y', __proto__x: 'z' })
    expect([status, body.body]).toEqual([201, 'hola'])
    expect(world.simulator.ledger().accepted[0]).toMatchObject({ ignored: ['Nada', 'body', '__proto__x'], parameters: {} })
    const ledger = (await (await fetch(`${world.url}/phone/api/ledger`)).json()) as { accepted: { ignored: string[] }[] }
    expect(ledger.accepted[0]?.ignored).toEqual(['Nada', 'body', '__proto__x'])
  })

  test('whose time in Twilio’s queue is over fails with 30036, and not before', async () => {
    await world.close()
    world = await startWorld({ clock, timing: { sentAfterMs: 10_000 } })
    const [late, inTime] = [await create({ ...sms, ValidityPeriod: '9' }), await create({ ...sms, ValidityPeriod: '10' })]
    await clock.advance(10_000)
    expect((await ask('GET', `${pathOf(late)}.json`)).body).toMatchObject({ status: 'failed', error_code: 30036 })
    expect((await ask('GET', `${pathOf(inTime)}.json`)).body).toMatchObject({ error_code: null })
  })

  test('whose text is not to be kept is told once, and arrives', async () => {
    const created = await create({ ...sms, ContentRetention: 'discard' })
    await clock.advance(10)
    expect([created.body, (await ask('GET', `${pathOf(created)}.json`)).body.body]).toEqual(['hola', ''])
    expect(
      world.simulator
        .phone(client)
        .messages('sms')
        .map(({ body }) => body),
    ).toEqual(['hola'])
  })

  test.each(updates)('updated with %s', async (_, form, code) => {
    const created = await create()
    const update = ask('POST', `${pathOf(created)}.json`, form)
    if (code !== null) return expectRefusal(update, 400, code)
    const { status, body } = await update
    expect([status, body.body, ...faultsOf('message', body)]).toEqual([200, ''])
  })

  test('deleted: 204 without a body, and 404 from then on', async () => {
    const created = await create()
    const { status, body } = await ask('DELETE', `${pathOf(created)}.json`)
    expect([status, body]).toEqual([204, {}])
    for (const [method, rest] of [
      ['GET', '.json'],
      ['POST', '.json'],
      ['DELETE', '.json'],
      ['GET', '/Media.json'],
      ['POST', '/Feedback.json'],
    ] as const)
      await expectRefusal(ask(method, pathOf(created) + rest, method === 'POST' ? { Body: '' } : undefined), 404, 20404)
  })
})

describe('a list', () => {
  const pages = async (path: string, key: string, next: 'next_page_uri' | 'previous_page_uri') => {
    const found: string[][] = []
    for (let uri: string | null = path; uri !== null; ) {
      const answer: Answer = await ask('GET', uri)
      expect([answer.status, ...faultsOf('page', envelope(answer, key))]).toEqual([200])
      found.push(listed(answer, key).map((one) => String(one.sid)))
      uri = answer.body[next] as string | null
    }
    return found
  }

  test('of messages goes forth and back over the same pages, with its filter', async () => {
    const sids: string[] = []
    for (let n = 0; n < 7; n++) {
      sids.unshift(String((await create({ ...sms, Body: String(n) })).sid))
      await create({ ...sms, To: '+5491199990000' })
    }
    const path = `${messages}.json?PageSize=3&To=${encodeURIComponent(client)}`
    const forth = await pages(path, 'messages', 'next_page_uri')
    expect(forth).toEqual([sids.slice(0, 3), sids.slice(3, 6), sids.slice(6)])
    const second = await ask('GET', String((await ask('GET', path)).body.next_page_uri))
    const last = String((await ask('GET', String(second.body.next_page_uri))).body.uri)
    expect(await pages(last, 'messages', 'previous_page_uri')).toEqual(forth.toReversed())
    // A message written meanwhile moves no page.
    await create()
    const back = await ask('GET', String(second.body.previous_page_uri))
    expect(listed(back, 'messages').map(({ sid }) => sid)).toEqual(forth[0])
    const again = await ask('GET', String(back.body.next_page_uri))
    expect(listed(again, 'messages').map(({ sid }) => sid)).toEqual(forth[1])
    expect(again.body).toMatchObject({ page: 1, start: 3, end: 5 })
  })

  test.each([
    ['Page=1', 'a page without a token'],
    ['Page=1&PageToken=nada', 'a token of no form'],
    ['Page=1&PageToken=PASM00000000000000000000000000000000', 'a token of nothing'],
    ['PageToken=PCSM00000000000000000000000000000000', 'a token of another kind'],
  ])('%s: refused, not answered with nothing', async (query) => {
    const created = await create({ ...sms, MediaUrl: 'https://example.com/a.jpg' })
    await expectRefusal(ask('GET', `${messages}.json?${query}`), 400, 20001)
    await expectRefusal(ask('GET', `${pathOf(created)}/Media.json?${query}`), 400, 20001)
  })

  test('takes dates only', async () => {
    const created = await create()
    await expectRefusal(ask('GET', `${messages}.json?DateSent=ayer`), 400, 20001)
    await expectRefusal(ask('GET', `${pathOf(created)}/Media.json?DateCreated=ayer`), 400, 20001)
  })

  test('of media: what was sent and what was received, page by page, with dates', async () => {
    const form = new URLSearchParams(sms)
    const names = ['a.jpg', 'b.png', 'c.PDF?x=1', 'd', 'e.mp4']
    for (const name of names) form.append('MediaUrl', `https://example.com/${name}`)
    const sent = (await ask('POST', `${messages}.json`, form)).body
    expect([sent.num_media, String(sent.sid).slice(0, 2)]).toEqual(['5', 'MM'])
    const all = listed(await ask('GET', `${pathOf(sent)}/Media.json`), 'media_list')
    for (const one of all) expect(faultsOf('media', one)).toEqual([])
    expect(all.map((one) => one.content_type)).toEqual([
      'image/jpeg',
      'image/png',
      'application/pdf',
      'application/octet-stream',
      'video/mp4',
    ])
    expect(new Set(all.map((one) => one.date_created))).toEqual(new Set(['Fri, 20 Nov 2026 00:00:00 +0000']))
    const sids = all.map((one) => String(one.sid))
    const forth = await pages(`${pathOf(sent)}/Media.json?PageSize=2`, 'media_list', 'next_page_uri')
    expect(forth).toEqual([sids.slice(0, 2), sids.slice(2, 4), sids.slice(4)])
    const last = `${pathOf(sent)}/Media.json?PageSize=2&Page=2&PageToken=PA${sids[3]}`
    expect(await pages(last, 'media_list', 'previous_page_uri')).toEqual(forth.toReversed())
    for (const [query, count] of [
      ['DateCreated=2026-11-20', 5],
      ['DateCreated%3E=2026-11-21', 0],
      ['DateCreated%3C=2026-11-19', 0],
    ] as const)
      expect(listed(await ask('GET', `${pathOf(sent)}/Media.json?${query}`), 'media_list')).toHaveLength(count)
    const written = await world.simulator
      .phone(client)
      .write('', { fields: { NumMedia: '1', MediaUrl0: 'https://x.example.com/1', MediaContentType0: 'audio/ogg' } })
    const received = listed(await ask('GET', `${messages}/${written.sid}/Media.json`), 'media_list')
    expect(received).toMatchObject([{ content_type: 'audio/ogg', parent_sid: written.sid }])
    expect(listed(await ask('GET', `${pathOf(await create())}/Media.json`), 'media_list')).toEqual([])
  })
})

test('one medium is fetched, leads to its file, and is deleted', async () => {
  const sent = await create({ ...sms, MediaUrl: 'https://example.com/a.jpg' })
  const [one] = listed(await ask('GET', `${pathOf(sent)}/Media.json`), 'media_list')
  const uri = String(one?.uri)
  expect((await ask('GET', uri)).body).toEqual(one)
  const file = await ask('GET', uri.replace('.json', ''))
  expect([file.status, file.headers.get('location')]).toEqual([307, 'https://example.com/a.jpg'])
  expect((await ask('DELETE', uri)).status).toBe(204)
  for (const method of ['GET', 'DELETE']) await expectRefusal(ask(method, uri), 404, 20404)
  expect(listed(await ask('GET', `${pathOf(sent)}/Media.json`), 'media_list')).toEqual([])
  await expectRefusal(ask('GET', `${pathOf(await create())}/Media/${String(one?.sid)}.json`), 404, 20404)
})

test('feedback is taken and kept; another outcome is refused', async () => {
  const sent = await create({ ...sms, ProvideFeedback: 'true' })
  const { status, body } = await ask('POST', `${pathOf(sent)}/Feedback.json`, { Outcome: 'unconfirmed' })
  expect([status, body.outcome, body.message_sid, ...faultsOf('feedback', body)]).toEqual([200, 'unconfirmed', sent.sid])
  await clock.advance(60_000)
  const { body: later } = await ask('POST', `${pathOf(sent)}/Feedback.json`, {})
  expect(later).toMatchObject({ outcome: 'confirmed', date_created: body.date_created })
  expect(later.date_updated).not.toBe(body.date_updated)
  await expectRefusal(ask('POST', `${pathOf(sent)}/Feedback.json`, { Outcome: 'perhaps' }), 400, 20001)
  expect(world.simulator.ledger().accepted[0]?.feedback).toMatchObject({ outcome: 'confirmed' })
})

test('the account is shown whole, a trial as a trial', async () => {
  const { status, body } = await ask('GET', `/2010-04-01/Accounts/${accountSid}.json`)
  expect([status, body.type, ...faultsOf('account', body)]).toEqual([200, 'Full'])
  await expectRefusal(ask('GET', '/2010-04-01/Accounts/AC00000000000000000000000000000009.json'), 404, 20404)
  await world.close()
  world = await startWorld({ trial: true })
  expect((await ask('GET', `/2010-04-01/Accounts/${accountSid}.json`)).body.type).toBe('Trial')
})

test('content: lists, one, its approval; pages by token', async () => {
  for (const [path, kind] of [
    ['/v1/Content', 'content'],
    ['/v2/Content', 'content'],
    ['/v1/ContentAndApprovals', 'contentAndApproval'],
    ['/v2/ContentAndApprovals', 'contentAndApproval'],
  ] as const) {
    const sids: unknown[] = []
    let previous: unknown = null
    for (let url: string | null = `https://content.twilio.com${path}?PageSize=4`; url !== null; ) {
      const { pathname, search }: URL = new URL(url)
      const { body }: Answer = await ask('GET', pathname + search)
      const meta = body.meta as Record<string, unknown>
      expect(faultsOf('meta', meta)).toEqual([])
      expect(meta.previous_page_url === null).toBe(previous === null)
      for (const one of body.contents as Record<string, unknown>[]) {
        expect(faultsOf(kind, one)).toEqual([])
        if (kind === 'contentAndApproval') expect(faultsOf('approvalRequest', one.approval_requests)).toEqual([])
        sids.push(one.sid)
      }
      previous = url
      url = meta.next_page_url as string | null
    }
    expect(new Set(sids).size).toBe(6)
    await expectRefusal(ask('GET', `${path}?Page=1&PageToken=nada`), 400, 20001)
    const named = await ask('GET', `${path}?ContentName=saludo&PageSize=2`)
    expect(String((named.body.meta as Record<string, unknown>).next_page_url)).toContain('ContentName=saludo')
  }
  const path = '/v1/Content/HX5a1d0000000000000000000000000001'
  expect(faultsOf('content', (await ask('GET', path)).body)).toEqual([])
  const approval = (await ask('GET', `${path}/ApprovalRequests`)).body
  expect(faultsOf('approval', approval)).toEqual([])
  const { type, ...request } = approval.whatsapp as Record<string, unknown>
  expect([type, ...faultsOf('approvalRequest', request)]).toEqual(['whatsapp'])
  for (const rest of ['', '/ApprovalRequests']) await expectRefusal(ask('GET', `/v1/Content/HX${'0'.repeat(32)}${rest}`), 404, 20404)
})

test('sids of another form, other accounts and other paths are 404', async () => {
  const { sid } = await create()
  for (const path of [
    `${messages}/hola.json`,
    `${messages}/${String(sid)}`,
    `/2010-04-01/Accounts/AC00000000000000000000000000000009/Messages/${String(sid)}.json`,
    `/2010-04-01/Accounts/AC00000000000000000000000000000009/Messages.json`,
    '/2010-04-01/Nada.json',
  ])
    await expectRefusal(ask('GET', path), 404, 20404)
})
