// What WhatsApp would refuse of a template, each rule at its limit and one beyond, and that each has words in every language.
import { describe, expect, test } from 'vitest'
import { templateFaultText, type TemplateRule, templateRules } from '../../shared/template-fault-texts.ts'
import { templateFaults } from '../../shared/template-faults.ts'
import { type TemplateSubmission, templateSubmission } from '../../shared/template-requests.ts'

const good: TemplateSubmission = {
  language: 'es',
  category: 'UTILITY',
  body: 'Hola {{nombre}}, te esperamos en el salón.',
  samples: { nombre: 'Ana' },
}
const found = (over: Partial<TemplateSubmission>, name = 'aviso') =>
  templateFaults(name, templateSubmission.parse({ ...good, ...over })).map(({ path, rule }) => `${path} ${rule}`)
const words = (count: number) => Array.from({ length: count }, () => 'voy').join(' ')
const reply = (text: string, over: object = {}) => ({ type: 'reply', text, ...over }) as const
const link = (url: string, text = 'Abrir') => ({ type: 'url', text, url }) as const
const call = (phone: string, text = 'Llamar') => ({ type: 'phone', text, phone }) as const
const seven = { 1: 'a', 2: 'b', 3: 'c', 4: 'd', 5: 'e', 6: 'f', 7: 'g' }

const codes = { category: 'AUTHENTICATION', body: '{{codigo}}', samples: { codigo: '918273' } } as const

const fine: [what: string, over: Partial<TemplateSubmission>, name?: string][] = [
  ['as it is', {}],
  ['a name of small letters, digits and _', {}, 'aviso_2'],
  ['a text of 1,024 characters', { body: 'a'.repeat(1024), samples: {} }],
  ['a text of 640 characters above a link', { body: 'a'.repeat(640), samples: {}, buttons: [link('https://x.example.com')] }],
  [
    'a long name of a variable, which is a number there',
    { body: `${'a '.repeat(505)}{{un_nombre_muy_largo}} fin`, samples: { un_nombre_muy_largo: 'x' } },
  ],
  ['one empty line', { body: 'Hola {{nombre}}.\n\nTe esperamos en el salón.' }],
  ['four spaces', { body: 'Hola {{nombre}},    te esperamos.' }],
  ['ten emojis, also of several signs', { body: `Hola {{nombre}}, te esperamos ${'👩‍👩‍👧🎉'.repeat(5)}` }],
  ['a sign behind the last variable', { body: 'Hola, te esperamos el {{dia}}.', samples: { dia: 'lunes' } }],
  ['a word between two variables', { body: 'Vení el {{dia}} a las {{hora}} y traé el documento.', samples: { dia: '1', hora: '2' } }],
  ['numbers without a gap, in any order', { body: 'Vení el {{2}} a las {{1}} y traé el documento.', samples: { 1: 'a', 2: 'b' } }],
  ['three words for one variable', { body: 'Hola señora {{nombre}}, venga' }],
  ['a header of 60 characters', { header: 'a'.repeat(60) }],
  ['a header with a variable', { header: 'Para {{nombre}}' }],
  ['a footer of 60 characters', { footer: 'a'.repeat(60) }],
  ['a picture', { media: 'https://x.example.com/a.JPG?x=1' }],
  ['a picture whose path is a variable', { media: 'https://x.example.com/{{foto}}', samples: { nombre: 'Ana', foto: 'a.png' } }],
  [
    'ten buttons, two of them links and one to call',
    {
      buttons: [...'abcdefg']
        .map((one) => reply(one))
        .concat([link('https://a.example.com', 'h'), link('https://b.example.com', 'i'), call('+5491133350001')] as never),
    },
  ],
  ['a button of 20 characters', { buttons: [reply('a'.repeat(20), { payload: 'p'.repeat(128) })] }],
  ['a link that ends in a variable', { buttons: [link('https://x.example.com/{{id}}')], samples: { nombre: 'Ana', id: '7' } }],
  ['a code: one variable, and nothing besides', { ...codes }],
  [
    'a code of 15 signs, with all that can be said of one',
    { ...codes, samples: { codigo: 'AB12-3456789012' }, code: { expiresInMinutes: 5, warning: false, button: 'a'.repeat(25) } },
  ],
]
test.each(fine)('nothing is said of %s', (_, over, name) => expect(found(over, name)).toEqual([]))

