// An agent's sentences against the record: which sentences are held, by what the record says, and which are not.
import { describe, expect, test } from 'vitest'
import { findContradiction } from '../../widget/panel/checking/find-contradiction.ts'
import type { RecordFacts } from '../../widget/panel/checking/facts.ts'

/** Friday 12 March 2027, 21:00 there; it is Monday 23 November 2026, 10:45. */
const wedding: RecordFacts = {
  title: 'Casamiento Herrera–Paz',
  name: 'Sofía Herrera',
  startsAt: '2027-03-13T00:00:00.000Z',
  values: {
    saldo: 960000,
    cuota: '$ 480.000',
    invitados: 120,
    vencimiento: '2026-12-10',
    pruebaDeMenu: '2026-11-24T22:00:00.000Z',
    ceremonia: '20:15',
    novio: 'Juan Paz',
  },
}
/** Thursday 26 November 2026, 10:30 there. */
const visit: RecordFacts = {
  title: 'Check-up',
  name: 'John Smith',
  startsAt: '2026-11-26T13:30:00.000Z',
  values: { balance: 1250.5, totalPrice: 3000 },
}
const viagem: RecordFacts = {
  title: 'Viagem a Natal',
  name: 'João Silva',
  startsAt: '2026-12-20T12:00:00.000Z',
  values: { parcela: 890, total: 'R$ 5.340,00' },
}

const place = (locale: string) => ({ timezone: 'America/Argentina/Buenos_Aires', locale, now: Date.parse('2026-11-23T13:45:00.000Z') })

/** `null`: it is not held. Else what the record says. */
const table: ['es' | 'en' | 'pt', RecordFacts, string, string | null][] = [
  // Amounts.
  ['es', wedding, 'El saldo es de $ 960.000', null],
  ['es', wedding, 'El saldo es de $ 980.000', '$ 960.000'],
  ['es', wedding, 'El saldo es $690.000, sin intereses', '$ 960.000'],
  ['es', wedding, 'Te queda un saldo de $ 96.000', '$ 960.000'],
  ['es', wedding, 'Quedan dos cuotas de $ 480.000.', null],
  ['es', wedding, 'Son $ 480.000 de cuota', null],
  ['es', wedding, 'Son $ 500.000 de cuota', '$ 480.000'],
  ['es', wedding, 'La cuota es de 480.000 pesos', null],
  ['es', wedding, 'La cuota es de 408.000 pesos', '480.000'],
  ['es', wedding, 'La barra son $ 95.000 más', null],
  ['es', wedding, 'Cada torta sale $ 35.500', null],
  ['es', wedding, 'Pagaste $ 100.000; el saldo queda en $ 960.000', null],
  ['es', wedding, 'El saldo pasa de $ 980.000 a $ 960.000', '$ 960.000'],
  ['es', wedding, 'Son $ 960 mil en total', null],
  ['es', wedding, 'Confirmo: $ 906.000 y listo', '$ 960.000'],
  ['es', wedding, 'La seña fue de US$ 200', null],
  ['es', wedding, 'Van a ser 130 invitados', null],
  ['en', visit, 'Your balance is $1,250.50', null],
  ['en', visit, 'Your balance is $1,205.50', '$ 1,250.5'],
  ['en', visit, 'The total price is $3,000', null],
  ['en', visit, 'The total price is $300', '$ 3,000'],
  ['en', visit, 'Parking costs $12', null],
  ['pt', viagem, 'A parcela é de R$ 890,00', null],
  ['pt', viagem, 'A parcela é de R$ 980,00', 'R$ 890'],
  ['pt', viagem, 'O total fica em R$ 5.340', null],
  ['pt', viagem, 'O total fica em R$ 5.430', 'R$ 5.340'],
  ['pt', viagem, 'O almoço custa 60 reais', null],
  // Days.
  ['es', wedding, 'Tu evento es el 12 de marzo', null],
  ['es', wedding, 'Tu evento es el 13 de marzo', 'viernes 12 de marzo'],
  ['es', wedding, 'Tu evento es el viernes 12 de marzo', null],
  ['es', wedding, 'Te esperamos el jueves 12 de marzo', 'viernes 12 de marzo'],
  ['es', wedding, 'La fiesta es el 12/3', null],
  ['es', wedding, 'La fiesta es el 12/03/2027 a las 21', null],
  ['es', wedding, 'La fiesta es el 21/3', 'viernes 12 de marzo'],
  ['es', wedding, 'El contrato lo firmamos el 5 de marzo', null],
  ['es', wedding, 'Armamos el salón el 11 de marzo', null],
  ['es', wedding, 'La cuota vence el 10 de diciembre', null],
  ['es', wedding, 'La cuota vence el 12 de diciembre', 'jueves 10 de diciembre'],
  ['es', wedding, 'Mañana es la prueba de menú, 19 h. Te esperamos.', null],
  ['es', wedding, 'La prueba de menú es el jueves', 'martes 24 de noviembre'],
  ['es', wedding, 'La prueba de menú es hoy', 'martes 24 de noviembre'],
  ['es', wedding, 'Mañana a la mañana te llamo', null],
  ['es', wedding, 'Atendemos 24/7', null],
  ['es', wedding, 'Nos vemos el viernes', null],
  ['en', visit, 'See you on Thursday, November 26', null],
  ['en', visit, 'See you on November 27', 'Thursday, November 26'],
  ['en', visit, 'Your appointment is on 11/26', null],
  ['en', visit, 'Your appointment is tomorrow', 'Thursday, November 26'],
  ['en', visit, 'Your appointment is on Friday', 'Thursday, November 26'],
  ['en', visit, 'I will send the invoice tomorrow', null],
  ['pt', viagem, 'Sua viagem é no dia 20 de dezembro', null],
  ['pt', viagem, 'Sua viagem é no dia 22 de dezembro', 'domingo, 20 de dezembro'],
  ['pt', viagem, 'O pagamento pode ser feito até 5 de dezembro', null],
  // Hours.
  ['es', wedding, 'La fiesta empieza a las 21', null],
  ['es', wedding, 'La fiesta empieza a las 9', null],
  ['es', wedding, 'La fiesta empieza a las 22', '21:00'],
  ['es', wedding, 'El 12 de marzo arrancamos 20 hs', '21 hs'],
  ['es', wedding, 'La ceremonia es a las 20:15 y la fiesta a las 21', null],
  ['es', wedding, 'La ceremonia es a las 20:45', '20:15'],
  ['es', wedding, 'La fiesta dura 6 horas', null],
  ['es', wedding, 'Para la fiesta te confirmo en 24 h', null],
  ['es', wedding, 'Te llamo a las 18', null],
  ['en', visit, 'Your appointment is at 10:30 am', null],
  ['en', visit, 'Your appointment is at 10:30 pm', '10:30'],
  ['en', visit, 'See you at 11', '10:30'],
  ['en', visit, 'We are open from 9 am to 5 pm', null],
  ['pt', viagem, 'A viagem começa às 9h', null],
  ['pt', viagem, 'A viagem começa às 8h', '9h'],
  // First names.
  ['es', wedding, 'Hola Sofía! Sí, se puede.', null],
  ['es', wedding, 'Hola Sofi, ¿cómo va?', null],
  ['es', wedding, 'Hola Martín, ¿cómo va?', 'Sofía'],
  ['es', wedding, 'Buen día, Valentina', 'Sofía'],
  ['es', wedding, 'Hola Juan, te paso el menú', null],
  ['es', wedding, 'Hola Buenas tardes', null],
  ['es', wedding, 'Hola! Te paso el contrato', null],
  ['es', wedding, 'Hola, soy Ana de Ágora', null],
  ['es', wedding, 'Gracias Martín por la foto', null],
  ['en', visit, 'Hi John, see you soon', null],
  ['en', visit, 'Dear Mary,', 'John'],
  ['en', visit, 'Hello there, how are you?', null],
  ['pt', viagem, 'Olá João, tudo bem?', null],
  ['pt', viagem, 'Oi Pedro, tudo bem?', 'João'],
  ['pt', viagem, 'Bom dia, tudo certo', null],
]

