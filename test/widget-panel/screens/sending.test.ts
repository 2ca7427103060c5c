// Sending that cannot hurt, as an agent sees it: plans, undo, notes, and what is held before it goes.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const screens = useScreens()
let page: Page
const show = async (state: string) => {
  page = await screens.show(state)
  await page.locator('html[data-shown]').waitFor({ state: 'attached' })
}
const { calls } = screens
const button = (name: string) => page.getByRole('button', { name, exact: true })
const text = () => page.locator('textarea')
const refuse = (name: string, code: string) =>
  page.evaluate(([call, why]) => void panel.client.refusals.set(call as string, why as string), [name, code])

describe('a plan that is edited', () => {
  const time = '2026-11-28T00:30:00.000Z'

  test('keeps its time: Enter saves it for then, and sends nothing now', async () => {
    await show('plan-edit')
    await page.getByText('Estás editando lo que sale vie 27 nov, 21:30').waitFor()
    await until(async () => (await text().inputValue()) === 'Hola Sofía! Mañana es la prueba de menú, 19 h.')
    expect(await page.locator('.is-plan').count(), 'the old plan stays until it is saved').toBe(1)
    await text().fill('Hola Sofía! Mañana es la prueba, 20 h.')
    await text().press('Enter')
    await page.locator('.is-plan', { hasText: '20 h' }).waitFor()
    expect(await calls('change')).toMatchObject([[expect.any(String), { text: 'Hola Sofía! Mañana es la prueba, 20 h.', sendAt: time }]])
    expect([await calls('send'), await calls('cancel')]).toEqual([[], []])
    expect(await text().inputValue()).toBe('')
    await button('Grabar un mensaje de voz').waitFor()
  })

  test('goes at another time where one is chosen', async () => {
    await show('plan-edit')
    await button('Cambiar').click()
    await page.getByLabel('Día', { exact: true }).fill('2026-11-24')
    await page.getByLabel('Hora', { exact: true }).fill('09:15')
    await page.getByRole('dialog').getByRole('button', { name: 'Programar' }).click()
    await page.getByText('lo que sale mañana 09:15').waitFor()
    expect(await calls('change'), 'saved by its own button').toEqual([])
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 1)
    expect((await calls('change'))[0]?.[1]).toMatchObject({ sendAt: '2026-11-24T12:15:00.000Z' })
  })

  test('is left as it was by × and by Escape, with the draft that stood there before', async () => {
    await show('ticks')
    await text().fill('un borrador')
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await until(async () => (await text().inputValue()).startsWith('Hola Sofía'))
    await text().fill('otra cosa')
    await button('Dejar como estaba').click()
    await until(async () => (await text().inputValue()) === 'un borrador')
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await until(async () => (await text().inputValue()).startsWith('Hola Sofía'))
    await text().press('Escape')
    await until(async () => (await text().inputValue()) === 'un borrador')
    await until(() => page.evaluate(() => panel.client.drafts.value.get('sofia') === 'un borrador'), { what: 'the draft, kept' })
    expect([await calls('change'), await calls('send')]).toEqual([[], []])
  })

  test('says that it went meanwhile, keeps what was written, and Enter still sends nothing', async () => {
    await show('plan-edit')
    await text().fill('demasiado tarde')
    await refuse('change', 'conflict')
    await text().press('Enter')
    await page.getByText('Ya salió o se canceló').waitFor()
    await page.evaluate(() => {
      const { messages } = panel.client.fakeThread('sofia')
      messages.value = messages.peek().map((one) => (one.seq === null ? { ...one, seq: 9, status: 'sent', rev: 9 } : one))
    })
    await refuse('change', 'conflict')
    await text().press('Enter')
    await until(async () => (await calls('change')).length === 2)
    expect(await text().inputValue()).toBe('demasiado tarde')
    expect(await calls('send')).toEqual([])
  })
})

