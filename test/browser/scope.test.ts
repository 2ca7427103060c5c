// One client with two open records, and an agent for each: neither page ever shows anything of the other's.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { everShown, listen, rememberShown } from './ever-learned.ts'
import { unreadOn } from './shown.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
let beto: AgentPage
const told: (() => Promise<string>)[] = []
const threads = new Map<string, OwnConversation>()
const html = recordButton('ev-1', sofia) + recordButton('ev-2', sofia)

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', 'Prueba de menú', sofia)
  for (const id of ['ev-1', 'ev-2']) {
    const reply = await world.boss.call<{ conversation: OwnConversation }>('POST', '/api/conversations', {
      channel: 'whatsapp',
      to: sofia.phone,
      coordinationId: id,
    })
    threads.set(id, reply.body.conversation)
  }
  world.signIn('ana', { name: 'Ana Díaz', coordinations: ['ev-1'] })
  world.signIn('beto', { name: 'Beto Paz', coordinations: ['ev-2'] })
  const open = (sub: string) => world.open(sub, { html, before: rememberShown, prepare: (page) => told.push(listen(page)) })
  ana = await open('ana')
  beto = await open('beto')
})
afterAll(() => world.close())

const badge = ({ page }: AgentPage, id: string) => page.locator(`hilo-badge[coordination="${id}"] .badge`)
const openRecord = ({ page }: AgentPage, id: string) => page.getByRole('button', { name: `WhatsApp ${id}` }).click()

/** The client answers to what was last sent from that record. */
async function writeTo(id: string, text: string): Promise<void> {
  const sent = await world.boss.send({
    conversationId: threads.get(id)?.id ?? '',
    template: { name: 'appointment_reminder', variables: { date: `fecha de ${id}`, time: '18:00' } },
  })
  await world.hilo.messageWhen(sent.id, ({ status }) => status === 'delivered')
  await world.hilo.simulator.phone(sofia.phone).write(text)
  await until(async () => (await world.hilo.messages(threads.get(id)?.id ?? '')).some((one) => one.text === text), { what: text })
}

test('what the client writes about one record is in its agent’s page alone: badge, count, list, thread', async () => {
  await writeTo('ev-1', 'Quiero cambiar la fecha de la boda')
  await until(async () => (await unreadOn(badge(ana, 'ev-1'))) === 1 && (await unreadOn(ana.launcher)) === 1)
  await writeTo('ev-2', 'Sin sal en el menú')
  await until(async () => (await unreadOn(badge(beto, 'ev-2'))) === 1 && (await unreadOn(beto.launcher)) === 1)
  // The supervisor's message answers those before it: the two that follow are what is unread.
  await writeTo('ev-1', 'Otra cosa de la boda')
  await world.hilo.simulator.phone(sofia.phone).write('Mejor el sábado')
  await until(async () => (await unreadOn(badge(ana, 'ev-1'))) === 2 && (await unreadOn(ana.launcher)) === 2)

  expect([await unreadOn(badge(ana, 'ev-2')), await unreadOn(badge(beto, 'ev-1'))]).toEqual([0, 0])
  expect(await unreadOn(beto.launcher)).toBe(1)

  for (const agent of [ana, beto]) {
    await agent.launcher.click()
    await agent.panel.getByRole('option').waitFor()
    expect(await agent.panel.getByRole('option').count()).toBe(1)
  }
  await ana.panel.getByRole('option', { name: /Mejor el sábado/ }).click()
  await ana.log.getByText('Quiero cambiar la fecha de la boda').waitFor()
  await beto.panel.getByRole('option', { name: /Sin sal en el menú/ }).click()
  await beto.log.getByText('Sin sal en el menú').waitFor()
})

test('the other’s record, opened all the same, says that it cannot be; so does its number without a record', async () => {
  await openRecord(ana, 'ev-2')
  await ana.panel.getByText('No se puede abrir').waitFor()
  await openRecord(beto, 'ev-1')
  await beto.panel.getByText('No se puede abrir').waitFor()
  const opened = await ana.page.evaluate(
    async ([conversationId, phone]) => {
      const hilo = (window as unknown as { Hilo: { open(target: object): Promise<unknown> } }).Hilo
      await hilo.open({ phone })
      return await hilo.open({ conversationId })
    },
    [threads.get('ev-2')?.id ?? '', sofia.phone] as const,
  )
  expect(opened).toMatchObject({ ok: true })
  await ana.panel.getByText('Esta conversación ya no está.').waitFor()
})

test('while one answers, the other’s page stands still', async () => {
  await openRecord(ana, 'ev-1')
  await openRecord(beto, 'ev-2')
  await ana.text.fill('El sábado 12 está libre')
  await ana.page.keyboard.press('Enter')
  await ana.log.locator('.m', { hasText: 'El sábado 12 está libre' }).locator('.tick.delivered').waitFor()
  await writeTo('ev-2', '¿Hay opción vegana?')
  await beto.log.getByText('¿Hay opción vegana?').waitFor()
  await beto.text.fill('Sí, dos platos')
  await beto.page.keyboard.press('Enter')
  await beto.log.locator('.m', { hasText: 'Sí, dos platos' }).locator('.tick.delivered').waitFor()
})

test('nothing of the other’s was ever in either page, and no page complained', async () => {
  const [anas = '', betos = ''] = await Promise.all(
    [ana, beto].map(async ({ page }, index) => `${await everShown(page)}\n${await told[index]?.()}`),
  )
  expect(anas).toContain('Quiero cambiar la fecha de la boda')
  expect(betos).toContain('Sin sal en el menú')
  for (const foreign of ['menú', 'vegana', 'dos platos', 'fecha de ev-2']) expect(anas).not.toContain(foreign)
  for (const foreign of ['boda', 'Casamiento', 'sábado', 'fecha de ev-1']) expect(betos).not.toContain(foreign)
  // The refused address of a foreign record is all that a browser writes into its console by itself.
  expect([...ana.complaints, ...beto.complaints].filter((line) => !/Failed to load resource.*40[34]/.test(line))).toEqual([])
})
