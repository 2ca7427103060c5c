// The panel in a real browser, alone with a client whose every state a test may set, under a strict host's policy.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { serveFixture } from './serve-fixture.ts'
import type {} from './fixtures/page.ts'

let browser: Browser
let fixture: Awaited<ReturnType<typeof serveFixture>>
let page: Page

beforeAll(async () => {
  fixture = await serveFixture()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fixture?.close()
})
afterEach(async () => {
  await page?.context().close()
})

interface Look {
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  more?: string
  /** A finger instead of a pointer. */
  touch?: boolean
}

async function show(state: string, { theme = 'light', width = 1280, height = 800, more = '', touch = false }: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(touch ? { hasTouch: true, isMobile: true } : {}),
    timezoneId: 'Europe/Madrid',
  })
  page = await context.newPage()
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(globalThis, { violations: seen })
    document.addEventListener(
      'securitypolicyviolation',
      (event) => void seen.push(`${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`),
    )
  })
  await page.goto(`${fixture.url}/?state=${state}&theme=${theme}${more}`)
  await page.locator('hilo-chat .panel').waitFor()
  return page
}

/** Under the filter that holds all of them; the focus is in the search. */
async function showAll(): Promise<Page> {
  await show('inbox')
  await page.getByRole('tab', { name: 'Todas' }).click()
  await page.keyboard.press('Control+k')
  return page
}

const calls = (name: string) =>
  page.evaluate((wanted) => panel.client.calls.filter(([first]) => first === wanted).map((call) => call.slice(1)), name)
/** The element with the focus inside of the shadow root: its class, or its label. */
const focused = () =>
  page.evaluate(() => {
    const inside = document.querySelector('hilo-chat')?.shadowRoot?.activeElement
    return inside ? `${inside.tagName.toLowerCase()}.${inside.className}` : (document.activeElement?.textContent ?? '')
  })
const rowNames = () => page.locator('.row .name').allTextContents()
const arrive = (text: string, seq: number) =>
  page.evaluate(
    ([said, at]) => {
      const { messages } = panel.client.fakeThread('sofia')
      const one = panel.message('sofia', { text: said as string, seq: at as number, createdAt: panel.at(0) })
      messages.value = [...messages.peek(), one]
    },
    [text, seq],
  )

/** The page's observers were told what is in sight now: one made later is told last. */
const observed = () =>
  page.evaluate(() => {
    return new Promise<void>((done) => {
      const last = new IntersectionObserver(() => {
        last.disconnect()
        done()
      })
      last.observe(document.body)
    })
  })

test('writes no style element that a policy would refuse', async () => {
  await show('ticks')
  const markup = await page.evaluate(
    () => [...(document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('style, link') ?? [])].length,
  )
  expect(markup).toBe(0)
})

test('opens a menu also when its chunk comes at that very moment', async () => {
  await show('thread')
  for (let turn = 0; turn < 6; turn++) {
    await page.goto(`${fixture.url}/?state=thread-menu&turn=${turn}`)
    await page.getByRole('menuitem', { name: 'Etiquetas' }).waitFor()
  }
})

