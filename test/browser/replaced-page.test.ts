// Pages that replace their body under the widget, as Turbo, Livewire, htmx and morphing do, and others that want it out.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

interface HostWindow {
  Hilo: { open(target?: object): Promise<{ ok: boolean }> }
  heard: { code: string }[]
  isStrict: boolean
}
declare const window: Window & typeof globalThis & HostWindow

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  for (let i = 0; i < 40; i++) await world.hilo.simulator.phone(sofia.phone).write(`mensaje número ${i}`)
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

const elements = (agent: AgentPage) => agent.page.locator('hilo-chat').count()

test.each([
  ['a morph that does not know our element', () => document.querySelector('hilo-chat')?.remove()],
  [
    'a replaced body',
    () => {
      document.body.replaceWith(document.body.cloneNode(true))
    },
  ],
  [
    'all that is in the body',
    () => {
      const { innerHTML } = document.body
      document.body.innerHTML = innerHTML
    },
  ],
])('%s keeps the focus, the place in the transcript and what was typed, and leaves one element', async (_, replace) => {
  for (const context of [{}, { viewport: { width: 390, height: 700 } }]) {
    const agent = await world.open('ana', { html: recordButton('ev-1', sofia), context })
    await agent.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await agent.log.getByText('mensaje número 39').waitFor()
    await agent.log.evaluate((log) => log.scrollTo(0, 200))
    await until(async () => (await agent.log.getAttribute('data-at-end')) === 'false')
    await agent.text.focus()
    await agent.page.keyboard.type('hol')
    for (let turn = 0; turn < 3; turn++) {
      await agent.page.evaluate(replace)
      await until(async () => (await elements(agent)) === 1 && (await agent.text.isVisible()), { what: 'it to be back' })
      await until(() => agent.text.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field), { what: 'the focus' })
      await agent.page.keyboard.type(String(turn))
    }
    expect(await agent.text.inputValue()).toBe('hol012')
    expect(Math.abs((await agent.log.evaluate((log) => log.scrollTop)) - 200)).toBeLessThan(50)
    expect(await agent.panel.evaluate((panel) => panel.closest('dialog')?.matches(':modal'))).toBe('viewport' in context)
    expect(agent.complaints).toEqual([])
    await agent.text.fill('')
    await agent.close()
  }
})

test('an observer that takes it out at once: it is put back a few times, then given up with an error; open() tries again', async () => {
  const agent = await world.open('ana', {
    before: `window.heard = []
    window.isStrict = false
    document.addEventListener('hilo:error', ({ detail }) => window.heard.push(detail))`,
  })
  await agent.page.evaluate(() => {
    window.isStrict = true
    const { Hilo } = window as unknown as { Hilo: { on(name: string, heard: (detail: { code: string }) => void): void } }
    Hilo.on('error', (detail) => window.heard.push(detail))
    new MutationObserver(() => window.isStrict && document.querySelector('hilo-chat')?.remove()).observe(document.body, { childList: true })
    document.querySelector('hilo-chat')?.remove()
  })
  await until(() => agent.page.evaluate(() => window.heard.length), { what: 'the error' })
  expect(await agent.page.evaluate(() => window.heard)).toMatchObject([{ code: 'conflict' }])
  expect(await elements(agent)).toBe(0)
  await agent.page.evaluate(() => {
    window.isStrict = false
  })
  expect(await agent.page.evaluate(() => window.Hilo.open())).toEqual({ ok: true })
  await agent.panel.waitFor()
  await agent.close()
})
