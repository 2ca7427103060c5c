// Closing, snoozing and assigning are seen, can be undone, and lead to the next client who waits.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

/** Before anything that could lead on; `waiting`: who waits, as the server says it. */
async function thread(waiting: string[] = []): Promise<Page> {
  const page = await show('thread')
  await page.evaluate((ids) => {
    const items = ids.map((id) => panel.client.all.peek().find((one) => one.id === id) ?? {})
    panel.client.replies.set('/api/conversations', { items })
  }, waiting)
  return page
}
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Más acciones' }).click()
  await page.getByRole('menuitem', { name }).click()
}
const done = (page: Page, text: string) => page.locator('.strip.done', { hasText: text })
const updates = async (count: number) => {
  await until(async () => (await calls('update')).length === count, { what: `${count} changes` })
  return (await calls('update')).at(-1)
}

describe('the line of a conversation that is not open', () => {
  test('says that it is closed, and reopens it', async () => {
    const page = await show('state-closed')
    const line = page.locator('.strip', { hasText: 'Cerrada' })
    await line.getByRole('button', { name: 'Reabrir' }).click()
    await line.waitFor({ state: 'detached' })
    expect(await updates(1)).toEqual(['sofia', { status: 'open', snoozedUntil: null }])
  })

  test('says until when it is snoozed, and brings it back', async () => {
    const page = await show('state-snoozed')
    const line = page.locator('.strip', { hasText: 'Pospuesta hasta mañana 09:00' })
    await line.getByRole('button', { name: 'Traer de vuelta' }).click()
    await line.waitFor({ state: 'detached' })
    expect(await updates(1)).toEqual(['sofia', { status: 'open', snoozedUntil: null }])
  })
})

describe('closed', () => {
  test('it is said, the next client who waits opens, and Undo leads back to it as it was', async () => {
    const page = await thread(['sofia', 'martin', 'lucia'])
    const before = await page.evaluate(() => panel.client.conversation('sofia').peek())
    await choose(page, 'Cerrar conversación')
    await page.getByRole('heading', { name: 'Lucía Ferrari' }).waitFor()
    expect(await updates(1)).toEqual(['sofia', { status: 'closed' }])
    await done(page, 'Cerrada').getByRole('button', { name: 'Deshacer' }).click()
    await page.getByRole('heading', { name: 'Sofía Herrera' }).waitFor()
    expect((await updates(2))?.[1]).toMatchObject({ status: 'open', snoozedUntil: null })
    expect(before?.status).toBe('open')
    await page.locator('.strip.done').waitFor({ state: 'detached' })
  })

  test('whom a colleague has is not opened; where nobody else waits, the list is', async () => {
    const page = await thread(['sofia', 'martin'])
    await choose(page, 'Cerrar conversación')
    await page.getByRole('searchbox').waitFor()
    await done(page, 'Cerrada').waitFor()
  })

  test('Control Z undoes it as well', async () => {
    const page = await thread(['lucia'])
    await choose(page, 'Cerrar conversación')
    await page.getByRole('heading', { name: 'Lucía Ferrari' }).waitFor()
    await done(page, 'Cerrada').waitFor()
    await page.locator('textarea').press('Control+z')
    await page.getByRole('heading', { name: 'Sofía Herrera' }).waitFor()
    expect((await updates(2))?.[1]).toMatchObject({ status: 'open' })
  })

  test('an undo pressed after the eight seconds changes nothing and says so', async () => {
    const page = await thread(['lucia'])
    await choose(page, 'Cerrar conversación')
    const undo = done(page, 'Cerrada').getByRole('button', { name: 'Deshacer' })
    await undo.waitFor()
    // As after a sleep of the computer: the hour has gone on, the timer has not.
    await page.evaluate(() => {
      const then = Date.now() + 60_000
      Date.now = () => then
    })
    await undo.click()
    await done(page, 'Ya pasó el tiempo para deshacerlo.').waitFor()
    expect(await calls('update')).toHaveLength(1)
  })

  test('what a colleague changed meanwhile stays as it is', async () => {
    const page = await thread(['lucia'])
    await choose(page, 'Cerrar conversación')
    const undo = done(page, 'Cerrada').getByRole('button', { name: 'Deshacer' })
    await undo.waitFor()
    await page.evaluate(() => {
      const { all } = panel.client
      all.value = all.peek().map((one) => (one.id === 'sofia' ? { ...one, status: 'open' as const } : one))
    })
    await undo.click()
    await done(page, 'Cambió mientras tanto: queda como está.').waitFor()
    expect(await calls('update')).toHaveLength(1)
  })
})