describe('undo send', () => {
  const undoing = async (state = 'thread') => {
    await show(state)
    await page.evaluate(() => void panel.client.changeSettings({ undoSend: true }))
  }
  const undo = () => page.locator('.m.out').last().getByRole('button', { name: 'Deshacer' })

  test('the last bubble carries it, and it brings back the text with what it quoted, before what was begun since', async () => {
    await undoing('reply')
    await text().fill('Sí, sin problema')
    await text().press('Enter')
    await undo().waitFor()
    expect((await calls('send'))[0]).toMatchObject(['sofia', { text: 'Sí, sin problema' }, { undoFor: 5, replyToId: expect.any(String) }])
    expect(await page.locator('.m.out').last().locator('.bubble').textContent()).toContain('Sí, sin problema')
    expect(await page.locator('.is-plan').count(), 'it is no plan').toBe(0)
    await text().fill('y otra cosa')
    await undo().click()
    await until(async () => (await text().inputValue()) === 'Sí, sin problema\ny otra cosa')
    await page.locator('.replyline').waitFor()
    expect(await calls('cancel')).toHaveLength(1)
  })

  test('a template comes back into its form', async () => {
    await undoing('form')
    await page.getByLabel('Monto').fill('$ 480.000')
    await button('Enviar plantilla').click()
    await undo().click()
    expect(await page.getByLabel('Monto').inputValue()).toBe('$ 480.000')
  })

  test('pressed too late it says so', async () => {
    await undoing()
    await text().fill('Hola')
    await text().press('Enter')
    await refuse('cancel', 'conflict')
    await undo().click()
    await page.getByText('Ya salió: no se puede deshacer.').waitFor()
    expect(await text().inputValue()).toBe('')
  })

  test('is not offered where the agent turned it off, nor for a note, nor for a colleague’s message', async () => {
    await show('thread')
    await text().fill('Hola')
    await text().press('Enter')
    await page.locator('.m.out', { hasText: 'Hola' }).waitFor()
    await page.evaluate(() => {
      void panel.client.changeSettings({ undoSend: true })
      const { messages } = panel.client.fakeThread('sofia')
      const held = {
        direction: 'outbound',
        author: panel.beto,
        status: 'scheduled',
        seq: null,
        createdAt: panel.at(0),
        dueAt: panel.at(-0.08),
      } as const
      messages.value = [...messages.peek(), panel.message('sofia', { text: 'de Beto', ...held })]
    })
    await page.locator('.m.out', { hasText: 'de Beto' }).waitFor()
    await button('Nota interna').click()
    await text().fill('solo el equipo')
    await button('Guardar nota').click()
    await page.locator('.notecard', { hasText: 'solo el equipo' }).waitFor()
    expect((await calls('send')).map((call) => call[2] ?? {})).toEqual([expect.not.objectContaining({ undoFor: 5 }), {}])
    expect(await page.getByRole('button', { name: 'Deshacer' }).count()).toBe(0)
  })
})

test('after a note the composer stays in note mode until it is switched, or another thread opens', async () => {
  await show('note')
  await text().press('Enter')
  await page.locator('.notecard', { hasText: 'Ojo, ya pidió' }).waitFor()
  await text().fill('Y otra')
  await text().press('Enter')
  await page.locator('.notecard', { hasText: 'Y otra' }).waitFor()
  expect((await calls('send')).map(([, content]) => content)).toEqual([{ note: 'Ojo, ya pidió descuento dos veces.' }, { note: 'Y otra' }])
  await page.evaluate(() => 'open' in panel.handle && panel.handle.open({ conversationId: 'martin' }))
  await page.getByRole('textbox', { name: 'Escribí un mensaje' }).waitFor()
})