describe('the inbox', () => {
  test('goes by keyboard from the search to a thread, an answer, back, and out', async () => {
    await showAll()
    await until(async () => (await focused()) === 'input.')
    const stops: string[] = []
    for (let n = 0; n < 7; n++) {
      await page.keyboard.press('Tab')
      stops.push(await focused())
    }
    // A new message, notices, dock, close.
    expect(stops).toEqual(['button.ib', 'button.ib', 'button.ib', 'button.ib close', 'button.tab', 'button.tray', 'div.list'])
    await page.keyboard.press('ArrowDown')
    expect(await page.locator('.row.is-active .name').textContent()).toBe('Martín Quiroga')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await until(async () => (await focused()).startsWith('textarea'))
    await page.keyboard.type('Sí, se puede')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('¿Cómo se llaman?')
    await page.keyboard.press('Enter')
    expect((await calls('send')).at(-1)?.slice(0, 2)).toEqual(['sofia', { text: 'Sí, se puede\n¿Cómo se llaman?' }])
    expect(await page.locator('textarea').inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await until(async () => (await focused()) === 'div.list')
    expect(await page.locator('.row.is-active .name').textContent()).toBe('Sofía Herrera')
    await page.keyboard.press('Escape')
    await until(async () => (await focused()) === 'WhatsApp')
    expect(await page.locator('hilo-chat .panel').count()).toBe(0)
  })

  test('holds its order while the pointer is on the list, and takes the new one when it leaves', async () => {
    await showAll()
    const before = await rowNames()
    await page.locator('.row').nth(1).hover()
    await page.evaluate(() => {
      const { all } = panel.client
      all.value = all.peek().map((one) => (one.id === 'delfina' ? { ...one, activityAt: panel.at(0), unread: 4, rev: 9 } : one))
    })
    await until(async () => (await page.locator('.row', { hasText: 'Delfina' }).locator('.count').count()) === 1)
    expect(await rowNames()).toEqual(before)
    await page.mouse.move(10, 10)
    await until(async () => (await rowNames())[0] === 'Delfina Aguirre')
  })

  test('holds it for three seconds at most', async () => {
    await showAll()
    await page.locator('.row').nth(1).hover()
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 1_000)
    await page.evaluate(() => {
      const { all } = panel.client
      all.value = all.peek().map((one) => (one.id === 'delfina' ? { ...one, activityAt: panel.at(0), rev: 9 } : one))
    })
    await page.clock.runFor(2_900)
    expect((await rowNames())[0]).not.toBe('Delfina Aguirre')
    await page.clock.runFor(300)
    await until(async () => (await rowNames())[0] === 'Delfina Aguirre')
  })

  test('of 10,000 conversations has fewer than 200 rows in the page, wherever one scrolls', async () => {
    await show('inbox-10000')
    for (let n = 0; n < 12; n++) {
      await page.locator('.body').evaluate((body) => body.scrollTo(0, body.scrollHeight))
      await page.waitForTimeout(20)
      expect(await page.locator('.row').count()).toBeLessThan(200)
    }
    await until(async () => (await page.locator('.row').last().getAttribute('aria-setsize')) !== '50')
    await page.locator('.list').focus()
    await page.keyboard.press('Home')
    await until(async () => (await rowNames())[0] === 'Clienta 0')
    await page.keyboard.press('End')
    await until(async () => Number(await page.locator('.row.is-active').getAttribute('aria-posinset')) > 500)
    expect(await page.locator('.row').count()).toBeLessThan(200)
  })

  test('uses the nodes of its rows again, which stand in order when it rests', async () => {
    await show('inbox-10000')
    const places = () => page.locator('.row').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-posinset'))))
    const scrollTo = (top: number) => page.locator('.body').evaluate((body, to) => body.scrollTo(0, to), top)
    const restsAt = (first: number) =>
      until(async () => (await places()).map((place, n) => place - n).join() === `${first},`.repeat(15).slice(0, -1))
    await scrollTo(500)
    await restsAt(4)
    const nodes = await page.evaluateHandle(() => [...(document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('.row') ?? [])])
    await scrollTo(1000)
    await restsAt(11)
    expect(await nodes.evaluate((kept) => kept.length > 10 && kept.every((node) => node.isConnected))).toBe(true)
    expect(await page.locator('.row').count()).toBe(await nodes.evaluate((kept) => kept.length))
  })

  test('brings the row that arrows reach wholly into sight', async () => {
    await show('inbox-10000')
    const isInSight = () =>
      page.locator('.row.is-active').evaluate((row) => {
        const [own, all] = [row.getBoundingClientRect(), row.closest('.body')?.getBoundingClientRect()]
        return all !== undefined && own.top >= all.top && own.bottom <= all.bottom
      })
    await page.locator('.list').focus()
    for (const key of ['ArrowDown', 'ArrowUp']) {
      for (let n = 0; n < 12; n++) {
        await page.keyboard.press(key)
        await until(isInSight)
      }
    }
  })

  test('searches everywhere, marks what it found, and says what to do when there is nothing', async () => {
    await showAll()
    await page.locator('input[type=search]').fill('herr')
    await until(async () => (await page.locator('.row mark').allTextContents()).join() === 'Herr,Herr')
    await until(async () => JSON.stringify((await calls('setFilter')).at(-1)) === '[{"q":"herr","automated":true}]')
    await page.locator('input[type=search]').fill('herreria moreno')
    await page.getByText('Nada con “herreria moreno”').waitFor()
    await page.getByRole('button', { name: 'Borrar búsqueda' }).last().click()
    await until(async () => (await rowNames()).length > 5)
  })

  test('finds messages too, and goes to their thread', async () => {
    await show('search')
    const hit = page.getByRole('button', { name: /la herramienta del portón/ })
    await hit.waitFor()
    expect(await hit.locator('mark').textContent()).toBe('herr')
    // Of the thread that no list has shown, the message alone does not say whose it is.
    const other = page.getByRole('button', { name: /herrería blanca/ })
    expect(await other.locator('b').textContent()).toBe('Andrea López')
    expect(await other.locator('.said').textContent()).toMatch(/^Beto: /)
    expect(await calls('http')).toEqual([
      ['GET', '/api/messages?q=herr&limit=10'],
      ['GET', '/api/coordinations?q=herr&limit=10'],
      ['GET', '/api/conversations/andrea'],
    ])
    expect(await hit.locator('.chip').textContent()).toBe('15 de Valentina · 19 dic')
    await hit.click()
    await page.getByRole('heading', { name: 'Martín Quiroga' }).waitFor()
    expect(await calls('openThread')).toEqual([['martin']])
  })

  test('says in a row that a colleague is replying there', async () => {
    await show('inbox')
    const row = page.locator('#row-martin .prev')
    expect(await row.textContent()).toBe('Beto está respondiendo…')
    await page.evaluate(() => {
      panel.client.replying.value = new Map()
    })
    await until(async () => (await row.textContent()) === '¿La torta la llevamos nosotros?')
  })

  test('says how many stand under each filter, in the bar and in its menu', async () => {
    await show('inbox')
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Responder4', 'Todas14', 'Mías5'])
    await page.getByRole('button', { name: 'Más' }).click()
    await page.getByRole('menuitem').first().waitFor()
    const texts = await page.getByRole('menuitem').allTextContents()
    expect(texts).toEqual([
      'Sin asignar2',
      'Sin coordinación3',
      'Con fallas1',
      'Automáticas',
      'Pospuestas2',
      'Cerradas',
      'Responder uno por unoR',
    ])
    await show('inbox-mine-empty')
    await page.getByText('Nadie espera tu respuesta. Hay 2 sin asignar.').waitFor()
  })

  test('filters by the menu, whose keys stay in it', async () => {
    await show('inbox')
    await page.getByRole('button', { name: 'Más' }).click()
    await until(async () => (await focused()) === 'button.option')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Escape')
    expect(await page.locator('.menu').count()).toBe(0)
    expect(await focused()).toBe('button.tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect((await calls('setFilter')).at(-1)).toEqual([{ failed: true, automated: true }])
    await until(async () => (await rowNames()).join() === 'Jorge Pedraza')
  })
})

describe('a thread', () => {
  test('keeps the view where it was when older messages come above', async () => {
    await show('older')
    const log = page.locator('.transcript')
    await log.evaluate((box) => {
      box.scrollTop = 260
    })
    const where = () => page.getByText('Mensaje número 7 de la clienta').evaluate((element) => element.getBoundingClientRect().top)
    await page.getByText('Mensaje número 7 de la clienta').waitFor()
    const before = await where()
    await page.evaluate(async () => {
      const box = document.querySelector('hilo-chat')?.shadowRoot?.querySelector('.transcript')
      box?.scrollTo(0, 199)
    })
    await page.getByText('Antiguo 160').waitFor({ state: 'attached' })
    await until(async () => Math.abs((await where()) - before - 61) <= 2)
    expect((await calls('loadOlder')).length).toBeGreaterThan(0)
  })

  test('is not moved and loses no focus when something arrives above its end, and says how many', async () => {
    await show('older')
    await page.locator('textarea').focus()
    await page.locator('.transcript').evaluate((box) => {
      box.scrollTop = 900
    })
    await page.locator('.jump').waitFor()
    await arrive('¿Estás?', 261)
    await page.getByRole('button', { name: '1 nuevo' }).waitFor()
    expect(await page.locator('.transcript').evaluate((box) => box.scrollTop)).toBe(900)
    expect(await focused()).toBe('textarea.')
    await until(async () => (await page.locator('[aria-live=polite]').first().textContent()) === 'Sofía Herrera: ¿Estás?')
    expect(await page.locator('.newline').textContent()).toBe('1 mensaje nuevo')
    await page.locator('.jump').click()
    await until(async () => (await page.locator('.jump').count()) === 0)
  })

  test('follows the end when it stands there', async () => {
    await show('older')
    for (let n = 0; n < 5; n++) await arrive(`Otra ${n}`, 261 + n)
    await page.getByText('Otra 4').waitFor()
    await until(() => page.locator('.transcript').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2))
  })

  test('stays at the end when a scroll is told before the size that changed', async () => {
    await show('older')
    const log = page.locator('.transcript')
    await log.evaluate((box) => {
      ;(box.firstElementChild as HTMLElement).style.paddingBottom = '120px'
      box.dispatchEvent(new Event('scroll'))
    })
    expect(await log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)).toBeLessThan(2)
    expect(await log.getAttribute('data-at-end')).toBe('true')
  })

  test('moves the read cursor for what was in sight, in a visible tab only', async () => {
    await show('thread')
    await until(async () => (await calls('seen')).some(([, seq]) => seq === 6))
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }))
    await arrive('¿Estás?', 7)
    await page.getByText('¿Estás?', { exact: true }).waitFor()
    await observed()
    expect((await calls('seen')).some(([, seq]) => seq === 7)).toBe(false)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await until(async () => (await calls('seen')).some(([, seq]) => seq === 7))
  })

  test('takes a message for read when its end is in sight, not its first pixel nor its middle', async () => {
    await show('older')
    const scroll = (how: 'begins' | 'fills the view' | 'ends') =>
      page.locator('.transcript').evaluate((box, to) => {
        const last = [...box.querySelectorAll<HTMLElement>('[data-seq]')].at(-1)
        if (!last) return
        const { top, bottom, height } = last.getBoundingClientRect()
        const view = box.getBoundingClientRect()
        if (height < view.height * 1.5) throw new Error('The message is too short for this test.')
        box.scrollTop += to === 'begins' ? top - view.bottom + 3 : to === 'ends' ? bottom - view.bottom : top - view.top + 40
      }, how)
    const isSeen = async () => (await calls('seen')).some(([, seq]) => seq === 261)
    await page.locator('.transcript').evaluate((box) => {
      box.scrollTop = 900
    })
    await page.locator('.jump').waitFor()
    await arrive('Una línea, y otra.\n'.repeat(60), 261)
    await page.getByRole('button', { name: '1 nuevo' }).waitFor()
    await page
      .locator('.m')
      .last()
      .getByRole('button', { name: 'Ver todo' })
      .evaluate((button) => (button as HTMLElement).click())
    await page.locator('.m').last().locator('.is-long').waitFor({ state: 'detached' })
    for (const how of ['begins', 'fills the view'] as const) {
      await scroll(how)
      await observed()
      expect(await isSeen(), how).toBe(false)
    }
    await scroll('ends')
    await until(isSeen)
  })

  test('shows what came as text: no markup but http links', async () => {
    await show('kinds')
    const links = await page
      .locator('.bubble > p a')
      .evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.getAttribute('rel')]))
    expect(links).toEqual([['https://example.com/salon?a=1&b=2', 'noopener noreferrer']])
    expect(await page.locator('.bubble > p b').count()).toBe(0)
    await page.getByText('<b>no es html</b> javascript:alert(1)').waitFor({ state: 'attached' })
  })

  test('says of what was recovered when it was written', async () => {
    await show('kinds')
    const times = await page.locator('.meta time').allTextContents()
    expect(times.filter((text) => /^Recuperado, escrito a las \d\d:\d\d$/.test(text))).toHaveLength(2)
  })

  test('is one tab stop, with arrows between messages and Tab into the buttons of one', async () => {
    await show('failures')
    // Its card is fetched.
    await page.getByRole('button', { name: 'Corregir número' }).nth(1).waitFor()
    await page.locator('.transcript').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.querySelector('hilo-chat')?.shadowRoot?.activeElement?.textContent)).toBe('Corregir número')
    await page.keyboard.press('Enter')
    await until(async () => (await focused()).startsWith('input.field'))
    await page.keyboard.type('+5491155550000')
    await page.keyboard.press('Enter')
    await until(async () => (await calls('renameContact')).length === 1)
    expect(await calls('renameContact')).toEqual([['contact-sofia', { phone: { channel: 'whatsapp', phone: '+5491155550000' } }]])
  })

  test('gives each failure its one action', async () => {
    await show('failures')
    await page.getByRole('button', { name: 'Pasar a SMS' }).click()
    await until(async () => (await calls('find')).length === 1)
    expect((await calls('find'))[0]?.[0]).toMatchObject({ coordinationId: 'ev-1042', channel: 'sms', phone: '+5491154823391' })
    await page.context().close()
    await show('wrong')
    await page.getByRole('button', { name: 'Reintentar' }).click()
    await until(async () => (await calls('retry')).length === 1)
    await page.getByRole('button', { name: 'Volver a editar' }).click()
    expect(await page.locator('textarea').inputValue()).toBe('La vajilla está incluida.')
    expect(await calls('discard')).toEqual([['unsent-La vajilla está incluida.']])
  })

  test('opens and closes, assigns and snoozes by its menus', async () => {
    await show('thread')
    await page.getByRole('button', { name: 'De Ana Díaz' }).click()
    await page.getByRole('menuitem', { name: 'Dejar sin asignar' }).click()
    await page.getByRole('button', { name: 'Más acciones' }).click()
    await page.getByRole('menuitem', { name: 'Posponer' }).click()
    await page.getByRole('dialog', { name: 'Posponer' }).getByRole('button', { name: 'Mañana' }).click()
    await until(async () => (await calls('update')).length === 2)
    expect(await calls('update')).toEqual([
      ['sofia', { assigneeId: null }],
      ['sofia', { status: 'snoozed', snoozedUntil: '2026-11-24T12:00:00.000Z' }],
    ])
  })
})

