import { describe, expect, test } from 'vitest'
import { formText } from '../../server/twilio/form-text.ts'

const byLabels = {
  pages: [
    {
      id: 'p1',
      title: 'Tu visita',
      items: [
        { label: 'Nombre', type: 'TEXT', value: 'Sofía' },
        { name: 'dia', value: '2026-12-02' },
      ],
    },
    {
      id: 'p2',
      title: 'Detalles',
      items: [
        { label: 'Servicios', value: ['Corte', 'Color'] },
        { label: 'Acepto', value: true },
      ],
    },
  ],
}
const byNames = {
  flow_token: 'secreto',
  screen_0_Fecha_de_ingreso_0: '2 de diciembre',
  screen_1_Turno_1: '0_Mañana',
  name: 'Sofía',
  notes: '',
}

describe('a form that a client filled in', () => {
  test('reads as lines: by its labels where they are told', () => {
    const lines = 'Nombre: Sofía\ndia: 2026-12-02\nServicios: Corte, Color\nAcepto: ✓'
    expect(formText(JSON.stringify(byLabels), JSON.stringify(byNames))).toBe(lines)
  })
  test('else by the names of its fields, without what is for machines and what is empty', () => {
    const lines = 'Fecha de ingreso: 2 de diciembre\nTurno: Mañana\nname: Sofía'
    expect(formText(undefined, JSON.stringify(byNames))).toBe(lines)
    expect(formText('{}', JSON.stringify(byNames))).toBe(lines)
    expect(formText('no es JSON', JSON.stringify(byNames))).toBe(lines)
  })
  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['no JSON', '{'],
    ['nothing filled in', '{"pages":[{"title":"x","items":[]}]}'],
    ['a null', 'null'],
    ['only what is for machines', '{"flow_token":"x"}'],
    ['depth without end', `${'['.repeat(5_000)}1${']'.repeat(5_000)}`],
  ])('of %s there is none', (_, text) => {
    expect(formText(text, undefined)).toBeNull()
  })
  test('is cut where it is too much: lines, and what stands in one', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`campo ${index}`, 'x'.repeat(600)]))
    const lines = formText(undefined, JSON.stringify(many))?.split('\n') ?? []
    expect(lines).toHaveLength(60)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(220)
  })
})
