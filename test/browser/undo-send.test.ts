// Undo send, end to end: Enter shows the bubble, five seconds lie between it and the client, and a closed page loses nothing.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
const html = recordButton('ev-1', sofia)

beforeAll(async () => {
  world = await startWorld({ undoSend: true })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('¿A qué hora es?')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

const arrived = () => world.hilo.simulator.ledger().accepted.map((one) => one.body)

test('what is undone never reaches the client; what is not goes by itself, also when the page is closed', async () => {
  const ana = await world.open('ana', { html })
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await ana.text.fill('A las 18')
  await ana.text.press('Enter')
  await ana.log.locator('.m.out', { hasText: 'A las 18' }).getByRole('button', { name: 'Deshacer' }).click()
  await until(async () => (await ana.text.inputValue()) === 'A las 18')
  await ana.text.fill('A las 19')
  await ana.text.press('Enter')
  await ana.log.locator('.m.out', { hasText: 'A las 19' }).getByRole('button', { name: 'Deshacer' }).waitFor()
  expect(ana.complaints).toEqual([])
  await ana.close()
  await until(() => arrived().length > 0, { what: 'the message of a page that was closed' })
  expect(arrived()).toEqual(['A las 19'])
  expect((await world.hilo.conversation(sofia.phone)).awaitingReplySince).toBeNull()
})

test('an undo that comes after the message went says so, and the client has it once', async () => {
  const ana = await world.open('ana', { html })
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  // Pressed in time, on the way for longer than the five seconds.
  let arrive: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await ana.page.route('**/api/messages/*/cancel', async (route) => {
    await held
    await route.continue()
  })
  await ana.text.fill('A las 20')
  await ana.text.press('Enter')
  const bubble = ana.log.locator('.m.out', { hasText: 'A las 20' })
  await bubble.getByRole('button', { name: 'Deshacer' }).click()
  await until(() => arrived().includes('A las 20'), { what: 'the message at Twilio' })
  arrive()
  await ana.panel.getByText('Ya salió: no se puede deshacer.').waitFor()
  expect(await ana.text.inputValue()).toBe('')
  expect(arrived().filter((text) => text === 'A las 20')).toHaveLength(1)
  await ana.close()
})
