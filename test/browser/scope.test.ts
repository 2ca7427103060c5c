// One client with two open records, and an agent for each: neither page ever shows anything of the other's.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { everShown, foreignWords, leaks, listen, rememberShown } from './ever-learned.ts'
import { unreadOn } from './shown.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
let beto: AgentPage
const told: (() => Promise<string>)[] = []
const threads = new Map<string, OwnConversation>()
const html = `${recordButton('ev-1', sofia)}${recordButton('ev-2', sofia)}<hilo-badge phone="${sofia.phone}"></hilo-badge>`

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

const inbox = async ({ panel }: AgentPage) => {
  const back = panel.getByRole('button', { name: 'Volver', exact: true })
  if (await back.isVisible()) await back.click()
  await panel.getByRole('searchbox').waitFor()
}
/** What the menu of the filters says of one. */
async function underFilter(agent: AgentPage, name: string): Promise<string> {
  await inbox(agent)
  await agent.panel.getByRole('button', { name: 'Más', exact: true }).click()
  const item = agent.panel.getByRole('menuitem', { name: new RegExp(`^${name}`) })
  const text = (await item.textContent()) ?? ''
  await agent.page.keyboard.press('Escape')
  return text.replace(name, '')
}
test('a draft of a conversation that the token no longer holds is not offered again: its row is not shown, nor its client', async () => {
  world.signIn('caro', { name: 'Caro Luna' })
  const caro = await world.open('caro', { html })
  await openRecord(caro, 'ev-2')
  await caro.text.fill('Un borrador del menú')
  await inbox(caro)
  await caro.panel.getByRole('tab', { name: /^Todas/ }).click()
  await caro.panel.getByText('Un borrador del menú').first().waitFor()
  world.signIn('caro', { name: 'Caro Luna', coordinations: ['ev-1'] })
  await caro.page.reload()
  await caro.launcher.click()
  await caro.panel.getByRole('tab', { name: /^Todas/ }).click()
  await caro.panel.getByRole('option').first().waitFor()
  await caro.page.waitForLoadState('networkidle')
  expect(await caro.panel.getByRole('option').count()).toBe(1)
  expect(await caro.panel.textContent()).not.toMatch(/borrador|Prueba de menú/i)
  await caro.close()
})

const phoneBadge = ({ page }: AgentPage) => page.locator('hilo-badge[phone] .badge')
const toAnswer = ({ panel }: AgentPage) =>
  panel
    .getByRole('tab', { name: /^Responder/ })
    .locator('b')
    .textContent()

test('who waits, a client’s badge by number and what failed are counted of one’s own record alone', async () => {
  for (const agent of [ana, beto]) await inbox(agent)
  // Answered a moment ago; numbers are told at most once a second.
  await until(async () => (await toAnswer(ana)) === '0')
  await writeTo('ev-2', '¿Y el postre?')
  await until(async () => (await toAnswer(beto)) === '1' && (await unreadOn(phoneBadge(beto))) === 1)
  expect([await toAnswer(ana), await unreadOn(phoneBadge(ana))]).toEqual(['0', 0])

  world.hilo.simulator.phone(sofia.phone).set({ failWith: 63018 })
  await beto.panel.getByRole('option').first().click()
  await beto.text.fill('Hay flan')
  await beto.page.keyboard.press('Enter')
  await beto.log.locator('.card.failed').waitFor()
  world.hilo.simulator.phone(sofia.phone).set({ failWith: null })
  await until(async () => (await underFilter(beto, 'Con fallas')) === '1')
  expect(await underFilter(ana, 'Con fallas')).toBe('')
  await ana.panel.getByRole('button', { name: 'Más', exact: true }).click()
  await ana.panel.getByRole('menuitem', { name: 'Con fallas' }).click()
  await ana.panel.getByText('Nada por acá').waitFor()
  await ana.panel.getByRole('tab', { name: /^Todas/ }).click()
  await until(async () => (await ana.panel.getByRole('option').count()) === 1)
})

test('the card of the person has the records, conversations and talk of one’s own record alone', async () => {
  for (const [agent, own] of [
    [ana, 'Casamiento Herrera–Paz'],
    [beto, 'Prueba de menú'],
  ] as const) {
    await openRecord(agent, own === 'Prueba de menú' ? 'ev-2' : 'ev-1')
    await agent.panel.locator('h2').getByRole('button', { name: sofia.name }).click()
    const card = agent.panel.locator('.view.person')
    await card.locator('.said-row').first().waitFor()
    const titles = await card.locator('.said-row .line .grow').allTextContents()
    expect([...new Set(titles)]).toEqual([own])
    await agent.panel.getByRole('button', { name: 'Volver', exact: true }).click()
    await agent.text.waitFor()
  }
})

test('nothing of the other’s was ever in either page, and no page complained', async () => {
  const [anas = '', betos = ''] = await Promise.all(
    [ana, beto].map(async ({ page }, index) => `${await everShown(page)}\n${await told[index]?.()}`),
  )
  expect(anas).toContain('Quiero cambiar la fecha de la boda')
  expect(betos).toContain('Sin sal en el menú')
  for (const foreign of ['menú', 'vegana', 'dos platos', 'fecha de ev-2']) expect(anas).not.toContain(foreign)
  for (const foreign of ['boda', 'Casamiento', 'sábado', 'fecha de ev-1']) expect(betos).not.toContain(foreign)
  const { body } = await world.boss.call<{ items: OwnConversation[] }>('GET', '/api/conversations?automated=true&limit=100')
  const client = (await world.boss.call<Contact>('GET', `/api/contacts/${body.items[0]?.contact.id}`)).body
  const messages: Message[] = []
  for (const { id } of body.items) messages.push(...(await world.hilo.messages(id)))
  for (const [learned, own] of [
    [anas, 'ev-1'],
    [betos, 'ev-2'],
  ] as const) {
    const foreign = foreignWords(body.items, messages, [client], (record) => record === own)
    expect(foreign.size).toBeGreaterThan(15)
    expect(leaks(learned, foreign)).toEqual([])
  }
  // The refused address of a foreign record is all that a browser writes into its console by itself.
  expect([...ana.complaints, ...beto.complaints].filter((line) => !/Failed to load resource.*40[34]/.test(line))).toEqual([])
})
