// The values that a template's form knows by itself: from the page, the record, the client and the agent.
import { type KnownFacts, knownValue } from '../../../shared/known-values.ts'
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { formatTime, type Zone } from '../../locales/format.ts'
import { formatDayLong } from '../cards/format-day-long.ts'

export interface Known {
  /** Of the host's record; it wins over all that is not typed. */
  record: Readonly<Record<string, string>>
  /** Of the host's page; they win over what is guessed by the variable's name. */
  page: Readonly<Record<string, string>>
  conversation: OwnConversation
  /** Of agent and organization. */
  names: Pick<KnownFacts, 'agentName' | 'senderName' | 'organizationName'>
  zone: Zone
}

/** A value for every variable; empty where nothing is known. */
export function templateValues(template: Template, given: Readonly<Record<string, string>>, known: Known): Record<string, string> {
  const { record, page, conversation, names, zone } = known
  const { contact, coordination } = conversation
  const startsAt = coordination?.startsAt ?? null
  const facts = {
    data: [record, page],
    contactName: contact.name,
    ...names,
    title: coordination?.title ?? '',
    day: startsAt === null ? '' : formatDayLong(zone, startsAt),
    time: startsAt === null ? '' : formatTime(zone, startsAt),
  }
  return Object.fromEntries(
    template.variables.map((name) => [name, given[name] ?? (knownValue(name, facts) || template.defaults[name] || '')]),
  )
}
