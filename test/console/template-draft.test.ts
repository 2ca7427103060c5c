// A template while it is written: what is asked for, what is told, what typing makes of names and variables.
import { describe, expect, test } from 'vitest'
import {
  charsOf,
  type Draft,
  draftFaults,
  draftFrom,
  freeVariable,
  nameFrom,
  newButton,
  newDraft,
  submissionOf,
  variablesOf,
  withVariable,
} from '../../console/pages/templates/draft.ts'
import { templateSubmission } from '../../shared/template-requests.ts'

const draft = (over: Partial<Draft> = {}): Draft => ({
  ...newDraft('es_AR'),
  name: 'aviso',
  body: 'Hola {{nombre}}, te esperamos en el salón.',
  samples: { nombre: 'Ana' },
  ...over,
})
const told = (over: Partial<Draft>) => draftFaults(draft(over)).map(({ path, rule }) => `${path} ${rule}`)

describe('what is asked for', () => {
  test.each<[string, Partial<Draft>]>([
    ['a text', {}],
    ['all that it may have', { top: 'text', header: 'Turno', footer: 'Salón', buttons: [{ ...newButton('reply'), text: 'Sí' }] }],
    ['a file', { top: 'media', media: 'https://x.example.com/a.jpg' }],
    ['a code', { category: 'AUTHENTICATION', body: '{{codigo}}', samples: { codigo: '123' }, expiresInMinutes: '5' }],
  ])('%s is well formed and without a fault', (_what, over) => {
    expect(draftFaults(draft(over))).toEqual([])
    expect(templateSubmission.safeParse(submissionOf(draft(over))).success).toBe(true)
  })
  test('holds nothing of what was written and is not chosen any more', () => {
    const left = draft({ top: 'none', header: 'Turno', media: 'https://x.example.com/a.jpg', samples: { nombre: 'Ana', viejo: 'x' } })
    expect(submissionOf(left)).toEqual({
      language: 'es_AR',
      category: 'UTILITY',
      body: left.body,
      samples: { nombre: 'Ana' },
    })
    const code = { category: 'AUTHENTICATION', body: '{{c}}', footer: 'Pie', buttons: [newButton('reply')], samples: { c: '1' } } as const
    expect(submissionOf(draft({ ...code, buttons: [...code.buttons] }))).not.toHaveProperty('footer')
  })
  test('variables are those of all its texts', () => {
    const link = { ...newButton('url'), text: 'Ver', url: 'https://x.example.com/{{id}}' }
    expect(variablesOf(draft({ top: 'text', header: 'Hola {{quien}}', buttons: [link] }))).toEqual(['quien', 'nombre', 'id'])
  })
})

describe('what is told', () => {
  test.each<[string, Partial<Draft>, string[]]>([
    [
      'a button without words says only that',
      { buttons: [newButton('reply'), newButton('reply')] },
      ['buttons.0.text empty', 'buttons.1.text empty'],
    ],
    ['a header without words', { top: 'text' }, ['header empty']],
    ['a language that is none', { language: 'español' }, ['language language']],
    [
      'minutes of a code',
      { category: 'AUTHENTICATION', body: '{{c}}', samples: { c: '1' }, expiresInMinutes: '91' },
      ['code.expiresInMinutes minutes'],
    ],
    ['a sample that is missing', { samples: {} }, ['samples.nombre sample_missing']],
    ['what the server would say', { body: '{{nombre}} hola a todos los demás' }, ['body variable_first']],
  ])('%s', (_what, over, faults) => expect(told(over)).toEqual(faults))
})

test('a name becomes what WhatsApp takes of it', () => {
  expect(nameFrom('Turno Mañana  Nº 2')).toBe('turno_manana_n_2')
})

test('signs are counted as at WhatsApp, and links leave room for fewer', () => {
  expect(charsOf(draft({ body: 'Hola {{un_nombre_muy_largo}} y {{otro}}' }))).toEqual({ used: 'Hola {{1}} y {{2}}'.length, most: 1024 })
  expect(charsOf(draft({ buttons: [newButton('url')] })).most).toBe(640)
})

test('a variable goes where the cursor stands, by a name that is free', () => {
  expect(withVariable('Hola , chau', 'nombre', 5, 5)).toEqual({ text: 'Hola {{nombre}}, chau', at: 15 })
  expect(freeVariable(['nombre', 'nombre_2'], 'nombre')).toBe('nombre_3')
})

test('another one to begin with', () => {
  expect(draftFrom({ language: 'pt_BR', body: 'Olá.', category: 'NEW_ONE', defaults: { a: 'b' } })).toMatchObject({
    language: 'pt_BR',
    category: 'UTILITY',
    body: 'Olá.',
    samples: { a: 'b' },
    name: '',
  })
})