describe('what cannot go', () => {
  const menu = () => page.getByRole('dialog', { name: 'Programar' })
  const steps = (message: string) => page.locator('.m.out', { hasText: message }).locator('.planb-steps li')

  test('past the window a time asks what goes in its place: a template with its values, and SMS after it', async () => {
    await show('schedule-closed')
    const times = menu().locator('.option')
    // The menu is fetched.
    await times.first().waitFor()
    expect(await times.allTextContents()).toEqual([
      expect.stringMatching(/15:00$/),
      expect.stringMatching(/09:00 · con plan B$/),
      expect.stringMatching(/21:00 · con plan B$/),
      'Plan B, por si se cierra la ventana',
      expect.stringMatching(/^Enviar y cerrar/),
    ])
    await times.nth(1).click()
    await menu().getByText('Sale mañana 09:00').waitFor()
    await menu().getByText('va a estar cerrada, salvo que Sofía escriba antes').waitFor()
    expect(await menu().getByRole('button', { name: 'Programar' }).isDisabled(), 'nothing is chosen yet').toBe(true)
    await menu().getByLabel('Plantilla', { exact: true }).selectOption('recordar_la_prueba_de_menu')
    expect(await menu().getByLabel('Nombre').inputValue(), 'what is known is filled in').toBe('Sofía')
    await menu().getByLabel('Fecha').fill('')
    await menu().getByLabel('Hora').fill('19')
    expect(await menu().getByRole('button', { name: 'Programar' }).isDisabled(), 'a value is missing').toBe(true)
    await menu().getByLabel('Fecha').fill('martes 24')
    await menu().getByText('Hola Sofía, te esperamos el martes 24 a las 19.').waitFor()
    await menu().getByLabel('Si tampoco se puede, SMS con el mismo texto').check()
    await menu().getByRole('button', { name: 'Programar' }).click()
    const template = { name: 'recordar_la_prueba_de_menu', variables: { nombre: 'Sofía', fecha: 'martes 24', hora: '19' } }
    await steps('Te paso el menú a las 19.').first().waitFor()
    expect(await calls('send')).toMatchObject([
      ['sofia', { text: 'Te paso el menú a las 19.' }, { sendAt: '2026-11-24T12:00:00.000Z', planB: { template, sms: true } }],
    ])
    expect(await steps('Te paso el menú a las 19.').allTextContents()).toEqual([
      'El texto, si la ventana está abierta',
      'Si no, la plantilla “Recordar la prueba de menu” · por ahora, esto',
      'Si no, un SMS con el texto',
    ])
    expect(await text().inputValue()).toBe('')
  })

  test('its marked step follows what is known: the window, the templates, the client’s opt-out', async () => {
    await show('plan-b-steps')
    const marked = page.locator('.is-plan .planb-steps [aria-current="step"]')
    const step = async (words: string) => until(async () => (await marked.allTextContents()).join().startsWith(words))
    await step('Si no, la plantilla')
    await page.evaluate(() => {
      const { client } = panel
      const before = client.templates.peek()
      client.templates.value = before.map((one) => ({ ...one, approved: false }))
    })
    await step('Si no, un SMS')
    await page.evaluate(() => {
      const { all } = panel.client
      const window = { open: true, expiresAt: '2026-12-24T12:00:00.000Z' }
      all.value = all.peek().map((one) => (one.id === 'sofia' ? { ...one, window, rev: one.rev + 1 } : one))
    })
    await step('El texto')
    await page.evaluate(() => {
      const { all } = panel.client
      all.value = all.peek().map((one) => (one.id === 'sofia' ? { ...one, optedOut: true, rev: one.rev + 1 } : one))
    })
    await step('Si no, un SMS')
  })

  test('of who opted out, the card offers to ask for START by the other channel', async () => {
    await show('opted-out-failure')
    const card = page.locator('.card.failed', { hasText: 'para volver tiene que enviar START' })
    await card.getByRole('button', { name: 'Pedirle START por SMS' }).click()
    await until(async () => (await text().inputValue()).startsWith('Para volver a recibir nuestros mensajes por WhatsApp'))
  })

  test('a thread says that its client opted out, what the word may have meant, and the ways that remain', async () => {
    await show('opted-out')
    await page
      .locator('.event', { hasText: 'Natalia pidió no recibir más mensajes. Quizá quiso cancelar algo de su coordinación' })
      .waitFor()
    const blocked = page.locator('.blocked')
    await blocked.getByText('Para volver tiene que enviar START').waitFor()
    await blocked.getByRole('button', { name: 'Nota' }).waitFor()
    await until(async () => (await page.locator('textarea').count()) === 0)
  })

  test('a plan that went says which step was taken and why, and leads to the SMS', async () => {
    await show('plan-b-steps')
    const under = (message: string) => page.locator('.m.out', { hasText: message }).locator('.planb-taken')
    await under('Salió como estaba.').getByText('Salió el texto: la ventana estaba abierta.').waitFor()
    await under('¿Venís?')
      .getByText('Salió la plantilla porque la ventana estaba cerrada. En lugar de: “Te paso el menú a las 19.”')
      .waitFor()
    const bySms = under('Te paso el menú a las 20.')
    await bySms.getByText('la ventana estaba cerrada y la plantilla ya no se podía enviar').waitFor()
    await bySms.getByRole('button', { name: 'Ver el SMS' }).click()
    await page.locator('.thead', { hasText: 'Martín' }).waitFor()
  })

  test('within the window plan B is there for who asks for it, and a plan that is changed keeps its own', async () => {
    await show('schedule')
    const times = menu().locator('.option')
    await menu().getByRole('button', { name: 'Plan B, por si se cierra' }).click()
    await times.filter({ hasText: 'con plan B' }).first().click()
    await menu().getByLabel('SMS con el mismo texto').check()
    await menu().getByRole('button', { name: 'Programar' }).click()
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 1)
    expect((await calls('change'))[0]?.[1]).toMatchObject({ planB: { sms: true } })
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await button('Cambiar').click()
    await times.filter({ hasText: 'con plan B' }).first().click()
    expect(await menu().getByLabel('SMS con el mismo texto').isChecked()).toBe(true)
    await menu().getByRole('button', { name: 'Volver' }).click()
    await menu().getByRole('button', { name: 'Plan B, por si se cierra' }).click()
    await times.nth(1).click()
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 2)
    expect((await calls('change'))[1]?.[1]).toMatchObject({ planB: null })
  })

  test('the whole of it goes as a template alone, too: the form schedules it, and the text stays a draft', async () => {
    await show('schedule-closed')
    await menu().locator('.option').nth(1).click()
    await menu().getByRole('button', { name: 'Solo plantilla' }).click()
    await page.locator('.tplopt', { hasText: 'Recordar la prueba' }).click()
    await page.getByText('Sale: mañana 09:00').waitFor()
    await page.getByLabel('Fecha').fill('martes 24')
    await page.getByLabel('Hora', { exact: true }).fill('19')
    await button('Programar').click()
    await page.locator('.is-plan').waitFor()
    expect(await calls('send')).toMatchObject([
      ['sofia', { template: { name: 'recordar_la_prueba_de_menu' } }, { sendAt: '2026-11-24T12:00:00.000Z' }],
    ])
    expect(await text().inputValue()).toBe('Te paso el menú a las 19.')
  })

  test('a day of one’s own past the window, too; before it the text goes as it is', async () => {
    await show('schedule-closed')
    await page.getByLabel('Día', { exact: true }).fill('2026-11-25')
    await menu().getByText('la ventana ya va a estar cerrada').waitFor()
    await menu().getByRole('button', { name: 'Elegir plan B' }).waitFor()
    await page.getByLabel('Día', { exact: true }).fill('2026-11-23')
    await page.getByLabel('Hora', { exact: true }).fill('18:00')
    await page.getByLabel('Hora', { exact: true }).press('Enter')
    await page.locator('.is-plan').waitFor()
    expect(await calls('send')).toMatchObject([['sofia', { text: 'Te paso el menú a las 19.' }, { sendAt: '2026-11-23T21:00:00.000Z' }]])
  })

  test('any template is scheduled from its form, sent now after all, or changed while it is planned', async () => {
    await show('template-later')
    await page.getByLabel('Fecha').fill('martes 24')
    await page.getByLabel('Hora', { exact: true }).fill('19')
    await button('Enviar ahora').click()
    await button('Enviar plantilla').waitFor()
    await button('Programar').click()
    await page.getByRole('dialog', { name: 'Programar' }).locator('.option').nth(2).click()
    await page.getByText('Sale: jue 11 mar, 21:00').waitFor()
    await button('Programar').click()
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await page.getByLabel('Fecha').fill('jueves 11')
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 1)
    const template = { variables: { fecha: 'jueves 11' } }
    expect((await calls('change'))[0]?.[1]).toMatchObject({ template, sendAt: '2027-03-12T00:00:00.000Z' })
    expect(await calls('send')).toHaveLength(1)
  })

  test('the text of a plan that is put off past the window becomes a template, in one step', async () => {
    await show('plan-edit')
    await button('Cambiar').click()
    await menu().locator('.option').nth(2).click()
    await button('Solo plantilla').click()
    await page.locator('.tplopt', { hasText: 'Retomar' }).click()
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 1)
    expect((await calls('change'))[0]?.[1]).toMatchObject({ template: { name: 'retomar_la_charla' }, sendAt: '2027-03-12T00:00:00.000Z' })
    expect([await calls('send'), await calls('cancel')]).toEqual([[], []])
    await page.getByRole('textbox', { name: 'Escribí un mensaje' }).waitFor()
  })
})

