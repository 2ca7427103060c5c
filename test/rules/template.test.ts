// The rules of templates, each as a table.
import { describe, expect, test } from 'vitest'
import { valueFault, type ValueFault } from '../../shared/template-values.ts'
import {
  chooseLanguage,
  contentOf,
  fillValues,
  isSameTemplate,
  joinListed,
  neededNames,
  type Sendable,
  sendable,
  takeEvent,
  tidyValues,
  whyNot,
} from '../../server/rules/template.ts'
import type { TemplateInput, TemplateRecord } from '../../server/store/records.ts'

const SID = 'HX00000000000000000000000000000001'
const kept = (over: Partial<TemplateRecord> = {}): TemplateRecord => ({
  ...{ name: 'saludo', language: 'es', body: 'Hola {{1}}.', type: 'text', buttons: 0, defaults: {} },
  ...{ whatsapp: { contentSid: SID, variables: ['1'] }, source: 'twilio', status: 'approved', category: 'UTILITY' },
  ...{ quality: null, rejection: null, gone: false, rev: 1, updatedAt: 0 },
  ...over,
})

describe('which may be sent by WhatsApp', () => {
  const cases: [what: string, over: Partial<TemplateInput>, may: Sendable][] = [
    ['approved', {}, 'always'],
    ['approved, with ten buttons', { type: 'quick-reply', buttons: 10 }, 'always'],
    ['an approved carousel', { type: 'carousel' }, 'always'],
    ['never submitted', { status: 'unsubmitted' }, 'window'],
    ['received', { status: 'received' }, 'window'],
    ['in review, with a picture', { status: 'pending', type: 'media' }, 'window'],
    ['in review, with three buttons', { status: 'pending', type: 'quick-reply', buttons: 3 }, 'window'],
    ['in review, with four buttons', { status: 'pending', type: 'quick-reply', buttons: 4 }, 'needs_approval'],
    ['a carousel in review', { status: 'pending', type: 'carousel' }, 'needs_approval'],
    ['a form in review', { status: 'unsubmitted', type: 'flows' }, 'needs_approval'],
    ['a code in review', { status: 'unsubmitted', type: 'authentication' }, 'needs_approval'],
    ['a card in review', { status: 'unsubmitted', type: 'card' }, 'needs_approval'],
    ['links in review', { status: 'pending', type: 'call-to-action' }, 'needs_approval'],
    ['a list to pick from', { status: 'unsubmitted', type: 'list-picker' }, 'window'],
    ['a list that claims to be approved', { type: 'list-picker' }, 'window'],
    ['a place', { status: 'unsubmitted', type: 'location' }, 'window'],
    ['rejected', { status: 'rejected' }, 'not_approved'],
    ['paused', { status: 'paused' }, 'not_approved'],
    ['disabled', { status: 'disabled' }, 'not_approved'],
    ['gone at Twilio', { gone: true }, 'gone'],
    ['a text of our own', { whatsapp: null, status: 'unsubmitted' }, 'window'],
  ]
  test.each(cases)('%s', (_, over, may) => {
    expect(sendable(kept(over), 'whatsapp')).toBe(may)
    expect(whyNot(kept(over), 'whatsapp', true)).toBe(may === 'always' || may === 'window' ? null : may)
    expect(whyNot(kept(over), 'whatsapp', false)).toBe(may === 'always' ? null : may)
  })
  test('by SMS whatever has a text', () => {
    expect(sendable(kept({ status: 'paused', gone: true }), 'sms')).toBe('always')
    expect(sendable(kept({ body: ' ' }), 'sms')).toBe('no_text')
  })
})

describe('values', () => {
  test.each<[string, ValueFault | null]>([
    ['Ana', null],
    ['cuatro    espacios', null],
    ['cinco     espacios', 'spaces'],
    ['dos\nlíneas', 'break'],
    ['otra\u2028línea', 'break'],
    ['un\ttabulador', 'break'],
    ['', 'empty'],
    [' \u200b ', 'empty'],
    ['a'.repeat(1024), null],
    ['a'.repeat(1025), 'long'],
  ])('%j: %s', (value, fault) => expect(valueFault(value)).toBe(fault))

  test('that are pasted become legal', () => {
    const { a } = tidyValues({ a: ' Av. Siempreviva 742\r\n\tSpringfield      1000 ' })
    expect(a).toBe('Av. Siempreviva 742 Springfield 1000')
    expect(valueFault(a ?? '')).toBeNull()
  })

  test('are taken from the caller, then from what is known, then from the template, and what was not given is named', () => {
    const template = kept({ body: '{{a}} {{b}} {{c}} {{d}}', defaults: { b: 'B', c: 'C' }, whatsapp: null })
    expect(fillValues(template, { a: 'ella' }, { a: 'no', b: 'sabido\n2', c: '' })).toEqual({
      values: { a: 'ella', b: 'sabido 2', c: 'C' },
      filled: ['b', 'c'],
    })
  })

  test('are needed for the text and for what Twilio’s content has beside it, each once', () => {
    expect(neededNames(kept({ body: 'Hola {{1}}', whatsapp: { contentSid: SID, variables: ['1', '2'] } }))).toEqual(['1', '2'])
  })

  test('go to Twilio by its own names, or ours in its order', () => {
    const whatsapp = { contentSid: SID, variables: ['hora', 'fecha'] }
    const values = { fecha: '5/12', hora: '9:00' }
    expect(contentOf(kept({ source: 'own', whatsapp }), values)).toEqual({ sid: SID, variables: { 1: '9:00', 2: '5/12' } })
    expect(contentOf(kept({ whatsapp }), values)).toEqual({ sid: SID, variables: { hora: '9:00', fecha: '5/12' } })
    expect(contentOf(kept({ whatsapp: null }), values)).toBeNull()
  })
})

