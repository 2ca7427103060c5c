// Pages that replace their body under the widget, as Turbo, Livewire, htmx and morphing do, and others that want it out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, martin, recordButton, sofia, startWorld, type World } from './support.ts'

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
  await world.record('ev-2', '15 de Valentina', martin)
  for (let i = 0; i < 40; i++) await world.hilo.simulator.phone(sofia.phone).write(`mensaje número ${i}`)
  await world.hilo.simulator.phone(martin.phone).write('Buenas')
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
  await until(() => agent.page.evaluate(() => window.heard.length > 0), { what: 'the error' })
  expect(await agent.page.evaluate(() => window.heard)).toMatchObject([{ code: 'conflict' }])
  expect(await elements(agent)).toBe(0)
  await agent.page.evaluate(() => {
    window.isStrict = false
  })
  expect(await agent.page.evaluate(() => window.Hilo.open())).toEqual({ ok: true })
  await agent.panel.waitFor()
  await agent.close()
})

describe('a thread of the page', () => {
  const html = '<aside></aside><hilo-thread coordination="ev-1"></hilo-thread>'

  /** With all that its page says over its socket. */
  async function openThread() {
    const frames: string[] = []
    const agent = await world.visit('ana', {
      html,
      prepare: (page) => page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload)))),
    })
    const thread = agent.page.locator('hilo-thread')
    const [log, text] = [thread.getByRole('log'), thread.locator('textarea')]
    await log.getByText('mensaje número 39').waitFor()
    return { agent, thread, log, text, frames, loads: () => frames.filter((frame) => frame.includes('"messages:list"')).length }
  }

  test.each([
    ['moved in it', () => document.querySelector('aside')?.append(document.querySelector('hilo-thread') as Element)],
    [
      'taken out and put in again by a framework',
      () => {
        const thread = document.querySelector('hilo-thread') as Element
        thread.remove()
        document.querySelector('main')?.prepend(thread)
      },
    ],
    [
      'in a body that a morph made of the old one’s parts',
      () => {
        const next = document.createElement('body')
        next.append(...document.body.childNodes)
        document.body.replaceWith(next)
      },
    ],
    ['in a body that a copy replaces', () => document.body.replaceWith(document.body.cloneNode(true))],
    [
      'in all that is written anew into the body',
      () => {
        const { innerHTML } = document.body
        document.body.innerHTML = innerHTML
      },
    ],
  ])('%s keeps the focus, the place in the transcript and what was typed, and is not loaded anew', async (_, move) => {
    const { agent, log, text, loads } = await openThread()
    await log.evaluate((one) => one.scrollTo(0, 200))
    await until(async () => (await log.getAttribute('data-at-end')) === 'false')
    await text.focus()
    await agent.page.keyboard.type('hol')
    const before = loads()
    for (let turn = 0; turn < 3; turn++) {
      await agent.page.evaluate(move)
      await until(() => text.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field), { what: 'the focus' })
      await agent.page.keyboard.type(String(turn))
    }
    expect(await text.inputValue()).toBe('hol012')
    expect(Math.abs((await log.evaluate((one) => one.scrollTop)) - 200)).toBeLessThan(50)
    expect(await agent.page.locator('hilo-thread').count()).toBe(1)
    expect(loads()).toBe(before)
    // It is alive, and as it looked before.
    await text.fill('Sigo acá')
    await agent.page.keyboard.press('Enter')
    await log.locator('.m', { hasText: 'Sigo acá' }).last().locator('.tick.delivered').waitFor()
    expect(agent.complaints).toEqual([])
    await agent.close()
  })

  test('put in again for another record shows that one', async () => {
    const { agent, log } = await openThread()
    await agent.page.evaluate(() => {
      const thread = document.querySelector('hilo-thread') as Element
      thread.remove()
      thread.setAttribute('coordination', 'ev-2')
      document.body.append(thread)
    })
    await log.getByText('Buenas').waitFor()
    expect(await log.getByText('mensaje número 39').count()).toBe(0)
    await agent.close()
  })

  test('taken out for good ends a moment later, for the server too, and put in later begins anew', async () => {
    const { agent, thread, log, text, frames, loads } = await openThread()
    await text.fill('a medias')
    await agent.page.evaluate(() => {
      ;(window as unknown as { kept: Element }).kept = document.querySelector('hilo-thread') as Element
      document.querySelector('hilo-thread')?.remove()
    })
    await until(() => frames.some((frame) => /"viewing",\{"conversationId":null/.test(frame)), { what: 'the server to hear of it' })
    const left = () => agent.page.evaluate(() => (window as unknown as { kept: Element }).kept.shadowRoot?.childElementCount)
    expect(await left()).toBe(0)
    const before = loads()
    await agent.page.evaluate(() => document.body.append((window as unknown as { kept: Element }).kept))
    await log.getByText('mensaje número 39').waitFor()
    expect(loads()).toBeGreaterThan(before)
    expect(await thread.locator('textarea').inputValue()).toBe('a medias')
    await agent.close()
  })
})
