// Lists of clients over HTTP: streamed in, told row by row, kept as far as they came.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contact } from '../../shared/model.ts'
import type { ContactsImported } from '../../server/imports/import-contacts.ts'
import { OUR_WHATSAPP } from '../support/builders.ts'
import { until } from '../support/until.ts'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const host = tokenOf({ sub: 'host', role: 'service' })
const csv = { 'content-type': 'text/csv' }
const take = async (list: string | Uint8Array, query = '', headers: Record<string, string> = csv) =>
  hilo.call<ContactsImported & { code?: string; detail?: string; issues?: unknown }>('POST', `/api/contacts/import${query}`, {
    token: host,
    raw: list,
    headers,
  })
const find = async (q: string, more = '') =>
  (await hilo.call<{ items: Contact[] }>('GET', `/api/contacts?q=${encodeURIComponent(q)}${more}`, { token: host })).body.items
const optOuts = async () =>
  (
    await hilo.call<{ items: { channel: string; scope: string; since: string; source: string; contact: { phone: string } }[] }>(
      'GET',
      '/api/opt-outs?limit=100',
      { token: host },
    )
  ).body.items

describe('a list of clients', () => {
  test('is in with numbers of the country, attributes, tags and client ids; the same again changes nothing', async () => {
    const list = [
      'Nombre;Apellido;Teléfono;Código;Etiquetas;Ciudad;Nota',
      'Inés;Núñez;011 15-5482-0001;imp-1;vip, nuevo;Rosario;',
      'Raúl;;+54 9 11 5482 0002;imp-2;;;x',
      'Eva;;12;imp-3;;;',
      'Iván;;;imp-4;;;',
    ].join('\r\n')
    const first = await take(list, '?attributes=Ciudad')
    expect(first).toMatchObject({
      status: 200,
      body: {
        ...{ created: 2, updated: 0, unchanged: 0, failed: 2 },
        faults: [
          { line: 4, message: 'has a number that is none; write it with + and the country code' },
          { line: 5, message: 'has no number, and its client is not known' },
        ],
      },
    })
    expect(await find('ines')).toMatchObject([
      {
        name: 'Inés Núñez',
        externalId: 'imp-1',
        tags: ['vip', 'nuevo'],
        attributes: { Ciudad: 'Rosario' },
        addresses: [{ channel: 'whatsapp', phone: '+5491154820001' }],
      },
    ])
    expect(await find('raul')).toMatchObject([{ attributes: {} }])
    expect((await take(list, '?attributes=Ciudad')).body).toMatchObject({ created: 0, updated: 0, unchanged: 2, failed: 2 })
    expect((await find('nuevo')).map(({ name }) => name)).toEqual(['Inés Núñez'])
    expect((await find('', '&tag=vip')).map(({ name }) => name)).toEqual(['Inés Núñez'])
  })

  test('is tried with dryRun, and nothing is in', async () => {
    const list = 'phone,name\n+5491154820101,A\n+5491154820101,B\n+5491154820102,C\n1,D\n'
    expect((await take(list, '?dryRun=1')).body).toMatchObject({ created: 2, updated: 1, failed: 1 })
    expect(await find('5482010')).toEqual([])
  })

  test('has the columns that the caller says', async () => {
    const columns = encodeURIComponent(JSON.stringify({ phone: 'Contacto 1', name: 'Quién' }))
    expect((await take('Quién,Contacto 1\nOtilia,+5491154820201\n', `?columns=${columns}`)).body).toMatchObject({ created: 1 })
    expect(await find('otilia')).toHaveLength(1)
    const missing = await take('Quién,Tel\nOtilia,+5491154820201\n', `?columns=${columns}`)
    expect(missing).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'columns.phone', message: expect.stringContaining('Contacto 1') }] },
    })
    expect((await take('a,b\n', '?columns=x')).status).toBe(422)
  })

  test('comes as JSON lines, too', async () => {
    const list = '{"phone":"+5491154820301","name":"Jota","attributes":{"ciudad":"Salta"}}\n{"phone":\n{"phone":"+5491154820302"}\n'
    const done = await take(list, '', { 'content-type': 'application/x-ndjson' })
    expect(done.body).toMatchObject({ created: 2, failed: 1, faults: [{ line: 2, message: 'is no JSON object' }] })
    expect(await find('jota')).toMatchObject([{ attributes: { ciudad: 'Salta' } }])
  })

  test('brings opt-outs and consent with their dates', async () => {
    const list = [
      'phone,name,optedOut,optedOutAt,consentAt,consentSource',
      '+5491154820401,Uno,sí,2026-01-05,,',
      '+5491154820402,Dos,marketing,,,',
      '+5491154820403,Tres,no,,5/1/2026,Formulario',
      '+5491154820404,Cuatro,quizás,,,',
      '+5491154820405,Cinco,sí,2999-01-01,,',
    ].join('\n')
    for (const round of [1, 2]) {
      const done = (await take(list)).body
      expect(done, `round ${round}`).toMatchObject({ failed: 2, faults: [{ line: 5 }, { line: 6 }] })
      expect(round === 1 ? done.created : done.unchanged).toBe(3)
      const out = (await optOuts()).filter(({ contact }) => contact.phone.startsWith('+54911548204'))
      expect(out.map(({ channel, scope, contact, source }) => [channel, scope, contact.phone, source].join(' ')).toSorted()).toEqual([
        'sms all +5491154820401 import',
        'sms marketing +5491154820402 import',
        'whatsapp all +5491154820401 import',
        'whatsapp marketing +5491154820402 import',
      ])
      expect(out.filter(({ scope }) => scope === 'all').map(({ since }) => since)).toEqual(Array(2).fill('2026-01-05T00:00:00.000Z'))
    }
    expect(await find('tres')).toMatchObject([{ attributes: { consentAt: '2026-01-05T00:00:00.000Z', consentSource: 'Formulario' } }])
    const refused = await hilo.call('POST', '/api/messages', { token: host, body: { channel: 'sms', to: '+5491154820401', text: 'hola' } })
    expect(refused.body).toMatchObject({ code: 'opted_out' })
  })

  test('of which many rows are broken tells the first hundred by line', async () => {
    const rows = Array.from({ length: 700 }, (_, index) => (index % 2 === 0 ? `x${index}` : `+54911548206${index}`))
    const { body } = await take(`phone\n${rows.join('\n')}\n`, '?dryRun=true')
    expect(body.failed).toBeGreaterThanOrEqual(350)
    expect(body.faults).toHaveLength(100)
    expect(body.faults.map(({ line }) => line)).toEqual(body.faults.map(({ line }) => line).toSorted((a, b) => a - b))
    expect(body.faults[0]?.line).toBe(2)
  })

  test('is larger than other bodies may be', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `+549115490${String(index).padStart(4, '0').slice(-4)},N`)
    expect((await take(`phone,name\n${rows.join('\n')}`, '?dryRun=1')).status).toBe(200)
  })

  test.each<[string, string | Uint8Array, Record<string, string>, number]>([
    ['a form', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['a JSON document', '[]', { 'content-type': 'application/json' }, 415],
    ['an Excel file', Buffer.from('PK\u0003\u0004\u0014', 'latin1'), csv, 422],
    ['nothing', '', csv, 422],
    ['no heads', '+5491154820601,Ana\n', csv, 422],
  ])('that is %s is refused', async (_, list, headers, status) => {
    expect((await take(list, '', headers)).status).toBe(status)
  })

  test.each([
    ['an agent', { role: 'agent' }, 403],
    ['a supervisor', { role: 'supervisor' }, 200],
    ['a supervisor of some records', { role: 'supervisor', coordinations: ['ev-1'] }, 403],
  ])('of %s: %i', async (_, claims, status) => {
    const answer = await hilo.call('POST', '/api/contacts/import', { token: tokenOf(claims), raw: 'phone\n', headers: csv })
    expect(answer.status).toBe(status)
  })

  test('whose upload breaks off is in as far as it came', async () => {
    const { port, hostname } = new URL(hilo.url)
    const socket = connect(Number(port), hostname)
    const rows = Array.from({ length: 1000 }, (_, index) => `+54911550${String(index).padStart(5, '0')},Corte ${index}`)
    const head = `POST /api/contacts/import HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${host}\r\nContent-Type: text/csv\r\nContent-Length: 1000000`
    socket.write(`${head}\r\n\r\nphone,name\n${rows.join('\n')}`)
    await until(async () => (await find('Corte 500')).length === 1)
    socket.end()
    const ended = await until(() => /"line":(\d+)[^\n]*An import of contacts ended early/.exec(hilo.logged()))
    const last = Number(ended[1]) - 2
    expect(last).toBeGreaterThanOrEqual(500)
    expect(await find(`Corte ${last}`), 'the row of that line').toHaveLength(1)
    expect(await find(`Corte ${last + 1}`), 'the row behind it').toEqual([])
    expect((await take(`phone,name\n${rows.join('\n')}`)).body).toMatchObject({ created: 1000 - last - 1, unchanged: last + 1 })
  })
})

