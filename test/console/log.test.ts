// The console's log: filters that stand in the address, one message in full with what to do about it, all of it as CSV.
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []
const sofia = '+5491154823391'
const martin = '+5491161204478'

async function open(at: string, locale = 'en'): Promise<ConsolePage> {
  const one = await world.open({ at, context: { locale } })
  opened.push(one)
  return one
}
const rows = ({ page }: ConsolePage) => page.getByRole('table', { name: 'Message log' }).locator('tbody tr')
/** The address of the page, as it stands when it is as wanted. */
const goesTo = ({ page }: ConsolePage, wanted: RegExp) => page.waitForURL(wanted)

beforeAll(async () => {
  world = await startConsole()
  const { hilo, boss } = world
  await hilo.simulator.phone(sofia).write('Hola, ¿tienen lugar el sábado?')
  await hilo.simulator.phone(martin).write('Buenas')
  const sent = await boss.send({ channel: 'whatsapp', to: sofia, text: 'Sí, a las diez.' })
  await hilo.messageWhen(sent.id, ({ status }) => status === 'delivered')
  hilo.simulator.phone(martin).set({ failWith: 63018 })
  const failed = await boss.send({ channel: 'whatsapp', to: martin, text: '¿Confirmás?' })
  await hilo.messageWhen(failed.id, ({ status }) => status === 'failed')
  hilo.simulator.phone(martin).set({ failWith: null })
})
afterAll(() => world.close())
afterEach(async () => {
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

test('shows what came in and went out, and stands in light and dark, wide and narrow', async () => {
  const log = await open('/log')
  await rows(log).filter({ hasText: 'Sí, a las diez.' }).getByText('Delivered').waitFor()
  expect(await rows(log).count()).toBe(4)
  expect(await inspect(log, 'log')).toEqual([])
})

test('a filter stands in the address, and a link to it shows the same', async () => {
  const log = await open('/log')
  await rows(log).nth(3).waitFor()
  await log.page.locator('summary').click()
  await log.page.getByRole('checkbox', { name: 'Failed' }).check()
  await goesTo(log, /#\/log\?status=failed$/)
  await log.page.keyboard.press('Escape')
  await rows(log).nth(1).waitFor({ state: 'detached' })
  await log.page.getByRole('combobox', { name: 'Direction' }).selectOption('outbound')
  await log.page.getByRole('searchbox', { name: 'Search the texts' }).fill('confirmás')
  await goesTo(log, /status=failed&direction=outbound&q=confirm/)
  const again = await open(new URL(log.page.url()).hash.slice(1))
  await rows(again).first().getByText('¿Confirmás?').waitFor()
  expect(await rows(again).count()).toBe(1)
  await again.page.getByRole('button', { name: 'Clear filters' }).click()
  await rows(again).nth(3).waitFor()
  expect(await again.page.getByRole('searchbox', { name: 'Search the texts' }).inputValue()).toBe('')
})

test('without a match it says what to do', async () => {
  const log = await open('/log?q=zeppelin')
  await log.page.getByRole('heading', { name: 'No message with these filters' }).waitFor()
  await log.page.getByRole('button', { name: 'More filters' }).click()
  expect(await inspect(log, 'log, nothing found')).toEqual([])
})

test('a message that failed says why and is tried again from its sheet, by the keyboard alone', async () => {
  const log = await open('/log?status=failed')
  await rows(log).first().getByRole('link').focus()
  await log.page.keyboard.press('Enter')
  const sheet = log.page.getByRole('dialog')
  await sheet.getByText('63018').waitFor()
  await sheet
    .getByRole('link', { name: 'Martín' })
    .or(sheet.getByRole('link', { name: /\+?54/ }))
    .first()
    .waitFor()
  expect(await inspect(log, 'log, a message that failed')).toEqual([])
  await sheet.getByRole('button', { name: 'Try again' }).focus()
  await log.page.keyboard.press('Enter')
  await sheet.getByText('It goes again, as a new message.').waitFor()
  await log.page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await goesTo(log, /#\/log\?status=failed$/)
})

test('several states at once; the days of the filter are those of the organization', async () => {
  const log = await open('/log?status=delivered,failed&from=2020-01-01&to=2020-01-02')
  await log.page.getByRole('heading', { name: 'No message with these filters' }).waitFor()
  await log.page.getByLabel('From').fill('')
  await log.page.getByLabel('Until').fill('')
  await rows(log).nth(1).waitFor()
  await log.page.getByText('State: 2').waitFor()
})

test('all that failed of a filter goes again, after it is said what would go and what would not', async () => {
  const { hilo, boss } = world
  const texts = ['Uno', 'Dos']
  hilo.simulator.phone(martin).set({ failWith: 63018 })
  for (const text of texts) {
    const { id } = await boss.send({ channel: 'whatsapp', to: martin, text: `Aviso ${text}` })
    await hilo.messageWhen(id, ({ status }) => status === 'failed')
  }
  hilo.simulator.phone(martin).set({ failWith: 63003 })
  const { id: lost } = await boss.send({ channel: 'whatsapp', to: martin, text: 'Aviso Tres' })
  await hilo.messageWhen(lost, ({ status }) => status === 'failed')
  hilo.simulator.phone(martin).set({ failWith: null })
  const log = await open('/log?q=Aviso')
  await log.page.getByRole('button', { name: 'Try the failed again' }).click()
  const dialog = log.page.getByRole('dialog', { name: 'Try the failed again' })
  await dialog.getByText('2 messages go again.').waitFor()
  await dialog.getByText('would fail again').waitFor()
  expect(await dialog.getByRole('link', { name: 'See one' }).getAttribute('href')).toContain(lost)
  expect(await inspect(log, 'log, all that failed')).toEqual([])
  await dialog.getByRole('button', { name: 'Try 2 again' }).click()
  await dialog.getByText('2 went again.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await rows(log).filter({ hasText: 'Aviso Uno' }).nth(1).waitFor()
  await log.page.getByRole('button', { name: 'Try the failed again' }).click()
  await dialog.getByText('With these filters there is none that could go again.').waitFor()
})

test('a link opens one message, also one that is not on the first page', async () => {
  const { id } = await world.hilo.conversation(sofia)
  const [first] = await world.hilo.messages(id)
  const log = await open(`/log?status=failed&message=${first?.id}`, 'es')
  const sheet = log.page.getByRole('dialog')
  await sheet.getByText('Hola, ¿tienen lugar el sábado?').waitFor()
  expect(await sheet.getByText(first?.twilioSid ?? '?').isVisible()).toBe(true)
})

test('what is filtered is downloaded as a table', async () => {
  const log = await open('/log?direction=inbound')
  await rows(log).nth(1).waitFor()
  const [download] = await Promise.all([log.page.waitForEvent('download'), log.page.getByRole('button', { name: 'Download CSV' }).click()])
  const table = readFileSync(await download.path(), 'utf8')
  expect(download.suggestedFilename()).toBe('messages.csv')
  expect(table).toContain('¿tienen lugar el sábado?')
  expect(table).not.toContain('¿Confirmás?')
})
