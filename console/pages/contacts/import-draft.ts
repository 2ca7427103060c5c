// An import while it is prepared: which column is what, and the call that it becomes.
import { type ImportField, matchColumns } from '../../../shared/import-columns.ts'

/** What a column of contacts may be, in the order in which people look for them. */
export const importFields = [
  'phone',
  'name',
  'lastName',
  'whatsapp',
  'sms',
  'externalId',
  'tags',
  'optedOut',
  'optedOutAt',
  'consentAt',
  'consentSource',
] as const satisfies readonly ImportField[]
export type ContactField = (typeof importFields)[number]

/** What each column is: a field, a detail of the contact by the name of its column, or nothing that is taken. */
export type Chosen = (ContactField | 'detail' | 'none')[]

const isField = (one: Chosen[number]): one is ContactField => one !== 'detail' && one !== 'none'

/** As the server itself would take them. */
export function guessColumns(header: readonly string[]): Chosen {
  // Of two columns of one name the first: the server takes neither, and says so when it is tried.
  const names = header.map((name, at) => (header.indexOf(name) === at ? name : ''))
  const matched = matchColumns(names, { fields: importFields, oneOf: importFields })
  const chosen: Chosen = header.map((name) => (name.trim() === '' ? 'none' : 'detail'))
  if ('columns' in matched) for (const [field, index] of matched.columns.at) chosen[index] = field
  return chosen
}

/** `doubled`: a field that two columns are; `none`: no column says who it is. */
export function chosenFault(chosen: Chosen): { doubled: ContactField } | 'none' | null {
  const fields = chosen.filter(isField)
  const doubled = fields.find((field, at) => fields.indexOf(field) !== at)
  if (doubled !== undefined) return { doubled }
  const says: readonly ContactField[] = ['phone', 'whatsapp', 'sms', 'externalId']
  return says.some((field) => fields.includes(field)) ? null : 'none'
}

/** As the call takes it: the head of the column of each field, empty where none is it whatever its head says; and which are details. */
export function importQuery(header: readonly string[], chosen: Chosen, dryRun: boolean): Record<string, string> {
  const columns = Object.fromEntries(importFields.map((field) => [field, header[chosen.indexOf(field)] ?? '']))
  const details = header.filter((_, at) => chosen[at] === 'detail')
  return {
    columns: JSON.stringify(columns),
    attributes: chosen.includes('none') ? details.join(',') : '*',
    ...(dryRun ? { dryRun: '1' } : {}),
  }
}

export interface ImportDone {
  created: number
  updated: number
  unchanged: number
  failed: number
  /** The first of them. */
  faults: { line: number; message: string }[]
}

/** A table for whoever mends the file. */
export function faultsAsCsv(faults: ImportDone['faults'], heads: readonly [line: string, message: string]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [heads.join(','), ...faults.map(({ line, message }) => `${line},${cell(message)}`)].map((row) => `${row}\r\n`).join('')
}
