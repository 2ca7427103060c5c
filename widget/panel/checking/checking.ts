// The chunk of what looks at a text before it goes: fetched as soon as one writes, with what the record says.
import { useEffect } from 'preact/hooks'
import type { Coordination, OwnConversation } from '../../../shared/model.ts'
import type { Client } from '../../client/client.ts'
import type { Context } from '../../client/panel.ts'
import { useShared } from '../shared-state.ts'
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

/** The record's data is asked for as one begins to write, and is there when one sends. `onCheck`: with null, it is over. */
function Checker({ conversation, onCheck }: { conversation: OwnConversation; onCheck(check: Check | null): void }): null {
  const { client } = useShared()
  useEffect(() => {
    let isOver = false
    void createCheck(client, conversation).then((made) => {
      if (!isOver) onCheck(made)
    })
    return () => {
      isOver = true
      onCheck(null)
    }
  }, [])
  return null
}

export const checking = { Checker, CheckLine }
