// Every page of the console in the other languages: its words fit, and it stands in light and dark, wide and narrow.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []

beforeAll(async () => {
  world = await startConsole()
  await world.hilo.simulator.phone('+5491154823391').write('Hola, ¿tienen lugar el sábado?')
  await world.hilo.conversation('+5491154823391')
})
afterAll(() => world.close())
afterEach(async () => {
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

describe.each([
  [
    'es',
    {
      log: 'Registro de mensajes',
      contacts: 'Contactos',
      imported: 'Importar contactos',
      templates: 'Plantillas',
      written: 'Nueva plantilla',
    },
  ],
  [
    'pt',
    { log: 'Registro de mensagens', contacts: 'Contatos', imported: 'Importar contatos', templates: 'Modelos', written: 'Novo modelo' },
  ],
])('%s', (locale, words) => {
  test.each([
    ['/log', words.log],
    ['/contacts', words.contacts],
    ['/contacts/-import', words.imported],
    ['/templates', words.templates],
    ['/templates/new', words.written],
  ])('%s', async (at, title) => {
    const one = await world.open({ at, context: { locale } })
    opened.push(one)
    await one.page.getByRole('heading', { name: title, exact: true }).waitFor()
    await one.page.locator('.loading').waitFor({ state: 'detached' })
    expect(await inspect(one, `${locale}${at}`.replaceAll('/', ' '))).toEqual([])
  })
})
