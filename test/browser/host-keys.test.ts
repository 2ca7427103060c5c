// Beside a host's own keys: what one types, pastes and scrolls in the widget stays in it, in both of its mounts.
import type { Locator } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, ev1, ev2, martin, recordButton, sofia, useDesk } from './support.ts'

interface HostWindow {
  heard: string[]
}
declare const window: Window & typeof globalThis & HostWindow

/** A key as a browser tells it. */
interface Key {
  key: string
  code: string
  keyCode?: number
  altKey?: boolean
  altGraph?: boolean
  ctrlKey?: boolean
  metaKey?: boolean
  isComposing?: boolean
}

/** A host with shortcuts on its document, and one that watches its fields, its clipboard and its scrolling there. */
const listen = `
window.heard = []
for (const name of ['keydown', 'keypress', 'keyup'])
  document.addEventListener(name, (event) => window.heard.push(name + ' ' + event.key))
for (const name of ['focusin', 'focusout', 'beforeinput', 'input', 'paste', 'copy', 'cut', 'wheel', 'touchmove'])
  document.addEventListener(name, (event) => window.heard.push(name))`

const desk = useDesk([ev1, ev2])
let agent: AgentPage
const html = `<p><input aria-label="Del anfitrión"></p>${recordButton('ev-1', sofia)}${recordButton('ev-2', martin)}<hilo-thread coordination="ev-2"></hilo-thread>`

beforeEach(async () => {
  agent = await desk.open({ html, before: listen })
})

const mounts = ['the floating panel', 'a thread of the page'] as const

/** The text of one mount, with the focus in it, and nothing heard so far. */
async function write(mount: (typeof mounts)[number]): Promise<Locator> {
  const { page } = agent
  if (mount === 'the floating panel') await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  const text = page.locator(mount === 'the floating panel' ? 'hilo-chat textarea' : 'hilo-thread textarea')
  await text.waitFor()
  await text.focus()
  await page.evaluate(() => {
    window.heard.length = 0
  })
  return text
}
const heard = () => agent.page.evaluate(() => window.heard)
/** Tells the field of a key as a browser would; whether somebody took it. */
const press = (text: Locator, key: Key) =>
  text.evaluate((field, { altGraph, ...given }) => {
    const event = new KeyboardEvent('keydown', {
      ...given,
      modifierAltGraph: altGraph === true,
      bubbles: true,
      composed: true,
      cancelable: true,
    })
    field.dispatchEvent(event)
    return event.defaultPrevented
  }, key)

