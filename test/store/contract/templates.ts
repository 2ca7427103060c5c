// Templates: saved by a rule, found by name, by Twilio's content and by words, in pages; and other processes hear that some changed.
import { expect } from 'vitest'
import { keepCategory } from '../../../server/rules/message.ts'
import { templatesKey } from '../../../server/store/news-keys.ts'
import type { Page, TemplateFilter, TemplateInput, TemplateRecord, TemplateRule } from '../../../server/store/records.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const sid = (n: number) => `HX${String(n).padStart(32, '0')}`
const made = (over: Partial<TemplateInput> = {}): TemplateInput => ({
  ...{ name: 'saludo', language: 'es', body: 'Hola {{nombre}}, ¿seguimos?', type: 'text', buttons: 0, defaults: { nombre: 'vecino' } },
  ...{ whatsapp: { contentSid: sid(1), variables: ['nombre'] }, source: 'own', status: 'approved', category: 'UTILITY' },
  ...{ quality: null, rejection: null, gone: false },
  ...over,
})
const save = (w: World, over: Partial<TemplateInput> = {}) => {
  const input = made(over)
  return w.store.changeTemplate(w.orgId, input, () => input, w.now())
}
async function names(w: World, filter: TemplateFilter = {}, limit = 100): Promise<string[]> {
  const all: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Page<TemplateRecord> = await w.store.templates(w.orgId, filter, { cursor, limit })
    all.push(...page.items.map(({ name, language }) => `${name} ${language}`))
    cursor = page.nextCursor
    if (cursor === null) return all
  }
}

