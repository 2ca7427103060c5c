// A morning: forty clients write, fifteen of them about none of their records, to two agents and one of a narrow scope, who
// work at their screens. At its end nobody waits who does not stand under "to answer" of somebody who may see it.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { everShown, foreignWords, leaks, listen, rememberShown } from './ever-learned.ts'
import { type AgentPage, type Person, recordButton, startWorld, type World } from './support.ts'

const CLIENTS = 40
const UNFILED = 15
const codeOf = (n: number) => `C${String(n).padStart(2, '0')}`
const client = (n: number): Person => ({ name: `Clienta ${codeOf(n)}`, phone: `+54911440${String(n).padStart(5, '0')}` })
const everyone = Array.from({ length: CLIENTS }, (_, n) => n)
/** Of the agent of narrow scope. Of the first two clients the other record is not. */
const narrow = ['ev-1', 'ev-2', 'ev-30']

let world: World
let ana: AgentPage
let beto: AgentPage
let caro: AgentPage
let told: () => Promise<string>
/** Whose last word got an answer, or needs none. */
const settled = new Set<number>()

beforeAll(async () => {
  world = await startWorld()
  for (const n of everyone) {
    await world.record(`ev-${n}`, `Fiesta de ${codeOf(n)}`, client(n))
    // Who has two open records and quotes nothing is unfiled.
    if (n < UNFILED) await world.record(`ev-${n}-b`, `Ensayo de ${codeOf(n)}`, client(n))
  }
  world.signIn('ana', { name: 'Ana Díaz' })
  world.signIn('beto', { name: 'Beto Paz' })
  world.signIn('caro', { name: 'Caro Luna', coordinations: narrow })
  const html = everyone.map((n) => recordButton(`ev-${n}`, client(n))).join('')
  const hers = narrow.map((id) => recordButton(id, client(Number(id.slice(3))))).join('')
  const others = `<hilo-badge coordination="ev-5"></hilo-badge><hilo-badge phone="${client(2).phone}"></hilo-badge>`
  ana = await world.open('ana', { html })
  beto = await world.open('beto', { html })
  caro = await world.open('caro', { html: hers + others, before: rememberShown, prepare: (page) => (told = listen(page)) })
  for (const n of everyone) await writes(n, `Hola, soy ${codeOf(n)}`)
  for (const agent of [ana, beto, caro]) await agent.launcher.click()
}, 120_000)
afterAll(() => world.close())

const writes = (n: number, text: string) => world.hilo.simulator.phone(client(n).phone).write(text)
const get = async <T>(path: string) => (await world.boss.call<T>('GET', path)).body
/** As the server has it: who waits, also in what is snoozed. */
async function waiting(): Promise<OwnConversation[]> {
  const of = async (status: string) =>
    (await get<{ items: OwnConversation[] }>(`/api/conversations?awaiting=true&status=${status}&limit=100`)).items
  return [...(await of('open')), ...(await of('snoozed')), ...(await of('closed'))]
}
const who = (items: readonly OwnConversation[]) => items.map(({ contact }) => contact.name).sort()
const names = (of: Iterable<number>) => [...of].map((n) => client(n).name).sort()
const waits = async (n: number) => (await waiting()).some(({ contact }) => contact.name === client(n).name)

const list = ({ panel }: AgentPage) => panel.getByRole('listbox')
const rowOf = ({ panel }: AgentPage, n: number) => panel.getByRole('option', { name: new RegExp(codeOf(n)) })
const button = (inside: Locator, name: string | RegExp) => inside.getByRole('button', { name, exact: typeof name === 'string' })
const at = ({ panel }: AgentPage, n: number) => panel.locator('h2', { hasText: codeOf(n) }).waitFor()
async function toList(agent: AgentPage, filter: RegExp): Promise<void> {
  const back = button(agent.panel, 'Volver')
  if (await back.isVisible()) await back.click()
  await agent.panel.getByRole('tab', { name: filter }).click()
}
/** From the host's own list. */
async function openRecord(agent: AgentPage, n: number): Promise<void> {
  await button(agent.page.locator('main'), `WhatsApp ev-${n}`).click()
  await at(agent, n)
}
async function says(agent: AgentPage, n: number, text: string): Promise<void> {
  await at(agent, n)
  await agent.text.fill(text)
  await agent.page.keyboard.press('Enter')
  await until(async () => !(await waits(n)), { what: `${codeOf(n)} to be answered` })
  settled.add(n)
}
async function choose(agent: AgentPage, action: RegExp): Promise<void> {
  await button(agent.panel, 'Más acciones').click()
  await agent.panel.getByRole('menuitem', { name: action }).click()
}
/** Every row of the list, which is longer than the window: as one reads it, from its top to its end. */
const drawn = ({ panel }: AgentPage) =>
  panel.locator('.body').evaluate(async (box) => {
    const names: string[] = []
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let top = 0; top < box.scrollHeight; top += box.clientHeight / 2) {
      box.scrollTo(0, top)
      for (let n = 0; n < 2; n++) await frame()
      for (const row of box.querySelectorAll('[role="option"]'))
        names[Number(row.getAttribute('aria-posinset')) - 1] = row.querySelector('.name')?.textContent ?? ''
    }
    box.scrollTo(0, 0)
    return names
  })