describe('the composer', () => {
  test('of a sender with a name instead of a number says that it takes no answers, and leaves the note', async () => {
    await show('no-answers')
    await page.getByText('MiBanco es un nombre, no un número: no recibe respuestas').waitFor()
    expect(await page.locator('textarea').count()).toBe(0)
    expect(await page.locator('.blocked').getByRole('button').allTextContents()).toEqual(['Nota interna'])
  })

  test('guards against an answer that landed after the draft began', async () => {
    await show('thread')
    await page.locator('textarea').pressSequentially('Sí')
    await arrive('¿Estás?', 7)
    await page.keyboard.press('Enter')
    expect((await calls('send'))[0]).toEqual(['sofia', { text: 'Sí' }, { ifNoAnswerSince: 6 }])
  })

  test('does not send a text that is still being composed, nor an empty one', async () => {
    await show('thread')
    const field = page.locator('textarea')
    await field.fill('にほ')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await field.fill('   ')
    await page.keyboard.press('Enter')
    expect(await calls('send')).toEqual([])
    expect(await page.getByRole('button', { name: 'Enviar' }).isDisabled()).toBe(true)
    for (const blank of ['\u200b', '\u2800', '\u3164 \ufeff']) {
      await field.fill(blank)
      await page.keyboard.press('Enter')
      expect(await page.getByRole('button', { name: 'Enviar' }).isDisabled(), JSON.stringify(blank)).toBe(true)
    }
    expect(await calls('send')).toEqual([])
    expect((await calls('setReplying')).filter(([on]) => on)).toHaveLength(1)
  })

  test('keeps the draft of a conversation when one goes away and comes back', async () => {
    await show('thread')
    await page.locator('textarea').fill('A medio escribir')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Todas' }).click()
    await page.locator('.row').nth(1).click()
    await until(async () => (await page.locator('textarea').inputValue()) === '')
    await page.keyboard.press('Escape')
    await page.locator('.row').first().click()
    await until(async () => (await page.locator('textarea').inputValue()) === 'A medio escribir')
  })

  test('turns into a note by Alt+N outside of the text, in another colour and with another button', async () => {
    await show('thread')
    await page.locator('textarea').fill('Para el cliente')
    await page.getByRole('log').focus()
    await page.keyboard.press('Alt+n')
    await page.locator('.box.note textarea').fill('Ya pidió descuento')
    await page.getByRole('button', { name: 'Guardar nota' }).click()
    expect((await calls('send'))[0]?.slice(0, 2)).toEqual(['sofia', { note: 'Ya pidió descuento' }])
    // It stays a note until it is switched.
    await page.keyboard.press('Escape')
    await until(async () => (await page.locator('textarea').inputValue()) === 'Para el cliente')
  })

  test('fills a template from what it knows, says what is missing, and sends it', async () => {
    await show('form')
    const send = page.getByRole('button', { name: 'Enviar plantilla' })
    expect(await page.locator('input[name=nombre]').inputValue()).toBe('Sofía')
    expect(await page.locator('input[name=fecha]').inputValue()).toBe('viernes 12 de marzo')
    expect(await send.isDisabled()).toBe(true)
    await page.locator('input[name=monto]').fill('')
    await page.locator('input[name=nombre]').focus()
    await page.getByText('Falta el monto').waitFor()
    await page.locator('input[name=monto]').fill('$ 480.000')
    await send.click()
    expect((await calls('send'))[0]?.[1]).toEqual({
      template: {
        name: 'avisar_vencimiento_de_cuota',
        language: 'es',
        variables: { nombre: 'Sofía', monto: '$ 480.000', fecha: 'viernes 12 de marzo' },
      },
    })
  })

  test('schedules in the time zone of the organization, not of the browser', async () => {
    await show('thread')
    await page.locator('textarea').fill('Mañana es la prueba')
    await page.getByRole('button', { name: 'Programar' }).click()
    await page.getByRole('button', { name: /^Mañana/ }).click()
    expect((await calls('send'))[0]).toEqual(['sofia', { text: 'Mañana es la prueba' }, { sendAt: '2026-11-24T12:00:00.000Z' }])
    await page.locator('.is-plan').getByText('Programado').waitFor()
  })

  test('counts SMS segments from 120 signs on', async () => {
    await show('sms')
    expect(await page.locator('.seg').textContent()).toBe('150 · 3 SMS')
    await page.locator('textarea').fill('x'.repeat(119))
    expect(await page.locator('.seg').count()).toBe(0)
    await page.locator('textarea').fill('x'.repeat(1601))
    expect(await page.getByRole('button', { name: 'Enviar' }).isDisabled()).toBe(true)
  })

  test('grows to eight lines and then scrolls', async () => {
    await show('thread')
    const height = () => page.locator('textarea').evaluate((field) => (field as HTMLElement).offsetHeight)
    const one = await height()
    await page.locator('textarea').fill(Array.from({ length: 8 }, () => 'x').join('\n'))
    const eight = await height()
    expect(eight - one).toBe(7 * 20)
    await page.locator('textarea').fill(Array.from({ length: 30 }, () => 'x').join('\n'))
    expect(await height()).toBe(eight)
  })
})