test('snoozed: in an hour, this afternoon, tomorrow, Monday, if there is no answer in two days, or any date that is not past', async () => {
  const page = await thread()
  await choose(page, 'Posponer')
  const box = page.getByRole('dialog', { name: 'Posponer' })
  // It is Monday morning: “Monday” is the next one.
  expect(await box.locator('.option').allTextContents()).toEqual([
    expect.stringMatching(/^En una hora\d\d:\d\d$/),
    expect.stringMatching(/^Hoy a la tarde/),
    'Mañana09:00',
    expect.stringMatching(/^El lunes.*09:00$/),
    expect.stringMatching(/^Si en dos días no contesta/),
  ])
  const within = await page.evaluate(() => {
    const root = document.querySelector('hilo-chat')?.shadowRoot
    const [inner, outer] = ['[role=dialog].pop', '.panel'].map((one) => root?.querySelector(one)?.getBoundingClientRect())
    return (
      inner && outer && inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right
    )
  })
  expect(within, 'all of it is in the panel').toBe(true)
  await page.getByLabel('Día', { exact: true }).fill('2026-11-20')
  expect(await box.getByRole('button', { name: 'Posponer', exact: true }).isDisabled()).toBe(true)
  await page.getByLabel('Día', { exact: true }).fill('2026-12-03')
  await box.getByRole('button', { name: 'Posponer', exact: true }).click()
  await done(page, 'Pospuesta hasta').waitFor()
  expect(await updates(1)).toEqual(['sofia', { status: 'snoozed', snoozedUntil: '2026-12-03T12:00:00.000Z' }])
})

test('assigned to a colleague: it is said, and undone', async () => {
  const page = await thread()
  await page.locator('.assign').click()
  await page.getByRole('menuitem', { name: 'Dejar sin asignar' }).click()
  await done(page, 'Ya no es de nadie').getByRole('button', { name: 'Deshacer' }).click()
  expect(await updates(2)).toEqual(['sofia', { assigneeId: 'agent-ana' }])
})

describe('send and close', () => {
  test('Control Enter sends, closes once it is sent, and goes on; undone it is taken back and stands where it was written', async () => {
    const page = await thread(['lucia'])
    await page.locator('textarea').fill('Listo, nos vemos.')
    await page.locator('textarea').press('Control+Enter')
    await page.getByRole('heading', { name: 'Lucía Ferrari' }).waitFor()
    expect((await calls('send'))[0]?.slice(0, 2)).toEqual(['sofia', { text: 'Listo, nos vemos.' }])
    expect(await updates(1)).toEqual(['sofia', { status: 'closed' }])
    await done(page, 'Enviado y cerrada').getByRole('button', { name: 'Deshacer' }).click()
    await page.getByRole('heading', { name: 'Sofía Herrera' }).waitFor()
    await until(async () => (await page.locator('textarea').inputValue()) === 'Listo, nos vemos.')
    expect((await calls('http')).some(([, path]) => /^\/api\/messages\/.+\/cancel$/.test(String(path)))).toBe(true)
  })

  test('it is in the menu beside the text, too', async () => {
    const page = await thread(['lucia'])
    await page.locator('textarea').fill('Listo')
    await page.getByRole('button', { name: 'Programar' }).click()
    await page.getByRole('button', { name: /^Enviar y cerrar/ }).click()
    await page.getByRole('heading', { name: 'Lucía Ferrari' }).waitFor()
    expect(await updates(1)).toEqual(['sofia', { status: 'closed' }])
  })

  test('what could not be sent closes nothing', async () => {
    const page = await thread(['lucia'])
    await page.evaluate(() => void panel.client.refusals.set('send', 'unavailable'))
    await page.locator('textarea').fill('Listo')
    await page.locator('textarea').press('Control+Enter')
    await page.locator('.card').first().waitFor()
    expect(await calls('update')).toEqual([])
  })
})

test('an answer takes a conversation only where the setting is on', async () => {
  const page = await thread()
  await page.locator('textarea').fill('Sí')
  await page.locator('textarea').press('Enter')
  await until(async () => (await calls('send')).length === 1)
  await page.evaluate(() => panel.client.changeSettings({ assignOnAnswer: true }))
  await page.locator('textarea').fill('Claro')
  await page.locator('textarea').press('Enter')
  await until(async () => (await calls('send')).length === 2)
  expect((await calls('send')).map(([, , options]) => (options as { assign?: true }).assign)).toEqual([undefined, true])
})