describe('a list of opt-outs', () => {
  const send = (list: string, query = '') =>
    hilo.call<{ accepted: number; changed: number; failed: number; faults: unknown }>('POST', `/api/opt-outs/import${query}`, {
      token: host,
      raw: list,
      headers: csv,
    })

  test('as it is exported goes in again, and changes nothing', async () => {
    const out = [
      'channel,sender,address,scope,since',
      `whatsapp,${OUR_WHATSAPP},+5491154820701,all,2026-01-05T10:00:00.000Z`,
      'sms,,+5491154820702,marketing,2026-01-06',
    ].join('\r\n')
    expect((await send(out)).body).toMatchObject({ accepted: 2, changed: 2, failed: 0 })
    const exported = await hilo.call('GET', '/api/opt-outs', { token: host, headers: { accept: 'text/csv' } })
    const before = await optOuts()
    expect((await send(exported.text)).body).toMatchObject({ accepted: before.length, changed: 0, failed: 0, faults: [] })
    expect(await optOuts()).toEqual(before)
  })

  test('of numbers alone means every channel; what cannot be read is told by its line', async () => {
    const { body } = await send('Teléfono;Baja\n+5491154820801;sí\n12;sí\n+5491154820802;tal vez\n')
    expect(body).toMatchObject({ accepted: 1, changed: 1, failed: 2, faults: [{ line: 3 }, { line: 4 }] })
    expect(
      (await optOuts())
        .filter(({ contact }) => contact.phone === '+5491154820801')
        .map(({ channel }) => channel)
        .toSorted(),
    ).toEqual(['sms', 'whatsapp'])
  })
})
