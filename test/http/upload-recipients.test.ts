// A campaign's recipients as people send them: CSV and JSON lines, streamed in, each broken row told by its line.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CampaignRecipient, CampaignShown, RecipientsUploaded } from '../../shared/campaigns.ts'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const token = tokenOf({ sub: 'boss', role: 'supervisor' })
const csv = { 'content-type': 'text/csv' }
let used = 0
const number = () => `+549115${String(5_870_000 + ++used)}`

async function draft(audience: object = { type: 'upload' }): Promise<string> {
  const body = { name: 'Aviso', channel: 'sms', text: 'Hola {{nombre}}', purpose: 'service', audience }
  const made = await hilo.call<{ campaign: CampaignShown }>('POST', '/api/campaigns', { token, body })
  expect(made.status).toBe(201)
  return made.body.campaign.id
}
const bring = (id: string, raw: string | Uint8Array, query = '', headers: Record<string, string> = csv) =>
  hilo.call<RecipientsUploaded & { code?: string }>('PUT', `/api/campaigns/${id}/recipients${query}`, { token, raw, headers })
const listed = async (id: string) =>
  (await hilo.call<{ items: CampaignRecipient[] }>('GET', `/api/campaigns/${id}/recipients?limit=100`, { token })).body.items

test('a table is in, each once by the number, and the same table again adds nobody', async () => {
  const id = await draft()
  const [a, b] = [number(), number()]
  const table = [
    'Nombre;Teléfono;Saldo',
    `Inés;${a};"1.200,50"`,
    `Raúl;011 15-${b.slice(6)};3`,
    `Inés otra;${a};9`,
    'Eva;12;3',
    'Iván;;3',
  ].join('\r\n')
  expect(await bring(id, table)).toMatchObject({
    status: 200,
    body: {
      ...{ accepted: 2, doubles: 1, rejectedCount: 2 },
      rejected: [
        { line: 5, to: '12', code: 'invalid_phone' },
        { line: 6, to: '', code: 'invalid_row' },
      ],
    },
  })
  expect((await bring(id, table)).body).toMatchObject({ accepted: 0, doubles: 3, rejectedCount: 2 })
  expect((await listed(id)).map(({ to, name, status }) => [to, name, status]).toSorted()).toEqual(
    [
      [a, 'Inés', 'pending'],
      [b, 'Raúl', 'pending'],
      ['12', 'Eva', 'skipped'],
    ].toSorted(),
  )
})

test('columns are what the caller says, and every other one is a variable by its head', async () => {
  const id = await draft()
  const [a, b] = [number(), number()]
  const mapping = `?columns=${encodeURIComponent('{"phone":"Contacto 2","text":"Mensaje"}')}`
  expect((await bring(id, `Contacto 2,Mensaje,saldo\n${a},Debe {{saldo}},30\n${b},,40\n`, mapping)).body).toMatchObject({ accepted: 2 })
  const ahead = await hilo.call<{ ready: number; skipped: object }>('POST', `/api/campaigns/${id}/preflight`, { token })
  // The second has the campaign's text, whose value for the name it does not have.
  expect(ahead.body).toMatchObject({ ready: 1, skipped: { variables: 1 } })
  expect((await bring(id, 'a,b\n1,2', mapping)).body).toMatchObject({ code: 'validation_failed' })
})

test('JSON lines say the same as the list in a JSON body', async () => {
  const id = await draft()
  const [a, b] = [number(), number()]
  const lines = [{ to: a, name: 'Ana', variables: { nombre: 'Anita' } }, { to: b, text: 'Para vos' }, { to: a }].map((one) =>
    JSON.stringify(one),
  )
  const sent = await bring(id, `${lines.join('\n')}\n{"to":\n`, '', { 'content-type': 'application/x-ndjson' })
  expect(sent.body).toMatchObject({ accepted: 2, doubles: 1, rejected: [{ line: 4, code: 'invalid_row' }] })
  const ahead = await hilo.call<{ ready: number }>('POST', `/api/campaigns/${id}/preflight`, { token })
  expect(ahead.body).toMatchObject({ ready: 2, skipped: {} })
})

describe('broken tables', () => {
  const good = () => `Ana,${number()},x`
  test.each<[string, () => string | Uint8Array, Partial<RecipientsUploaded>]>([
    ['an open quote', () => `name,phone,note\nAna,"${number()},x\n${good()}\n`, { accepted: 1, rejectedCount: 1 }],
    ['too many cells', () => `name,phone,note\nAna,${number()},x,y\n${good()}\n`, { accepted: 1, rejectedCount: 1 }],
    ['too few cells', () => `name,phone,note\nAna\n${good()}\n`, { accepted: 1, rejectedCount: 1 }],
    ['a line break in a cell', () => `name,phone,note\n"Ana\nPaz",${number()},x\n`, { accepted: 1, rejectedCount: 0 }],
    ['a byte order mark and tabs', () => `\uFEFFname\tphone\nAna\t${number()}\n`, { accepted: 1, rejectedCount: 0 }],
    ['Latin-1', () => Buffer.from(`name;phone\nIñés;${number()}\n`, 'latin1'), { accepted: 1, rejectedCount: 0 }],
    ['no end of line', () => `name,phone\nAna,${number()}`, { accepted: 1, rejectedCount: 0 }],
    ['empty lines', () => `name,phone\n\n\nAna,${number()}\n\n`, { accepted: 1, rejectedCount: 0 }],
    ['a head alone', () => 'name,phone\n', { accepted: 0, rejectedCount: 0 }],
    ['a value that is too long', () => `phone,x\n${number()},${'y'.repeat(2000)}\n${number()},z\n`, { accepted: 1, rejectedCount: 1 }],
  ])('%s', async (_, table, expected) => {
    expect(await bring(await draft(), table())).toMatchObject({ status: 200, body: expected })
  })

  test.each([
    ['nothing', ''],
    ['no column with a number', 'a,b\n1,2\n'],
    ['two columns of one name', 'phone,phone\n1,2\n'],
    ['a file of Excel', 'PK\u0003\u0004xxxx'],
    ['one JSON list', '[{"to":"1"}]'],
  ])('%s is refused', async (_, table) => {
    expect(await bring(await draft(), table)).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  })

  test('what is no list, whose campaign takes none, or who may not', async () => {
    const id = await draft()
    expect(await bring(id, 'x', '', { 'content-type': 'application/pdf' })).toMatchObject({ status: 415 })
    expect(await bring('never-was', 'phone\n1\n')).toMatchObject({ status: 404 })
    expect(await bring(await draft({ type: 'all' }), 'phone\n1\n')).toMatchObject({ status: 409 })
    const agent = tokenOf({ sub: 'ana' })
    expect(await hilo.call('PUT', `/api/campaigns/${id}/recipients`, { token: agent, raw: 'phone\n1\n', headers: csv })).toMatchObject({
      status: 403,
    })
  })
})