describe('what the record says otherwise', () => {
  const saldo = (text: string) => async () => {
    await show('thread')
    await page.evaluate(() => void panel.client.replies.set('/api/coordinations/ev-1042', { data: { saldo: 960000 } }))
    await typed(text)
  }
  const asked = async () => (await calls('http')).filter(([, path]) => path === '/api/coordinations/ev-1042').length
  /** Typed, until the record was asked for it. */
  const typed = async (said: string) => {
    const before = await asked()
    await text().fill(said)
    await until(async () => (await asked()) > before)
    // The answer is there a moment after it was asked for.
    await page.evaluate(() => new Promise((done) => setTimeout(done)))
  }
  const held = () => page.getByRole('alert').filter({ hasText: 'Según “Casamiento Herrera–Paz”: $ 960.000' })

  test('holds the send, puts the right amount in, and then lets it go', async () => {
    await saldo('Te queda un saldo de $ 980.000')()
    await text().press('Enter')
    await held().waitFor()
    await text().press('Enter')
    expect(await calls('send'), 'Enter again sends it no more than before').toEqual([])
    await button('Corregir').click()
    expect(await text().inputValue()).toBe('Te queda un saldo de $ 960.000')
    await held().waitFor({ state: 'detached' })
    await text().press('Enter')
    expect((await calls('send')).map(([, content]) => content)).toEqual([{ text: 'Te queda un saldo de $ 960.000' }])
  })

  test('goes anyway where the agent says so, also at a later time; typing lets go of it', async () => {
    await saldo('Te queda un saldo de $ 980.000')()
    await button('Programar').click()
    await page.getByRole('dialog', { name: 'Programar' }).locator('.option').first().click()
    await held().waitFor()
    await button('Enviar igual').click()
    expect(await calls('send')).toMatchObject([
      ['sofia', { text: 'Te queda un saldo de $ 980.000' }, { sendAt: '2026-11-23T18:00:00.000Z' }],
    ])
    await typed('Saldo: $ 980.000')
    await text().press('Enter')
    await held().waitFor()
    await text().fill('Saldo: lo veo')
    await held().waitFor({ state: 'detached' })
  })

  test('holds neither a note nor anything where the setting is off', async () => {
    await saldo('Saldo: $ 980.000')()
    await page.evaluate(() => panel.client.changeSettings({ checkText: false }))
    await text().press('Enter')
    await until(async () => (await calls('send')).length === 1)
    await page.evaluate(() => panel.client.changeSettings({ checkText: true }))
    await button('Nota interna').click()
    await text().fill('Saldo: $ 980.000')
    await text().press('Enter')
    await until(async () => (await calls('send')).length === 2)
  })
})