describe('the language', () => {
  const all = ['en', 'es', 'es_AR', 'pt_BR'].map((language) => kept({ language }))
  const choose = (over: Partial<Parameters<typeof chooseLanguage>[1]>, from = all) =>
    chooseLanguage(from, { client: null, house: 'es', mayGo: (one) => one.status === 'approved', ...over })?.language
  test.each<[string, Parameters<typeof choose>[0], string | undefined]>([
    ['that is asked for', { asked: 'pt-br', client: 'es' }, 'pt_BR'],
    ['that is asked for and not there: none', { asked: 'fr' }, undefined],
    ['of the client', { client: 'en' }, 'en'],
    ['of the client, of whatever country', { client: 'pt' }, 'pt_BR'],
    ['of the house, where the client’s is not there', { client: 'fr', house: 'es_AR' }, 'es_AR'],
    ['that comes first, where neither is there', { client: 'fr', house: 'de' }, 'en'],
  ])('%s', (_, over, language) => expect(choose(over)).toBe(language))
  test('of one that may go before one that may not', () => {
    const some = [kept({ language: 'en', status: 'paused' }), kept({ language: 'es' })]
    expect(choose({ client: 'en' }, some)).toBe('es')
    expect(choose({ client: 'en' }, [kept({ language: 'en', status: 'paused' })]), 'none may: to say why').toBe('en')
  })
})

describe('what Twilio lists', () => {
  const listed = (over: Partial<TemplateInput> = {}): TemplateInput => ({ ...kept(), status: 'paused', category: 'MARKETING', ...over })
  const other = { contentSid: `${SID.slice(0, -1)}2`, variables: ['1'] }
  test('is new', () => expect(joinListed(null, listed())).toEqual(listed()))
  test('changes the state of ours and nothing else', () => {
    const ours = kept({ source: 'own', body: 'Hola {{nombre}}.', whatsapp: { contentSid: SID, variables: ['nombre'] }, quality: 'green' })
    expect(joinListed(ours, listed())).toMatchObject({
      body: ours.body,
      source: 'own',
      status: 'paused',
      category: 'MARKETING',
      quality: 'green',
    })
  })
  test('leaves ours of another content, or of none, alone', () => {
    expect(joinListed(kept({ source: 'own', whatsapp: other }), listed())).toBeNull()
    expect(joinListed(kept({ source: 'own', whatsapp: null }), listed())).toBeNull()
  })
  test('replaces its own, with the quality that only events tell, and brings back what was gone', () => {
    expect(joinListed(kept({ gone: true, quality: 'yellow' }), listed({ body: 'Otro {{1}}.' }))).toMatchObject({
      body: 'Otro {{1}}.',
      gone: false,
      quality: 'yellow',
    })
  })
  test('of two contents of one name an approved one stands', () => {
    expect(joinListed(kept({ whatsapp: other }), listed())).toBeNull()
    expect(joinListed(kept({ whatsapp: other, status: 'pending' }), listed({ status: 'approved' }))).toMatchObject({ status: 'approved' })
    expect(joinListed(kept({ whatsapp: other, gone: true }), listed())).toMatchObject({ whatsapp: { contentSid: SID } })
  })
  test('that is the same as before changes nothing, whatever the order of its defaults', () => {
    expect(isSameTemplate(kept({ defaults: { a: '1', b: '2' } }), kept({ defaults: { b: '2', a: '1' } }))).toBe(true)
    for (const over of [
      { body: 'x' },
      { status: 'paused' },
      { quality: 'red' },
      { gone: true },
      { defaults: { a: '1' } },
      { buttons: 1 },
    ] as const)
      expect(isSameTemplate(kept(), kept(over)), JSON.stringify(over)).toBe(false)
  })
})

describe('an event of Twilio', () => {
  const told = (over: object = {}) => ({ contentSid: SID, kind: 'status', value: 'paused', at: 5, ...over }) as const
  const take = (before: TemplateRecord | null, over: object = {}) => takeEvent(before, told(over) as Parameters<typeof takeEvent>[1])
  test.each([
    ['is taken, whatever its case', kept(), { value: 'Paused' }, { status: 'paused', toldAt: { status: 5 } }],
    [
      'takes the rejection off',
      kept({ status: 'rejected', rejection: 'x' }),
      { value: 'approved' },
      { status: 'approved', rejection: null },
    ],
    ['of one kind leaves what was told of another', kept({ toldAt: { category: 9 } }), {}, { toldAt: { category: 9, status: 5 } }],
    ['tells the category', kept(), { kind: 'category', value: 'marketing' }, { category: 'MARKETING', status: 'approved' }],
    ['tells the quality', kept(), { kind: 'quality', value: 'RED' }, { quality: 'red' }],
  ] as const)('%s', (_, before, over, after) => expect(take(before, over)).toMatchObject(after))
  test.each([
    ['of a template that is not there', null, {}],
    ['of another content', kept(), { contentSid: 'HX2' }],
    ['that was told before', kept({ toldAt: { status: 5 } }), {}],
    ['that is older', kept({ toldAt: { status: 6 } }), {}],
    ['in a word that nobody knows', kept(), { value: 'on_holiday' }],
  ] as const)('%s changes nothing', (_, before, over) => expect(take(before, over)).toBeNull())
})
