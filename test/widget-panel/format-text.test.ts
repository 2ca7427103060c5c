// Texts as WhatsApp shows them, by a table: what stands out, what is a list, what may be pressed, and what stays as it came.
import { describe, expect, test } from 'vitest'
import { formatText, type Inline } from '../../widget/panel/rich/format-text.ts'

/** `<strong>a</strong>` and the like, to be read. */
const write = (content: readonly Inline[]): string =>
  content
    .map((one) => {
      if (typeof one === 'string') return one
      return `<${one.tag}${one.href ? ` ${one.href}` : ''}>${write(one.content)}</${one.tag}>`
    })
    .join('')
const shown = (text: string) =>
  formatText(text)
    .map((block) => {
      if ('content' in block) return block.tag === 'span' ? write(block.content) : `<quote>${write(block.content)}</quote>`
      return `<${block.tag}${block.tag === 'ol' ? ` ${block.start}` : ''}>${block.items.map((item) => `<li>${write(item)}</li>`).join('')}</${block.tag}>`
    })
    .join('|')

describe('marks', () => {
  test.each([
    ['*negrita*', '<strong>negrita</strong>'],
    ['es _hoy_ a las 9', 'es <em>hoy</em> a las 9'],
    ['~$ 10~ $ 8', '<s>$ 10</s> $ 8'],
    ['*_las dos_*', '<strong><em>las dos</em></strong>'],
    ['*dos* y *dos*', '<strong>dos</strong> y <strong>dos</strong>'],
    ['(*sí*), dijo', '(<strong>sí</strong>), dijo'],
    ['`npm start`', '<code>npm start</code>'],
    ['```uno\n*dos*```', '<code>uno\n*dos*</code>'],
    ['*con `código * dentro` sí*', '<strong>con <code>código * dentro</code> sí</strong>'],
    ['*mirá https://a.example/b_c*', '<strong>mirá <a https://a.example/b_c>https://a.example/b_c</a></strong>'],
  ])('%j is %s', (text, wanted) => expect(shown(text)).toBe(wanted))

  test.each([
    '2*3*4',
    'mi_nombre_largo',
    'un * suelto *',
    'a * b * c',
    '*sin cerrar',
    '*de una línea\na otra*',
    '**',
    '``',
    '``````',
    '~',
    'snake_case y otro_mas',
    '<b>no es html</b> &amp; <script>alert(1)</script>',
    '*'.repeat(4000),
    '*a '.repeat(1300),
  ])('%.40j stays as it came', (text) => expect(shown(text)).toBe(text))
})

describe('lists and quotes', () => {
  test.each([
    ['Llevar:\n- DNI\n- *seña*', 'Llevar:|<ul><li>DNI</li><li><strong>seña</strong></li></ul>'],
    ['* uno\n* dos\nfin', '<ul><li>uno</li><li>dos</li></ul>|fin'],
    ['3. tres\n4. cuatro', '<ol 3><li>tres</li><li>cuatro</li></ol>'],
    ['* *', '<ul><li>*</li></ul>'],
    ['1) a', '<ol 1><li>a</li></ol>'],
    ['> dijo\n> esto\nsí', '<quote>dijo\nesto</quote>|sí'],
    ['-5 grados', '-5 grados'],
    ['19.30 hs', '19.30 hs'],
    ['-\n-', '-\n-'],
    ['uno\n\ndos', 'uno\n\ndos'],
  ])('%j is %s', (text, wanted) => expect(shown(text)).toBe(wanted))
})

describe('phone numbers', () => {
  test.each([
    ['Llamame al +54 9 11 5482-3391.', '+54 9 11 5482-3391', 'tel:+5491154823391'],
    ['(011) 4555-1234, por favor', '(011) 4555-1234', 'tel:01145551234'],
    ['es 11 5482 3391!', '11 5482 3391', 'tel:1154823391'],
    ['+5491154823391', '+5491154823391', 'tel:+5491154823391'],
    ['+1 (415) 523-8886?', '+1 (415) 523-8886', 'tel:+14155238886'],
  ])('%j can be called', (text, number, href) => expect(shown(text)).toContain(`<a ${href}>${number}</a>`))

  test.each([
    'Sale $ 1200300400 en total',
    'Sale $1200300400',
    'USD 4.850.000',
    'el 2026-11-24 1030',
    'el 24-11-2026 10 30',
    'CUIT 20-30123456-7',
    'CBU 0000003100012345678901',
    'DNI 30.123.456',
    'DNI 30123456',
    'de 10 a 12',
    'versión 1.2.3.4.5.6.7.8.9.10',
    'codigoABC1234567890',
    '100000000000000 %',
  ])('%j holds none', (text) => expect(shown(text)).not.toContain('tel:'))

  test('a number in a link stays the link’s', () => {
    expect(shown('https://wa.me/5491154823391')).toBe('<a https://wa.me/5491154823391>https://wa.me/5491154823391</a>')
  })
})
