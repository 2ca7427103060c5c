// Which column of an imported table is what: as the caller says, else by the names that people give them.
import { foldText } from './fold-text.ts'

/** As heads of columns are written in Spanish, English and Portuguese; folded, letters and digits alone. The first that is there counts. */
const wellKnown = {
  phone: [
    ...['phone', 'phonenumber', 'telephone', 'mobile', 'mobilephone', 'cell', 'cellphone', 'tel', 'number', 'to'],
    ...['telefono', 'numerodetelefono', 'telefonomovil', 'celular', 'movil', 'numero', 'tel', 'telefone', 'telemovel', 'fone'],
  ],
  whatsapp: ['whatsapp', 'whatsappnumber', 'numerodewhatsapp', 'wa'],
  sms: ['sms', 'smsnumber', 'numerosms'],
  name: [
    ...['name', 'fullname', 'contactname', 'contact', 'client', 'customer', 'firstname'],
    ...['nombre', 'nombreyapellido', 'nombrecompleto', 'contacto', 'cliente', 'nome', 'nomecompleto', 'contato'],
  ],
  lastName: ['lastname', 'surname', 'familyname', 'apellido', 'apellidos', 'sobrenome', 'apelido'],
  externalId: ['externalid', 'clientid', 'customerid', 'contactid', 'id', 'idcliente', 'idexterno', 'codigo', 'codigodecliente'],
  tags: ['tags', 'tag', 'labels', 'etiquetas', 'etiqueta', 'marcadores'],
  optedOut: ['optedout', 'optout', 'unsubscribed', 'stop', 'baja', 'dadodebaja', 'descadastrado', 'optouts'],
  optedOutAt: ['optedoutat', 'optoutdate', 'unsubscribedat', 'since', 'fechadebaja', 'datadedescadastro'],
  optedOutScope: ['scope', 'optoutscope', 'alcance', 'alcancedelabaja'],
  consentAt: ['consentat', 'consentdate', 'optinat', 'optindate', 'fechadeconsentimiento', 'consentimiento', 'datadoconsentimento'],
  consentSource: ['consentsource', 'optinsource', 'origendelconsentimiento', 'fuentedelconsentimiento', 'origemdoconsentimento'],
  channel: ['channel', 'canal'],
  sender: ['sender', 'from', 'remitente', 'remetente'],
  address: ['address', 'direccionwhatsapp'],
  coordinationId: ['coordinationid', 'recordid'],
  // A variable may well be called `mensaje`: the whole text is what is called so in English, or what the caller says.
  text: ['text'],
} as const

export type ImportField = keyof typeof wellKnown

/** Said by the caller: the head of the column that holds a field. */
export type ColumnMapping<Field extends ImportField> = Partial<Record<Field, string>>

export interface WantedColumns<Field extends ImportField> {
  fields: readonly Field[]
  mapping?: ColumnMapping<Field> | undefined
  /** At least one of these must be there. */
  oneOf: readonly Field[]
}

export interface Columns<Field extends ImportField> {
  /** Where each field stands that is there. */
  at: Map<Field, number>
  /** Columns that are no field, by their heads. */
  others: { name: string; index: number }[]
}

export interface ColumnFault {
  /** The field that it is about; empty: the first line itself. */
  field: string
  message: string
}

/** `Teléfono móvil` is `telefonomovil`. */
export const headKey = (head: string): string => foldText(head).replace(/[^\p{L}\p{N}]/gu, '')

export function matchColumns<Field extends ImportField>(
  heads: readonly string[],
  { fields, mapping = {}, oneOf }: WantedColumns<Field>,
): { columns: Columns<Field> } | { faults: ColumnFault[] } {
  const names = heads.map((head) => head.trim())
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twice !== undefined) return { faults: [{ field: '', message: `has two columns called "${shown(twice)}"` }] }
  const faults: ColumnFault[] = []
  const at = new Map<Field, number>()
  for (const field of fields) {
    const said = mapping[field]?.trim()
    // Empty: no column is it, whatever its head says.
    if (said === undefined || said === '') continue
    const index = names.findIndex((name) => name === said || headKey(name) === headKey(said))
    if (index < 0) faults.push({ field, message: `there is no column "${shown(said)}"; there are: ${names.map(shown).join(', ')}` })
    else at.set(field, index)
  }
  const keys = names.map(headKey)
  for (const field of fields) {
    if (mapping[field] !== undefined) continue
    const index = findKnown(field, keys, new Set(at.values()))
    if (index >= 0) at.set(field, index)
  }
  if (faults.length === 0 && !oneOf.some((field) => at.has(field)))
    faults.push({ field: '', message: `names no column for ${oneOf.join(' or ')}; there are: ${names.map(shown).join(', ')}` })
  if (faults.length > 0) return { faults }
  const taken = new Set(at.values())
  const others = names.flatMap((name, index) => (name === '' || taken.has(index) ? [] : [{ name, index }]))
  return { columns: { at, others } }
}

function findKnown(field: ImportField, keys: readonly string[], taken: ReadonlySet<number>): number {
  for (const known of wellKnown[field]) {
    const index = keys.indexOf(known)
    if (index >= 0 && !taken.has(index)) return index
  }
  return -1
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