export const templateCases = cases('templates', {
  async 'what is saved is found by its name in all its languages, and by its content, in its organization alone'(w) {
    const now = w.now()
    expect(await w.store.templatesNamed(w.orgId, 'saludo')).toEqual([])
    const first = await w.store.changeTemplate(w.orgId, made(), () => made(), now)
    expect(first).toEqual({ created: true, changed: true, template: { ...made(), rev: 1, updatedAt: now } })
    await save(w, { language: 'en', whatsapp: null })
    await save(w, { name: 'saludos', whatsapp: { contentSid: sid(2), variables: [] } })
    const found = await w.store.templatesNamed(w.orgId, 'saludo')
    expect(found.map(({ language, whatsapp }) => [language, whatsapp?.contentSid])).toEqual([
      ['en', undefined],
      ['es', sid(1)],
    ])
    expect((await w.store.templatesOfContents(w.orgId, [sid(2), sid(1), sid(3)])).map((one) => one.name)).toEqual(['saludo', 'saludos'])
    const { store, orgId } = w.neighbour()
    expect(await store.templatesNamed(orgId, 'saludo')).toEqual([])
    expect(await store.templatesOfContents(orgId, [sid(1)])).toEqual([])
    expect((await store.templates(orgId, {}, { cursor: null, limit: 10 })).items).toEqual([])
    expect(await store.deleteTemplates(orgId, 'saludo', null)).toBe(0)
  },

  async 'the rule sees it as it is; its null and what is the same change nothing'(w) {
    const { template: kept } = await save(w)
    const seen: unknown[] = []
    const look: TemplateRule = (before) => {
      seen.push(before)
      return null
    }
    const none = await w.store.changeTemplate(w.orgId, made(), look, w.now())
    const same = await w.store.changeTemplate(w.orgId, made(), (before) => before, w.now())
    expect(seen).toEqual([kept])
    for (const one of [none, same]) expect(one).toEqual({ created: false, changed: false, template: kept })
    expect(await w.store.changeTemplate(w.orgId, made({ name: 'otro' }), () => null, w.now())).toMatchObject({
      changed: false,
      template: null,
    })
    const paused = await w.store.changeTemplate(w.orgId, made(), (before) => before && { ...before, status: 'paused' }, w.now())
    expect(paused).toMatchObject({ created: false, changed: true, template: { status: 'paused', rev: 2 } })
    expect(await w.store.templatesNamed(w.orgId, 'saludo')).toEqual([paused.template])
    expect(await w.store.templatesOfContents(w.orgId, [sid(1)])).toEqual([paused.template])
  },

  async 'changes that come together lose nothing'(w) {
    await save(w, { buttons: 0 })
    const raise = () => w.store.changeTemplate(w.orgId, made(), (before) => before && { ...before, buttons: before.buttons + 1 }, w.now())
    await Promise.all(Array.from({ length: 12 }, raise))
    expect(await w.store.templatesNamed(w.orgId, 'saludo')).toMatchObject([{ buttons: 12, rev: 13 }])
    const together = await Promise.all(Array.from({ length: 8 }, () => save(w, { name: 'nuevo' })))
    expect(together.filter((one) => one.created)).toHaveLength(1)
  },

  async 'they are listed by name and language, page by page, each once'(w) {
    for (const [name, language] of [
      ['b', 'es'],
      ['a', 'pt_BR'],
      ['c', 'en'],
      ['a', 'es_AR'],
      ['a', 'en'],
    ] as const)
      await save(w, { name, language, whatsapp: null })
    const all = ['a en', 'a es_AR', 'a pt_BR', 'b es', 'c en']
    for (const limit of [1, 2, 3, 5, 100]) expect(await names(w, {}, limit), String(limit)).toEqual(all)
  },

  async 'they are found by words of their name and text, by a language of whatever country, and by what may go at any time'(w) {
    await save(w, { name: 'aviso_de_cuota', body: 'Vence mañana {{monto}}', whatsapp: null })
    await save(w, { name: 'turno', language: 'es_AR', whatsapp: { contentSid: sid(4), variables: [] } })
    await save(w, { name: 'turno', language: 'pt_BR', status: 'pending' })
    expect(await names(w, { q: 'MANANA' })).toEqual(['aviso_de_cuota es'])
    expect(await names(w, { q: 'cuota' })).toEqual(['aviso_de_cuota es'])
    expect(await names(w, { q: 'nada así' })).toEqual([])
    expect(await names(w, { language: 'es' })).toEqual(['aviso_de_cuota es', 'turno es_AR'])
    expect(await names(w, { approved: true })).toEqual(['turno es_AR'])
    await w.store.changeTemplate(w.orgId, { name: 'turno', language: 'es_AR' }, (before) => before && { ...before, gone: true }, w.now())
    expect(await names(w, { approved: true })).toEqual([])
  },

  async 'what is deleted is gone, in one language or in all'(w) {
    for (const language of ['en', 'es', 'pt']) await save(w, { language })
    expect(await w.store.deleteTemplates(w.orgId, 'saludo', 'es')).toBe(1)
    expect(await names(w)).toEqual(['saludo en', 'saludo pt'])
    expect(await w.store.deleteTemplates(w.orgId, 'saludo', null)).toBe(2)
    expect(await w.store.deleteTemplates(w.orgId, 'saludo', null)).toBe(0)
    expect(await names(w)).toEqual([])
    expect(await save(w)).toMatchObject({ created: true, template: { rev: 1 } })
  },

  async 'a message on its way keeps what its template counts as now, and loses nothing else'(w) {
    const { conversation } = await w.receive()
    const template = { name: 'saludo', language: 'es', variables: { nombre: 'Ana' }, category: 'UTILITY' }
    const { message } = await w.enter(conversation, { type: 'template', template })
    const head = await w.claim(conversation)
    if (head.state !== 'claimed') throw new Error(head.state)
    for (const category of ['MARKETING', null]) {
      await w.store.changeMessage(w.orgId, message.id, keepCategory(head.claim, category))
      const { category: _, ...rest } = template
      expect((await w.store.message(w.all, message.id))?.template).toEqual({ ...rest, ...(category === null ? {} : { category }) })
    }
  },

  async 'another process hears that some changed, once, and of nothing where none did'(w) {
    let known = 0
    const isNews = (key: string, rev: number) => key === templatesKey(w.orgId) && rev > known
    let { cursor } = await w.store.changesSince(w.orgId, null, isNews)
    const hear = async () => {
      const feed = await w.store.changesSince(w.orgId, cursor, isNews)
      cursor = feed.cursor
      known = feed.templates ?? known
      return feed.templates !== null
    }
    expect(await hear()).toBe(false)
    await save(w)
    expect(await hear()).toBe(true)
    expect(await hear()).toBe(false)
    await w.store.changeTemplate(w.orgId, made(), () => null, w.now())
    await save(w)
    expect(await hear(), 'nothing changed').toBe(false)
    await w.store.deleteTemplates(w.orgId, 'saludo', null)
    expect(await hear(), 'deleted').toBe(true)
    expect((await w.neighbour().store.changesSince(w.neighbour().orgId, cursor, () => true)).templates).toBeNull()
  },
})
