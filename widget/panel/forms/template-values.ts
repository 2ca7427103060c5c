// The values that a template's form knows by itself: from the page, the record, the client and the agent.
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { formatTime, type Zone } from '../../locales/format.ts'
import { firstName } from '../names.ts'
import { formatDayLong } from '../cards/format-day-long.ts'

export interface Known {
  /** Of the host's record; it wins over all that is not typed. */
  record: Readonly<Record<string, string>>
  /** Of the host's page; they win over what is guessed by the variable's name. */
  page: Readonly<Record<string, string>>
  conversation: OwnConversation
  agentName: string
  zone: Zone
}

/** A value for every variable; empty where nothing is known. */
export function templateValues(template: Template, given: Readonly<Record<string, string>>, known: Known): Record<string, string> {
  const { record, page, conversation, agentName, zone } = known
  const { contact, coordination } = conversation
  const startsAt = coordination?.startsAt ?? null
  const guesses: [RegExp, string][] = [
    [/^(nombre|name|nome|cliente|client|contacto|contact)$/i, /^[+\d]/.test(contact.name) ? '' : firstName(contact.name)],
    [/^(agente|agent|atendente|vendedor)$/i, firstName(agentName)],
    [/^(fecha|date|data|dia|día|day)$/i, startsAt === null ? '' : formatDayLong(zone, startsAt)],
    [/^(hora|time|hour|horario)$/i, startsAt === null ? '' : formatTime(zone, startsAt)],
    [/^(titulo|título|title|evento|event|turno|reserva|coordinacion|coordinación|record)$/i, coordination?.title ?? ''],
  ]
  const values: Record<string, string> = {}
  for (const name of template.variables)
    values[name] = given[name] ?? valueIn(record, name) ?? valueIn(page, name) ?? guesses.find(([pattern]) => pattern.test(name))?.[1] ?? ''
  return values
}

/** By its name, in whatever case and with whatever accents the host writes it. */
function valueIn(values: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(values, name)) return values[name]
  return Object.entries(values).find(([other]) => other.localeCompare(name, 'es', { sensitivity: 'base' }) === 0)?.[1]
}
