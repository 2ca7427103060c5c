// A round: one key through all who wait, the longest wait first.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, startWorld, type World } from './support.ts'

const clients = [
  { name: 'Sofía Herrera', phone: '+5491154823391' },
  { name: 'Martín Quiroga', phone: '+5491154823392' },
  { name: 'Julia Sosa', phone: '+5491154823393' },
] as const
const [sofia, martin, julia] = clients

let world: World
let ana: AgentPage
beforeAll(async () => {
  world = await startWorld()
  for (const [index, client] of clients.entries()) await world.record(`ev-${index + 1}`, `Fiesta ${index + 1}`, client)
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
afterEach(async () => {
  expect(ana.complaints).toEqual([])
  await ana.close()
})

const idOf = async ({ phone }: { phone: string }) => (await world.hilo.conversation(phone)).id
const answer = async (client: { phone: string }, text: string) =>
  await world.boss.call('POST', '/api/messages', { conversationId: await idOf(client), text })
const waitsFor = async (client: { phone: string }) => (await world.hilo.conversation(client.phone)).awaitingReplySince !== null

async function allWrite(): Promise<void> {
  const known = await world.boss.call<{ items: { id: string }[] }>('GET', '/api/conversations?awaiting=true')
  for (const { id } of known.body.items) await world.boss.call('PATCH', `/api/conversations/${id}`, { answered: true })
  for (const client of clients) {
    await world.hilo.simulator.phone(client.phone).write(`Hola, soy ${client.name}`)
    await until(() => waitsFor(client))
  }
}
async function begin(attributes = ''): Promise<void> {
  ana = await world.open('ana', { attributes })
  await ana.page.evaluate(() => {
    const page = window as unknown as {
      opened: string[]
      Hilo: { on(name: string, handler: (event: { coordinationId: string }) => void): void }
    }
    page.opened = []
    page.Hilo.on('openrecord', ({ coordinationId }) => void page.opened.push(coordinationId))
  })
  await ana.launcher.click()
  await ana.panel.getByRole('tab', { name: /Responder/ }).click()
  await ana.panel.getByRole('option').nth(2).waitFor()
  await ana.panel.getByRole('listbox').focus()
  await ana.page.keyboard.press('r')
}
const at = (name: string) => ana.panel.locator('h2', { hasText: name }).waitFor()
const line = () => ana.panel.locator('.strip.round')
const opened = () => ana.page.evaluate(() => (window as unknown as { opened: string[] }).opened)

test('one key, then Enter after Enter: oldest first, the host’s page follows, and at the end all are answered', async () => {
  await allWrite()
  await begin()
  await at(sofia.name)
  await line().getByText('Ronda · quedan 2 más').waitFor()
  for (const client of clients) {
    await at(client.name)
    await ana.text.fill(`Hola ${client.name}`)
    await ana.page.keyboard.press('Enter')
  }
  await ana.panel.getByText('Enviado a Julia · Todo respondido').waitFor()
  expect(await opened()).toEqual(['ev-1', 'ev-2', 'ev-3'])
  for (const client of clients) await until(async () => !(await waitsFor(client)))
})

test('whom a colleague answers first is passed over, with a word; a draft is left to nobody', async () => {
  await allWrite()
  await begin()
  await at(sofia.name)
  // The next one, while she is still at the first.
  await answer(martin, 'Yo le contesto')
  await until(async () => !(await waitsFor(martin)))
  await ana.panel.getByRole('button', { name: 'Saltar' }).click()
  await at(julia.name)
  await line().getByText('Sol ya le respondió a Martín').waitFor()
  // The one she is at, as she writes.
  await ana.text.fill('Estaba por decirte')
  await answer(julia, 'Y a Julia también')
  await line().getByText('Sol ya le respondió a Julia').waitFor()
  expect(await ana.text.inputValue()).toBe('Estaba por decirte')
  await ana.text.fill('')
  // Skipped is not answered, and is not offered twice.
  await ana.panel.getByText('Sol ya le respondió a Julia · Todo respondido').waitFor()
  expect(await waitsFor(sofia)).toBe(true)
})

test('a note answers nobody; what needs no answer leads on; going back ends the round', async () => {
  await allWrite()
  await begin()
  await at(sofia.name)
  await ana.panel.getByRole('button', { name: 'Nota interna' }).click()
  await ana.text.fill('Ojo con el horario')
  await ana.page.keyboard.press('Enter')
  await ana.log.getByText('Ojo con el horario').waitFor()
  await ana.page.keyboard.press('Escape')
  await at(sofia.name)
  await ana.log.focus()
  await ana.page.keyboard.press('e')
  await at(martin.name)
  await line().waitFor()
  await ana.panel.getByRole('button', { name: 'Volver', exact: true }).click()
  await ana.panel.getByRole('option').first().click()
  await ana.text.waitFor()
  await until(async () => (await line().count()) === 0)
})

test('a host that shows its record by another page loses no round: it goes on there', async () => {
  await allWrite()
  await begin('data-remember')
  await at(sofia.name)
  await ana.page.reload()
  await at(sofia.name)
  await line().getByText('Ronda · quedan 2 más').waitFor()
  await ana.text.fill('Hola de nuevo')
  await ana.page.keyboard.press('Enter')
  await at(martin.name)
  await line().getByText('Enviado a Sofía').waitFor()
})

test('it begins from the menu beside the filters, too, which names the key', async () => {
  await allWrite()
  ana = await world.open('ana')
  await ana.launcher.click()
  await ana.panel.getByRole('button', { name: 'Más' }).click()
  await ana.panel.getByRole('menuitem', { name: 'Responder uno por uno R' }).click()
  await at(sofia.name)
  await line().getByRole('button', { name: 'Terminar' }).click()
  await until(async () => (await line().count()) === 0)
  await at(sofia.name)
})