async function toAnswer(agent: AgentPage, expected: readonly string[]): Promise<void> {
  await toList(agent, /^Responder/)
  await expect.poll(async () => (await drawn(agent)).toSorted(), { timeout: 20_000 }).toEqual(expected)
}

test('at first all forty stand there for both agents, and for her of narrow scope the one of hers that is filed', async () => {
  await until(async () => (await waiting()).length === CLIENTS)
  for (const agent of [ana, beto]) await toAnswer(agent, names(everyone))
  await toAnswer(caro, names([30]))
})

test('they file, undo a filing, move, and put away', async () => {
  await ana.panel.locator('.tray', { hasText: `${UNFILED} conversaciones` }).click()
  await rowOf(ana, 1).waitFor()
  // She asks for what she may not see, and it is filed at her record; of the other one it is not.
  for (const [n, to] of [
    [1, 'Fiesta'],
    [2, 'Ensayo'],
  ] as const) {
    await openRecord(caro, n)
    await caro.panel.getByText(`Clienta escribió 1 mensaje`).waitFor()
    await button(caro.panel, 'Pedir que lo asocien').click()
    await caro.panel.getByText('Pedido: quien puede verlos lo va a leer.').waitFor()
    await rowOf(ana, n).click()
    await button(ana.panel, new RegExp(`${to} de ${codeOf(n)}`)).click()
    await ana.log.getByText('Ana movió').waitFor()
    await button(ana.panel, 'Volver').click()
  }
  await rowOf(ana, 3).click()
  await button(ana.panel, new RegExp(`Fiesta de ${codeOf(3)}`)).click()
  await button(ana.log, 'Deshacer').click()
  await until(async () => (await waiting()).find(({ contact }) => contact.name === client(3).name)?.coordinationId === null)
  // Brought to the record from the record.
  await openRecord(beto, 4)
  await button(beto.panel, 'Traerlo acá').click()
  await beto.log.getByText('Hola, soy C04').waitFor()

  await toList(ana, /^Responder/)
  await list(ana).focus()
  await ana.page.keyboard.press('Home')
  // Who waits longest stands on top.
  await rowOf(ana, 0).and(ana.panel.locator('.is-active')).waitFor()
  await ana.page.keyboard.press('e')
  await until(async () => !(await waits(0)))
  settled.add(0)
})

test('they answer, close, snooze and assign; an undo that comes after its time undoes nothing', async () => {
  await openRecord(caro, 30)
  await says(caro, 30, 'Sí, está todo listo')
  await openRecord(ana, 20)
  await says(ana, 20, 'A las nueve')
  // Closed by mistake and undone; closed and undone too late, as after a sleep of the computer.
  await openRecord(beto, 21)
  await choose(beto, /^Cerrar conversación/)
  const done = beto.panel.locator('.strip.done')
  await button(done.filter({ hasText: 'Cerrada' }), 'Deshacer').click()
  await at(beto, 21)
  await until(() => waits(21))
  await openRecord(beto, 22)
  await choose(beto, /^Cerrar conversación/)
  await done.filter({ hasText: 'Cerrada' }).waitFor()
  await beto.page.evaluate(() => {
    const kept = Date.now
    const later = kept() + 9_000
    Date.now = () => later
    ;(window as unknown as { setBack(): void }).setBack = () => (Date.now = kept)
  })
  await button(done, 'Deshacer').click()
  await done.filter({ hasText: 'Ya pasó el tiempo para deshacerlo.' }).waitFor()
  await beto.page.evaluate(() => (window as unknown as { setBack(): void }).setBack())
  settled.add(22)

  for (const n of [23, 24]) {
    await openRecord(beto, n)
    await choose(beto, /^Posponer/)
    await button(beto.panel, /^Mañana/).click()
    await done.filter({ hasText: 'Pospuesta hasta' }).waitFor()
  }
  await openRecord(ana, 24)
  await button(ana.panel.locator('.strip'), 'Traer de vuelta').click()
  await button(ana.panel.locator('.strip'), 'Traer de vuelta').waitFor({ state: 'detached' })
  await openRecord(beto, 25)
  await button(beto.panel, 'Asignar').click()
  await beto.panel.getByRole('menuitem', { name: 'Asignar a Ana Díaz' }).click()
  await done.filter({ hasText: 'Ahora es de Ana Díaz' }).waitFor()
})

