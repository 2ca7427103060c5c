// The chunk of what looks at a text before it goes: fetched as soon as one writes, with what the record says.
import type { Coordination, OwnConversation } from '../../../shared/model.ts'
import type { Client } from '../../client/client.ts'
import type { Context } from '../../client/panel.ts'
import { CheckLine } from './check-line.tsx'
import type { Contradiction, Place } from './facts.ts'
import { findContradiction } from './find-contradiction.ts'

export type Check = (text: string, conversation: OwnConversation, context: Context, place: Place) => Contradiction | null

/** The record as it is now. Where it cannot be read, what the conversation knows of it is enough. */
async function createCheck({ http }: Pick<Client, 'http'>, { coordinationId }: OwnConversation): Promise<Check> {
  const answer =
    coordinationId === null ? null : await http<Coordination>('GET', `/api/coordinations/${encodeURIComponent(coordinationId)}`)
  const data = answer?.ok ? (answer.data ?? {}) : {}
  return (text, { coordination, contact, ...conversation }, context, place) => {
    const isAboutIt = coordinationId !== null && context.coordinationId === coordinationId
    const known = conversation.coordinationId === coordinationId ? data : {}
    const values = { ...known, ...(isAboutIt ? context.variables : {}) }
    const { title = '', startsAt = null } = coordination ?? {}
    return findContradiction(text, { title, startsAt, name: contact.name, values }, place)
  }
}

export const checking = { CheckLine, createCheck }
