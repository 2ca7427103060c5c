import { describe, expect, test } from 'vitest'
import { type ColumnMapping, type ImportField, matchColumns } from '../../shared/import-columns.ts'

const fields = ['phone', 'whatsapp', 'name', 'lastName', 'externalId', 'tags', 'optedOut'] as const satisfies ImportField[]
type Field = (typeof fields)[number]

const match = (heads: string[], mapping?: ColumnMapping<Field>, oneOf: readonly Field[] = ['phone', 'whatsapp']) => {
  const matched = matchColumns(heads, { fields, mapping, oneOf })
  if ('faults' in matched) return matched.faults.map(({ field, message }) => `${field}: ${message}`)
  const { at, others } = matched.columns
  return { ...Object.fromEntries([...at].map(([field, index]) => [field, heads[index]])), others: others.map(({ name }) => name) }
}

describe('columns', () => {
  test.each<[string, string[], ColumnMapping<Field> | undefined, unknown]>([
    ['Spanish', ['Nombre', 'Teléfono'], undefined, { name: 'Nombre', phone: 'Teléfono', others: [] }],
    ['English', ['Full Name', 'phone_number', 'Tags'], undefined, { name: 'Full Name', phone: 'phone_number', tags: 'Tags', others: [] }],
    ['Portuguese', ['NOME', 'Telefone', 'Sobrenome'], undefined, { name: 'NOME', phone: 'Telefone', lastName: 'Sobrenome', others: [] }],
    ['spaces and marks', [' Teléfono  móvil ', 'E-mail'], undefined, { phone: ' Teléfono  móvil ', others: ['E-mail'] }],
    ['two for one field: the better known', ['Celular', 'Phone'], undefined, { phone: 'Phone', others: ['Celular'] }],
    ['the caller says', ['A', 'B', 'Phone'], { phone: 'B' }, { phone: 'B', others: ['A', 'Phone'] }],
    [
      'the caller says it without accents',
      ['Móvil de casa', 'Phone'],
      { phone: 'movil de casa' },
      { phone: 'Móvil de casa', others: ['Phone'] },
    ],
    ['a column without a head', ['', 'Phone', ''], undefined, { phone: 'Phone', others: [] }],
    ['the caller says that no column is it', ['Nombre', 'Phone'], { name: '' }, { phone: 'Phone', others: ['Nombre'] }],
    ['what the caller took is not another field', ['id', 'Phone'], { name: 'id' }, { phone: 'Phone', name: 'id', others: [] }],
    ['one of several', ['WhatsApp'], undefined, { whatsapp: 'WhatsApp', others: [] }],
    ['none', ['Nombre', 'Mail'], undefined, [': names no column for phone or whatsapp; there are: Nombre, Mail']],
    ['no head', ['+5491122334455', 'Ana'], undefined, [': names no column for phone or whatsapp; there are: +5491122334455, Ana']],
    ['twice', ['Phone', 'Nota', 'Nota'], undefined, [': has two columns called "Nota"']],
    ['a column that is not there', ['Phone'], { name: 'Nombre' }, ['name: there is no column "Nombre"; there are: Phone']],
  ])('%s', (_, heads, mapping, expected) => {
    expect(match(heads, mapping)).toEqual(expected)
  })
})