describe('the record checks what is written', () => {
  test('over sixty sentences, in three languages, held and not', () => {
    expect(table.length).toBeGreaterThanOrEqual(60)
    for (const locale of ['es', 'en', 'pt']) {
      const own = table.filter(([of]) => of === locale)
      expect([own.some(([, , , says]) => says === null), own.some(([, , , says]) => says !== null)]).toEqual([true, true])
    }
  })

  test.each(table)('%s %#: %s%s', (locale, facts, text, says) => {
    expect(findContradiction(text, facts, place(locale))?.says ?? null).toBe(says)
  })

  test('what is wrong is replaced in its place, and then nothing is held', () => {
    for (const [locale, facts, text] of table) {
      let now = text
      for (let turn = 0; turn < 4; turn++) {
        const found = findContradiction(now, facts, place(locale))
        if (!found) break
        now = now.slice(0, found.at) + found.says + now.slice(found.at + found.length)
      }
      expect(findContradiction(now, facts, place(locale)), now).toBeNull()
    }
  })

  test('a record that says nothing holds nothing', () => {
    const nothing: RecordFacts = { title: '', name: '+54 9 11 5555-0000', startsAt: null, values: {} }
    for (const [locale, , text] of table) expect(findContradiction(text, nothing, place(locale)), text).toBeNull()
  })

  test('data of any kind and texts of any length are read without harm', () => {
    const odd: RecordFacts = {
      title: '((( [x] \\d+ $&',
      name: '🎉',
      startsAt: 'mañana',
      values: { '(.*)+': '9'.repeat(2000), __proto__: null, 'saldo[': Number.NaN, total: Infinity, pagado: true, fecha: '2026-99-99' },
    }
    for (const text of ['$'.repeat(1600), '1.'.repeat(800), 'hola '.repeat(320), '12/12/'.repeat(266), `saldo ${'9'.repeat(1500)} pesos`])
      expect(() => findContradiction(text, odd, place('es'))).not.toThrow()
  })
})