test('a colleague answers first: what she was about to send is held, and a round passes over whom he answered', async () => {
  await openRecord(ana, 26)
  await ana.text.fill('Estaba por decirte')
  await openRecord(beto, 26)
  await says(beto, 26, 'Ya está resuelto')
  await ana.log.getByText('Ya está resuelto').waitFor()
  await ana.text.press('Enter')
  await button(ana.log, 'Descartar').click()
  await ana.log.getByText('Estaba por decirte').waitFor({ state: 'detached' })

  await toList(beto, /^Responder/)
  await list(beto).focus()
  await beto.page.keyboard.press('r')
  const round = beto.panel.locator('.strip.round')
  await round.waitFor()
  const order = (await waiting())
    .filter(({ status }) => status === 'open')
    .sort((a, b) => (a.awaitingReplySince ?? '').localeCompare(b.awaitingReplySince ?? ''))
    .map(({ contact }) => Number(contact.name.slice(-2)))
  const [first = 0, second = 0, third = 0, fourth = 0] = order
  await says(beto, first, `Va primero ${codeOf(first)}`)
  await at(beto, second)
  // As he stands at the second, Ana answers the third.
  const found = (await waiting()).find(({ contact }) => contact.name === client(third).name)
  await ana.page.evaluate((conversationId) => void window.Hilo.open({ conversationId }), found?.id ?? '')
  await says(ana, third, 'Le contesto yo')
  await says(beto, second, `Y ahora ${codeOf(second)}`)
  await at(beto, fourth)
  await round.getByText('Ana ya le respondió a Clienta').waitFor()
  await button(round, 'Terminar').click()
})

test('who writes again after an answer, a close or being put away waits again', async () => {
  for (const n of [0, 1, 20, 22, 30]) {
    await writes(n, `Otra cosa de ${codeOf(n)}`)
    await until(() => waits(n))
    settled.delete(n)
  }
})

test('at the end nobody waits who does not stand under “to answer” of somebody who may see it, or in what he snoozed', async () => {
  const left = everyone.filter((n) => !settled.has(n))
  const store = await waiting()
  expect(who(store)).toEqual(names(left))
  const snoozed = store.filter(({ status }) => status === 'snoozed')
  expect(who(snoozed)).toEqual(names([23]))
  const open = store.filter(({ status }) => status === 'open')
  for (const agent of [ana, beto]) await toAnswer(agent, who(open))
  const hers = open.filter(({ coordinationId }) => narrow.includes(coordinationId ?? ''))
  expect(who(hers)).toEqual(names([1, 30]))
  await toAnswer(caro, who(hers))
  // Longest wait on top.
  const since = (one: OwnConversation) => one.awaitingReplySince ?? ''
  const order = open.toSorted((a, b) => since(a).localeCompare(since(b))).map(({ contact }) => contact.name)
  await expect.poll(() => drawn(ana), { timeout: 20_000 }).toEqual(order)
  await button(ana.panel, 'Más').click()
  await ana.panel.getByRole('menuitem', { name: /^Pospuestas/ }).click()
  await rowOf(ana, 23).waitFor()
})

test('the agent of narrow scope never learned a text, time, name or id of what is not hers; no page complained', async () => {
  const learned = `${await told()}\n${await everShown(caro.page)}`
  expect(learned).toContain('Hola, soy C01')
  expect(learned).toContain('Otra cosa de C30')
  const all = [...(await get<{ items: OwnConversation[] }>('/api/conversations?automated=true&limit=100')).items, ...(await waiting())]
  const closed = (await get<{ items: OwnConversation[] }>('/api/conversations?automated=true&status=closed&limit=100')).items
  const conversations = [...new Map([...all, ...closed].map((one) => [one.id, one])).values()]
  expect(new Set(conversations.map(({ contact }) => contact.id)).size).toBe(CLIENTS)
  const isHers = (coordinationId: string | null) => narrow.includes(coordinationId ?? '')
  const messages: Message[] = []
  for (const { id } of conversations) messages.push(...(await world.hilo.messages(id)))
  const isOfHers = ({ contact }: OwnConversation) => [1, 2, 30].some((n) => contact.name === client(n).name)
  const clients: Contact[] = []
  for (const one of conversations) if (isOfHers(one)) clients.push(await get<Contact>(`/api/contacts/${one.contact.id}`))
  const foreign = foreignWords(conversations, messages, clients, isHers)
  for (const one of conversations)
    if (!isOfHers(one)) for (const word of [one.contact.id, one.contact.name, one.contact.phone ?? one.contact.id]) foreign.add(word)
  expect(foreign.size).toBeGreaterThan(200)
  expect(leaks(learned, [...foreign, 'Ensayo', 'ev-1-b', 'ev-2-b', 'Fiesta de C05'])).toEqual([])
  expect([ana, beto, caro].flatMap(({ complaints }) => complaints)).toEqual([])
})
