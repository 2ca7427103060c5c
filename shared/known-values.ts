// The values of a template's variables that are known without asking: by their names, from the record, the client and the agent.
import type { Coordination } from './model.ts'

export interface KnownFacts {
  /** What the host says, as texts, the first that has a name first; it wins over what is guessed by the variable's name. */
  data: readonly Readonly<Record<string, string>>[]
  contactName: string
  agentName: string
  /** How the organization calls itself towards clients, and its own name. */
  senderName?: string | null
  organizationName?: string | null
  /** Of the record; empty: it has none. */
  title: string
  day: string
  time: string
}

export function knownValue(name: string, facts: KnownFacts): string | undefined {
  const { data, contactName, agentName, senderName, organizationName, title, day, time } = facts
  const guesses: [RegExp, string][] = [
    [/^(nombre|name|nome|cliente|client|contacto|contact)$/i, /^[+\d]/.test(contactName) ? '' : firstWord(contactName)],
    [/^(agente|agent|atendente|vendedor)$/i, firstWord(agentName)],
    [/^(empresa|negocio|remitente|company|business|sender|sendername|remetente)$/i, senderName || organizationName || ''],
    [/^(organizacion|organización|organization|organizacao|organização)$/i, organizationName || senderName || ''],
    [/^(fecha|date|data|dia|día|day)$/i, day],
    [/^(hora|time|hour|horario)$/i, time],
    [/^(titulo|título|title|evento|event|turno|reserva|coordinacion|coordinación|record)$/i, title],
  ]
  const said = data.map((one) => valueIn(one, name)).find((value) => value !== undefined)
  return said ?? guesses.find(([pattern]) => pattern.test(name))?.[1]
}

/** What of a record's data can stand in a text. */
export function textsOf(data: Coordination['data']): Record<string, string> {
  const known = Object.entries(data).filter(([, value]) => typeof value === 'string' || typeof value === 'number')
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]))
}

/** By its name, in whatever case and with whatever accents the host writes it. */
function valueIn(values: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(values, name)) return values[name]
  return Object.entries(values).find(([other]) => other.localeCompare(name, 'es', { sensitivity: 'base' }) === 0)?.[1]
}

const firstWord = (name: string): string => (/^\p{L}/u.test(name) ? (name.trim().split(/\s+/)[0] ?? name) : name)