describe('on a phone', () => {
  test('covers the page, keeps the focus in and the page still, and gives it back', async () => {
    await show('thread', { width: 390, height: 844 })
    expect(await page.evaluate(() => document.querySelector('hilo-chat')?.shadowRoot?.querySelector('dialog')?.matches(':modal'))).toBe(
      true,
    )
    expect(await page.locator('.panel').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('hidden')
    const small = await page.locator('hilo-chat button:visible, hilo-chat a:visible').evaluateAll((all) =>
      all
        .map((one) => one.getBoundingClientRect())
        .filter((box) => box.width > 0 && (box.width < 24 || box.height < 24))
        .map((box) => `${box.width}x${box.height}`),
    )
    expect(small).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('.row').first().waitFor()
    await page.keyboard.press('Escape')
    await until(async () => (await page.locator('hilo-chat .panel').count()) === 0)
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('')
    expect(await focused()).toBe('WhatsApp')
  })

  test('asks for a template in an empty thread only where the window is closed', async () => {
    await show('start')
    const hint = page.getByText('primer mensaje va con una plantilla')
    await hint.waitFor()
    await page.evaluate(() => {
      const { all } = panel.client
      all.value = all.peek().map((one) => ({ ...one, window: { open: true, expiresAt: panel.at(-600) }, canReply: true }))
    })
    await page.locator('textarea').waitFor()
    expect(await hint.count()).toBe(0)
    await page.getByText('Empezá la conversación').waitFor()
  })

  test('covers no filter with another one at 320 pixels, in any language', async () => {
    for (const [state, locale] of ['inbox', 'inbox-unfiled-empty'].flatMap((one) => ['es', 'en', 'pt'].map((to) => [one, to] as const))) {
      await show(state, { width: 320, height: 640, more: `&locale=${locale}` })
      await page
        .locator(state === 'inbox' ? '.row' : '.tabs .is-on')
        .first()
        .waitFor()
      const boxes = await page.locator('.tabs .tab').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect))
      for (const [index, { left }] of boxes.entries()) expect(left, locale).toBeGreaterThanOrEqual(boxes[index - 1]?.right ?? 0)
      const words = await page.locator('.tabs .tab .cut').evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth))
      expect(words.slice(0, 2), `${locale}: the short ones stay whole`).toEqual([0, 0])
      await page.context().close()
    }
  })

  test('writes its fields so large that it does not zoom in, in the panel, in a thread in the page, and in what comes later', async () => {
    const small = () =>
      page
        .locator('hilo-chat :is(input, textarea, select)')
        .evaluateAll((all) => all.filter((one) => Number.parseFloat(getComputedStyle(one).fontSize) < 16).map((one) => one.outerHTML))
    for (const [state, more] of [
      ['inbox', ''],
      ['thread', ''],
      ['thread', '&inline=1'],
      ['form', ''],
      ['schedule', ''],
    ] as const) {
      await show(state, { touch: true, width: 1024, more })
      await page.locator('hilo-chat :is(input, textarea)').first().waitFor()
      expect(await small(), state).toEqual([])
      await page.context().close()
    }
    await show('thread')
    expect(await small()).not.toEqual([])
  })

  test('fits 320 pixels without scrolling sideways', async () => {
    for (const state of ['inbox', 'thread', 'failures', 'form', 'closed']) {
      await show(state, { width: 320, height: 640 })
      const wide = await page.evaluate(() => {
        const root = document.querySelector('hilo-chat')?.shadowRoot
        return [...(root?.querySelectorAll<HTMLElement>('.panel *') ?? [])]
          .filter((one) => one.getBoundingClientRect().right > 321 && !one.closest('.sr'))
          .map((one) => one.className)
      })
      expect(wide, state).toEqual([])
      await page.context().close()
    }
  })
})