describe.each(mounts)('in %s', (mount) => {
  test('what is typed, pasted, cut and scrolled does not reach the host, nor does the focus that comes and goes', async () => {
    const text = await write(mount)
    await agent.page.keyboard.type('d?')
    for (const key of ['Shift+Tab', 'Tab', 'Backspace', 'F2']) await agent.page.keyboard.press(key)
    for (const kind of ['paste', 'copy', 'cut'])
      await text.evaluate((field, name) => field.dispatchEvent(new ClipboardEvent(name, { bubbles: true, composed: true })), kind)
    await text.hover()
    await agent.page.mouse.wheel(0, -40)
    await text.dispatchEvent('touchmove', { touches: [] })
    expect(await text.inputValue()).toBe('d')
    expect(await heard()).toEqual([])

    // The page's own keys are its own.
    await agent.page.getByLabel('Del anfitrión').press('d')
    expect((await heard()).filter((one) => one.startsWith('key'))).toEqual(['keydown d', 'keypress d', 'keyup d'])
  })

  test('Escape that closes something of ours is not heard by the host, not even as it is let go', async () => {
    await write(mount)
    const root = agent.page.locator(mount === 'the floating panel' ? 'hilo-chat' : 'hilo-thread')
    await root.getByRole('button', { name: 'Más acciones' }).click()
    await root.getByRole('menu').waitFor()
    await agent.page.evaluate(() => {
      window.heard.length = 0
    })
    await agent.page.keyboard.press('Escape')
    await root.getByRole('menu').waitFor({ state: 'detached' })
    expect(await heard()).toEqual([])
  })

  test('the host’s own chords go on to it, with the key that is let go', async () => {
    await write(mount)
    await agent.page.keyboard.press('Control+s')
    await agent.page.keyboard.down('Control')
    await agent.page.keyboard.down('b')
    await agent.page.keyboard.up('Control')
    await agent.page.keyboard.up('b')
    await agent.page.keyboard.press('Meta+j')
    expect((await heard()).filter((one) => !one.startsWith('keypress') && !/Control|Meta/.test(one))).toEqual([
      'keydown s',
      'keyup s',
      'keydown b',
      'keyup b',
      'keydown j',
      'keyup j',
    ])
    expect((await heard()).filter((one) => /Control/.test(one))).toHaveLength(4)
  })

  test.each<[string, Key]>([
    ['a chord that edits the text', { key: 'z', code: 'KeyZ', ctrlKey: true }],
    ['a chord that moves in the text', { key: 'ArrowLeft', code: 'ArrowLeft', metaKey: true }],
    ['a sign typed by AltGr', { key: '@', code: 'KeyQ', ctrlKey: true, altKey: true, altGraph: true }],
    ['a letter typed by Option', { key: 'ø', code: 'KeyO', altKey: true }],
    ['a chord that is ours', { key: 'Enter', code: 'Enter', ctrlKey: true }],
    ['a key that is being composed', { key: 'Process', code: 'KeyD', keyCode: 229 }],
  ])('%s is none of the host’s', async (_, key) => {
    const text = await write(mount)
    await text.fill('hola')
    await press(text, key)
    expect(await heard()).toEqual([])
  })

  test.each<[string, Key]>([
    ['Option+N, the dead key of ñ and ã', { key: 'Dead', code: 'KeyN', altKey: true }],
    ['Alt+N', { key: 'n', code: 'KeyN', altKey: true }],
    ['AltGr+N', { key: 'ñ', code: 'KeyN', altGraph: true, ctrlKey: true, altKey: true }],
    ['Option+Up, to the beginning of the paragraph', { key: 'ArrowUp', code: 'ArrowUp', altKey: true }],
    ['Option+Down, to its end', { key: 'ArrowDown', code: 'ArrowDown', altKey: true }],
    ['Option+Enter, a new line', { key: 'Enter', code: 'Enter', altKey: true }],
    ['Escape that ends a composition', { key: 'Escape', code: 'Escape', isComposing: true }],
    ['Escape that ends a composition, where the browser says only 229', { key: 'Escape', code: 'Escape', keyCode: 229 }],
    ['Enter that ends a composition', { key: 'Enter', code: 'Enter', isComposing: true }],
  ])('%s in the text is the field’s', async (_, key) => {
    const text = await write(mount)
    await text.fill('ma')
    expect(await press(text, key)).toBe(false)
    // A key of ours after it, so that what the first did would show by then.
    await agent.page.keyboard.type('r')
    expect(await text.inputValue()).toBe('mar')
    expect(await agent.page.locator('.box.note').count()).toBe(0)
    expect(await heard()).toEqual([])
  })

  test('outside of a field Alt+N begins a note', async () => {
    await write(mount)
    const root = agent.page.locator(mount === 'the floating panel' ? 'hilo-chat' : 'hilo-thread')
    await root.getByRole('log').focus()
    await agent.page.keyboard.press('Alt+n')
    await root.locator('.box.note').waitFor()
  })
})

test('Ctrl K goes to the search; on a Mac it is ⌘ K, for there Ctrl K deletes the rest of a line', async () => {
  const search = () => agent.panel.getByRole('searchbox')
  await write('the floating panel')
  await agent.page.keyboard.press('Control+k')
  await search().waitFor()
  expect((await heard()).filter((one) => /\bk$/.test(one))).toEqual([])

  await agent.close()
  agent = await desk.open({ html, before: `${listen};Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })` })
  const text = await write('the floating panel')
  await text.fill('hola')
  expect(await press(text, { key: 'k', code: 'KeyK', ctrlKey: true })).toBe(false)
  expect(await press(text, { key: 'k', code: 'KeyK', metaKey: true })).toBe(true)
  await search().waitFor()
})

test('after destroy the host hears its page again', async () => {
  await write('the floating panel')
  await agent.page.evaluate(() => (window as unknown as { Hilo: { destroy(): Promise<unknown> } }).Hilo.destroy())
  await until(async () => (await agent.page.locator('hilo-chat').count()) === 0)
  await agent.page.getByLabel('Del anfitrión').press('d')
  expect(await heard()).toContain('keydown d')
})