const wrong: [fault: string, over: Partial<TemplateSubmission>, name?: string][] = [
  ['name name_signs', {}, 'Aviso'],
  ['name name_signs', {}, 'aviso-1'],
  ['name name_signs', {}, 'avisó'],
  ['body body_long', { body: 'a'.repeat(1025), samples: {} }],
  ['body body_long', { body: 'a'.repeat(641), samples: {}, buttons: [call('+5491133350001')] }],
  ['body body_empty', { body: ' \n ', samples: {} }],
  ['body body_breaks', { body: 'Hola {{nombre}}.\n\n\nTe esperamos.' }],
  ['body body_breaks', { body: 'Hola {{nombre}}.\r\n \r\n\r\nTe esperamos.' }],
  ['body body_spaces', { body: 'Hola {{nombre}},     te esperamos.' }],
  ['body body_spaces', { body: 'Hola {{nombre}},\tte esperamos.' }],
  ['body emojis_many', { body: `Hola {{nombre}}, te esperamos ${'🎉'.repeat(11)}` }],
  ['body variable_first', { body: ' {{nombre}}, te esperamos hoy.' }],
  ['body variable_last', { body: 'Hoy te esperamos, {{nombre}} ' }],
  ['body variable_neighbours', { body: 'Vení el {{dia}} {{hora}} y traé el documento hoy.', samples: { dia: '1', hora: '2' } }],
  ['body variable_broken', { body: 'Hola {{nombre}, te esperamos hoy.', samples: {} }],
  ['body variable_broken', { body: 'Hola {{el nombre}}, te esperamos hoy.', samples: {} }],
  ['body variable_numbers', { body: 'Vení el {{1}} a las {{3}} y traé el documento.', samples: { 1: 'a', 3: 'b' } }],
  ['body variable_numbers', { body: 'Vení el {{1}} a las {{hora}} y traé el documento.', samples: { 1: 'a', hora: 'b' } }],
  ['body words_few', { body: 'Hola {{nombre}}, ¡vení!' }],
  ['body words_few', { body: `uno {{1}} dos {{2}} tres {{3}} ${words(3)}`, samples: seven }],
  ['samples.nombre sample_missing', { samples: {} }],
  ['samples.nombre sample_missing', { samples: { nombre: ' ' } }],
  ['samples.nombre sample_break', { samples: { nombre: 'Ana\nDíaz' } }],
  ['samples.nombre sample_spaces', { samples: { nombre: 'Ana     Díaz' } }],
  ['samples.nombre sample_long', { samples: { nombre: 'a'.repeat(1025) } }],
  ['defaults.nombre default_value', { defaults: { nombre: 'dos\nlíneas' } }],
  ['header header_long', { header: 'a'.repeat(61) }],
  ['header header_signs', { header: 'Dos\nlíneas' }],
  ['header header_signs', { header: '¡Fiesta 🎉!' }],
  ['header header_signs', { header: '*Fiesta*' }],
  ['header header_variables', { header: 'De {{nombre}} para {{otro}}', samples: { nombre: 'Ana', otro: 'Eva' } }],
  ['header header_with_media', { header: 'Fiesta', media: 'https://x.example.com/a.jpg' }],
  ['footer footer_long', { footer: 'a'.repeat(61) }],
  ['footer footer_signs', { footer: 'Fin 🎉' }],
  ['footer footer_variable', { footer: 'De {{nombre}}' }],
  ['media media_address', { media: 'foto.jpg' }],
  ['media media_address', { media: 'ftp://x.example.com/foto.jpg' }],
  ['media media_host', { media: 'https://{{foto}}.example.com/a.jpg', samples: { nombre: 'Ana', foto: 'x' } }],
  ['media media_kind', { media: 'https://x.example.com/foto.exe' }],
  ['buttons buttons_many', { buttons: [...'abcdefghijk'].map((one) => reply(one)) }],
  ['buttons links_many', { buttons: [1, 2, 3].map((n) => link(`https://x.example.com/${n}`, `Abrir ${n}`)) }],
  ['buttons phones_many', { buttons: [call('+5491133350001', 'Uno'), call('+5491133350002', 'Dos')] }],
  ['buttons buttons_mixed', { buttons: [reply('Sí'), link('https://x.example.com'), reply('No')] }],
  ['buttons.0.text button_long', { buttons: [reply('a'.repeat(21))] }],
  ['buttons.0.text button_signs', { buttons: [reply('Sí 🎉')] }],
  ['buttons.0.text button_signs', { buttons: [reply('Sí\nclaro')] }],
  ['buttons.0.text button_signs', { buttons: [reply('Sí {{nombre}}')] }],
  ['buttons.1.text button_twice', { buttons: [reply('Sí'), reply('Sí')] }],
  ['buttons.0.payload payload_long', { buttons: [reply('Sí', { payload: 'p'.repeat(129) })] }],
  ['buttons.0.phone button_phone', { buttons: [call('1133350001')] }],
  ['buttons.0.url button_address', { buttons: [link('javascript:alert(1)')] }],
  ['buttons.0.url address_variable', { buttons: [link('https://x.example.com/{{id}}/ver')], samples: { nombre: 'Ana', id: '7' } }],
  ['body code_alone', { ...codes, body: 'Tu código es {{codigo}}.' }],
  ['body code_alone', { ...codes, body: '{{codigo}} {{otro}}', samples: { codigo: '1', otro: '2' } }],
  ['body code_alone', { ...codes, body: 'Tu código', samples: {} }],
  ['header code_only', { ...codes, header: 'Código' }],
  ['footer code_only', { ...codes, footer: 'Ágora' }],
  ['media code_only', { ...codes, media: 'https://x.example.com/a.jpg' }],
  ['buttons code_only', { ...codes, buttons: [link('https://x.example.com')] }],
  ['defaults code_only', { ...codes, defaults: { codigo: '1' } }],
  ['samples.codigo code_sample', { ...codes, samples: {} }],
  ['samples.codigo code_sample', { ...codes, samples: { codigo: '1234567890123456' } }],
  ['samples.codigo code_sample', { ...codes, samples: { codigo: 'x.example.com' } }],
  ['samples.codigo code_sample', { ...codes, samples: { codigo: '91 82' } }],
  ['samples.codigo code_sample', { ...codes, samples: { codigo: '🎉' } }],
  ['code.button button_long', { ...codes, code: { button: 'a'.repeat(26) } }],
  ['code.button button_signs', { ...codes, code: { button: 'Copiar 🎉' } }],
  ['code.button button_signs', { ...codes, code: { button: '{{codigo}}' } }],
  ['code code_category', { code: { expiresInMinutes: 5 } }],
  ['name name_signs', { ...codes }, 'Código'],
]
describe('refused', () => {
  test.each(wrong)('%s', (fault, over, name) => expect(found(over, name)).toEqual([fault]))

  test('with every breach at once, each in its place', () => {
    expect(found({ body: '{{a}}{{b}}', samples: {}, footer: 'a'.repeat(61), buttons: [reply('🎉')] }, 'A B')).toEqual([
      ...['name name_signs', 'body variable_first', 'body variable_last', 'body variable_neighbours', 'body words_few'],
      ...['footer footer_long', 'buttons.0.text button_signs', 'samples.a sample_missing', 'samples.b sample_missing'],
    ])
  })

  test('with more than a hundred variables, for which there is hardly room', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `{{${at + 1}}}`).join('y')
    expect(found({ body: `a ${many(101)} b` })).toContain('body variables_many')
    expect(found({ body: `a ${many(100)} b` })).not.toContain('body variables_many')
  })

  test('by every rule that has words, and with words of its own in each language', () => {
    expect(new Set([...wrong.map(([fault]) => fault.split(' ')[1]), 'variables_many'])).toEqual(new Set<TemplateRule>(templateRules))
    for (const locale of ['es', 'en', 'pt'] as const) {
      const texts = templateRules.map((rule) => templateFaultText(locale, rule, 7))
      expect(new Set(texts).size).toBe(templateRules.length)
      expect(texts.join(' ')).not.toMatch(/\{most\}|undefined/)
    }
    expect(templateFaultText('es', 'body_long', 640)).toBe('El texto es muy largo: puede tener 640 caracteres.')
  })
})