test('Escape goes back and out also after the window became narrow and wide again', async () => {
  await show('thread')
  await until(async () => (await focused()) === 'textarea.')
  await page.setViewportSize({ width: 390, height: 780 })
  await page.locator('.panel.full').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').waitFor()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.locator('.panel:not(.full)').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.panel').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => panel.closed())).toBe(1)
})

test('quotes a message that one points at or stands on, and sends the answer with it', async () => {
  await show('thread')
  await until(async () => (await focused()) === 'textarea.')
  await page.locator('.bubble', { hasText: 'Genial, gracias' }).hover()
  await page.getByRole('button', { name: 'Responder' }).click()
  await page.getByRole('group', { name: 'Respuesta a Sofía' }).waitFor()
  await until(async () => (await focused()) === 'textarea.')
  // Escape takes the quote away before it leaves the thread.
  await page.keyboard.press('Escape')
  await page.getByRole('group', { name: 'Respuesta a Sofía' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('ArrowUp')
  await page.getByRole('button', { name: 'Responder' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Respuesta a Sofía' }).waitFor()
  await page.keyboard.type('Sí, sin problema')
  await page.keyboard.press('Enter')
  const [[, content, options] = []] = await calls('send')
  expect(content).toEqual({ text: 'Sí, sin problema' })
  const quoted = await page.evaluate(
    () =>
      panel.client
        .fakeThread('sofia')
        .messages.peek()
        .findLast((one) => one.direction === 'inbound')?.id,
  )
  expect(options).toMatchObject({ replyToId: quoted })
})

test('says what arrives to a screen reader one message at a time, by a region that was there before', async () => {
  await show('thread')
  const said = await page.evaluate(async () => {
    const region = document.querySelector('hilo-chat')?.shadowRoot?.querySelector('[aria-live="polite"]')
    const heard: string[] = []
    if (region?.textContent !== '') heard.push('said something before')
    new MutationObserver(() => heard.push(region?.textContent ?? '')).observe(region as Node, {
      childList: true,
      characterData: true,
      subtree: true,
    })
    const { messages } = panel.client.fakeThread('sofia')
    const last = messages.peek().findLast((one) => one.seq !== null)?.seq ?? 0
    const three = ['una', 'dos', 'tres'].map((text, n) => panel.message('sofia', { text, seq: last + 1 + n, createdAt: panel.at(0) }))
    messages.value = [...messages.peek(), ...three]
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 50))
    return heard
  })
  expect(said).toEqual(['Sofía Herrera: una', 'Sofía Herrera: dos', 'Sofía Herrera: tres'])
  expect(await page.locator('[role="log"]').getAttribute('aria-live')).toBe('off')
})

test('shows the pictures of a message large, one after the other, and goes back to the thread', async () => {
  await show('media')
  await page.getByRole('button', { name: 'Ver salon-4.jpg +2' }).click()
  const large = page.getByRole('dialog', { name: 'salon-4.jpg' })
  await large.waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('dialog', { name: 'salon-5.jpg' }).getByText('5 / 6').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.lightbox').waitFor({ state: 'detached' })
  // Escape left the picture alone, not the thread.
  await page.getByRole('log').waitFor()
  expect(await page.getByRole('link', { name: /^Descargar Contrato/ }).count()).toBe(1)
})

test('puts moved messages back, once', async () => {
  await show('kinds')
  await page.getByRole('button', { name: 'Deshacer' }).click()
  await page.getByRole('button', { name: 'Deshacer' }).waitFor({ state: 'detached' })
  expect(await calls('http')).toContainEqual(['POST', '/api/messages/move/undo', { undoId: 'undo-1' }])
})

test('gives a conversation to a colleague, files it under a record that was searched, and tags it', async () => {
  await show('file')
  await page.getByRole('button', { name: /Egresados Normal 4/ }).click()
  await page.getByRole('alert').getByText('«Egresados Normal 4» es de Lucía Ferrari; esto lo escribió Sofía Herrera.').waitFor()
  await page.evaluate(() => panel.client.replies.set('/api/messages/move', { moved: [{ conversationId: 'sofia' }], undoId: 'u' }))
  await page.getByRole('button', { name: 'Asociar igual' }).click()
  await page.getByRole('dialog', { name: 'Asociar' }).waitFor({ state: 'detached' })
  await page.evaluate(() =>
    panel.client.replies.set('/api/agents', { items: [{ id: 'agent-dora', name: 'Dora Luna', presence: 'offline' }] }),
  )
  await page.getByRole('button', { name: /^De Ana/ }).click()
  await page.getByRole('menuitem', { name: 'Asignar a Dora Luna' }).waitFor()
  await page.getByRole('menuitem', { name: 'Asignar a Beto Paz' }).click()
  await page.getByRole('button', { name: 'Más acciones' }).click()
  await page.getByRole('menuitem', { name: 'Etiquetas' }).click()
  await page.getByRole('textbox', { name: 'Etiqueta nueva' }).fill('  celíacos ')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Quitar celíacos' }).click()
  await page.getByRole('button', { name: 'Quitar celíacos' }).waitFor({ state: 'detached' })
  expect(await calls('update')).toEqual([
    ['sofia', { assigneeId: 'agent-beto' }],
    ['sofia', { tags: ['celíacos'] }],
    ['sofia', { tags: [] }],
  ])
})

test('says when a part could not be fetched, and fetches it then', async () => {
  await show('thread')
  await page.route('**/forms*.js*', (route) => route.abort())
  await page.getByRole('button', { name: 'Plantillas' }).click()
  await page.getByRole('alert').getByText('No se pudo abrir').waitFor()
  await page.unroute('**/forms*.js*')
  await page.getByRole('button', { name: 'Reintentar' }).click()
  await page.getByText('Retomar la charla').waitFor()
})

test('shows what another tab writes here, but not over what one is writing', async () => {
  await show('thread')
  const told = (text: string) => page.evaluate((written) => panel.client.drafted.get('sofia')?.(written), text)
  await until(async () => (await focused()) === 'textarea.')
  await page.keyboard.type('lo mío')
  await told('de otra pestaña')
  expect(await page.locator('textarea').inputValue()).toBe('lo mío')
  await page.getByRole('button', { name: 'Volver' }).focus()
  await told('de otra pestaña')
  await until(async () => (await page.locator('textarea').inputValue()) === 'de otra pestaña')
})

test('on a large screen it does not trap the focus, and the page stays usable', async () => {
  await show('inbox')
  expect(await page.evaluate(() => document.querySelector('hilo-chat')?.shadowRoot?.querySelector('dialog')?.matches(':modal'))).toBe(false)
  await page.getByRole('button', { name: 'WhatsApp' }).first().focus()
  expect(await focused()).toBe('WhatsApp')
})

test('changes its language and destroys itself at run time, leaving nothing', async () => {
  await show('inbox')
  await page.evaluate(() => panel.handle.setOptions({ locale: 'en', words: panel.appearance.en }))
  await page.getByRole('tab', { name: 'To answer' }).waitFor()
  await page.evaluate(() => panel.handle.destroy())
  expect(await page.locator('hilo-chat .panel').count()).toBe(0)
})

test('a thread in the page itself has no way out of it and no inbox', async () => {
  await show('thread', { more: '&inline=1' })
  expect(await page.locator('section.panel.inline').count()).toBe(1)
  expect(await page.getByRole('button', { name: 'Cerrar' }).count()).toBe(0)
  await page.locator('textarea').fill('Hola')
  await page.keyboard.press('Escape')
  expect(await page.locator('.transcript').count()).toBe(1)
})