describe('cards', () => {
  test('of a client who wrote minutes ago and cannot receive say so, and offer to try again', async () => {
    await show('odd-failure')
    await page.getByText('pero Sofía escribió hace 12 min').waitFor()
    const card = page.getByRole('group', { name: 'No se entregó.' })
    expect(await card.getByRole('button').allTextContents()).toEqual(['Reintentar', ''])
    await card.getByRole('button', { name: 'Reintentar' }).click()
    expect(await calls('retry')).toHaveLength(1)
  })

  test('are put away, each by itself, and stay so', async () => {
    await show('failures')
    const cards = page.locator('.card.failed')
    await until(async () => (await cards.count()) === 4)
    for (let left = 4; left > 0; left--) {
      await cards.first().getByRole('button', { name: 'Quitar este aviso' }).click()
      await until(async () => (await cards.count()) === left - 1)
    }
    expect(await page.locator('.is-failed').count(), 'what failed is still marked').toBe(4)
  })

  test('and the list say nothing that the strip denies', async () => {
    await show('inbox-error')
    await page.getByText('No pudimos cargar los mensajes').waitFor()
    await page.evaluate(() => {
      panel.client.link.value = 'refused'
    })
    await page.getByText('El servidor no aceptó la conexión').waitFor()
    expect(await page.getByText('El servidor no contesta').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Reintentar' }).count()).toBe(1)
    await page.evaluate(() => {
      panel.client.inboxState.value = 'ready'
      panel.client.all.value = []
    })
    expect(await page.getByText('Todavía no hay mensajes').count()).toBe(0)
    await page.evaluate(() => {
      panel.client.link.value = 'online'
    })
    await page.getByText('Todavía no hay mensajes').waitFor()
  })
})
